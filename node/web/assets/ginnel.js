// SPDX-License-Identifier: Apache-2.0
// What the pages do better with a script. Without it everything works: "check again" is a link.
import { initAll } from "/assets/govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const view = document.getElementById("case-view");
if (view && view.dataset.events) watch(view);

const inbox = document.getElementById("notices");
if (inbox && inbox.dataset.inboxEvents) watchInbox(inbox);

// The stream only says that there is something to look at; the page itself decides and records what it shows.
function watchInbox(list) {
  const source = new EventSource(list.dataset.inboxEvents);
  source.addEventListener("notices", async () => {
    const answer = await fetch(location.pathname, { cache: "no-store", credentials: "same-origin" });
    if (answer.redirected) return location.reload();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("notices");
    if (!fresh) return;
    list.replaceChildren(...fresh.childNodes);
    document.getElementById("live-status").textContent = "The list was brought up to date.";
  });
  source.addEventListener("closed", () => source.close());
}

// Late parts of an open case view. The stream only says that something changed: what is shown comes from the page
// itself, which decides and records each showing.
function watch(view) {
  const status = document.getElementById("live-status");
  let source = null;
  let isFetching = false;
  let isWanted = false;

  function open() {
    if (source || !view.dataset.events) return;
    source = new EventSource(view.dataset.events);
    source.addEventListener("changed", refresh);
    source.addEventListener("closed", () => {
      close();
      delete view.dataset.events;
      refresh();
    });
  }
  function close() {
    if (source) source.close();
    source = null;
  }

  async function refresh() {
    if (isFetching) {
      isWanted = true;
      return;
    }
    isFetching = true;
    try {
      const answer = await fetch(location.pathname, { cache: "no-store", credentials: "same-origin" });
      if (answer.redirected || answer.status === 404) return location.reload(); // signed out, or the view is over
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      status.textContent = "This page could not be brought up to date. Check again.";
    } finally {
      isFetching = false;
      if (isWanted) {
        isWanted = false;
        refresh();
      }
    }
  }

  function show(page) {
    const fresh = page.getElementById("case-view");
    if (!fresh) return;
    const known = new Set([...view.querySelectorAll("[data-entry]")].map((each) => each.dataset.entry));
    for (const part of view.querySelectorAll("[data-live]")) {
      const other = page.getElementById(part.id);
      if (other && other.innerHTML !== part.dataset.served) swap(part, other);
    }
    for (const entry of view.querySelectorAll("[data-entry]"))
      if (!known.has(entry.dataset.entry)) entry.classList.add("ginnel-new");
    if (!fresh.dataset.events) {
      close();
      delete view.dataset.events;
    } else if (view.dataset.events) {
      view.dataset.events = fresh.dataset.events;
    }
    const words = document.getElementById("completeness");
    if (words) status.textContent = "This view was brought up to date. " + words.textContent.trim();
  }

  // The reader stays where they are: what had the focus has it again, and what was unfolded stays so.
  function swap(part, other) {
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const unfolded = [...part.querySelectorAll("details[open]")].map((each) => each.id);
    part.dataset.served = other.innerHTML;
    part.replaceChildren(...other.childNodes);
    for (const id of unfolded) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    const again = focused ? document.getElementById(focused) : null;
    if (again) again.focus({ preventScroll: true });
  }

  for (const part of view.querySelectorAll("[data-live]")) part.dataset.served = part.innerHTML;
  // A hidden page gives its connection back: a browser has few for one host.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
}
