// SPDX-License-Identifier: Apache-2.0
#include "federation/ask/ask_engine.h"

#include <algorithm>
#include <utility>

namespace ginnel {
namespace {

// The first page's part with the items of all pages, in order.
Answer merge(std::vector<std::optional<Answer>>& pages) {
  Answer whole = std::move(*pages.front());
  for (std::size_t i = 1; i < pages.size(); ++i)
    std::move(pages[i]->items.begin(), pages[i]->items.end(), std::back_inserter(whole.items));
  whole.page = 0;
  whole.pages = 1;
  return whole;
}

}  // namespace

Expected<void> AskEngine::start(const ViewId& view, const MemberId& to, const Ask& ask, Instant now) {
  if (unanswered_ >= limits::asks_open_max || asks_.size() >= limits::asks_known_max)
    return fail("too-busy", "cannot ask another agency", "too many asks are open", "try again in a minute");
  auto payload = encode_ask(ask);
  if (!payload) return tl::unexpected(payload.error());
  OpenAsk open;
  open.view = view;
  open.to = to;
  open.ask = ask;
  open.payload = std::move(*payload);
  open.closes = ask.deadline + limits::view_open_after_deadline_ms;
  if (asks_.contains(ask.id)) return {};
  add(ask.id, std::move(open));
  OpenAsk& added = asks_.at(ask.id);
  change(ask.id, added, [&] { send_ask(added, now); });
  return {};
}

void AskEngine::add(const AskId& id, OpenAsk open) {
  by_view_[open.view].push_back(id);
  due_.insert({open.due(), id});
  unanswered_ += !open.whole;
  asks_.emplace(id, std::move(open));
}

void AskEngine::erase(const AskId& id) {
  const OpenAsk& open = asks_.at(id);
  due_.erase({open.due(), id});
  unanswered_ -= !open.whole;
  auto of_view = by_view_.find(open.view);
  std::erase(of_view->second, id);
  if (of_view->second.empty()) by_view_.erase(of_view);
  asks_.erase(id);
}

std::optional<Drop> AskEngine::receive(const MemberId& from, const Answer& page, Instant now) {
  auto found = asks_.find(page.ask);
  // SECURITY: only the member that was asked may answer; anybody else's answer could fill in another agency's part.
  if (found == asks_.end() || found->second.to != from) return Drop::unsolicited;
  OpenAsk& open = found->second;
  if (open.whole) return std::nullopt;
  if (page.page >= page.pages) return Drop::bad_payload;
  // Pages of one answer were made at one moment. A page of another is of an answer that the peer made anew, because it
  // was started again: begin again with that one, for pages of two answers make no whole.
  if (open.pages.size() != page.pages || open.answered_at != page.answered_at) {
    open.pages.assign(page.pages, std::nullopt);
    open.answered_at = page.answered_at;
  }
  const bool first = std::none_of(open.pages.begin(), open.pages.end(), [](const auto& p) { return p.has_value(); });
  if (open.pages[page.page]) return std::nullopt;
  open.pages[page.page] = page;
  open.is_stalled = false;
  change(page.ask, open, [&] {
    if (std::all_of(open.pages.begin(), open.pages.end(), [](const auto& p) { return p.has_value(); }))
      finish(open, merge(open.pages));
    else if (first)
      ask_for_missing_pages(open, now);
    else
      ask_for_page(open, std::size_t{page.page} + limits::ask_pages_in_flight_max, now);  // the window moves on
  });
  return std::nullopt;
}

std::optional<Drop> AskEngine::receive_problem(const MemberId& from, const MessageId& correlation,
                                               const Problem& problem, Instant now) {
  for (auto& [id, open] : asks_) {
    if (open.to != from || std::find(open.sent.begin(), open.sent.end(), correlation) == open.sent.end()) continue;
    if (open.whole) return std::nullopt;
    Answer answer;
    answer.ask = id;
    answer.status = PartStatus::unknown;
    answer.reason = problem;
    answer.answered_at = now;
    change(id, open, [&, &ended = open] { finish(ended, std::move(answer)); });
    return std::nullopt;
  }
  return Drop::unsolicited;
}

void AskEngine::tick(Instant now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const AskId id = due_.begin()->second;
    OpenAsk& open = asks_.at(id);
    if (now >= open.closes)
      erase(id);
    else
      change(id, open, [&] { send_again(open, now); });
  }
}

void AskEngine::clock_went_back(Instant now) {
  for (auto& [id, open] : asks_) change(id, open, [&, &one = open] { one.next_send = std::min(one.next_send, now); });
}

std::vector<Outgoing> AskEngine::take_outgoing() { return std::exchange(outgoing_, {}); }
std::vector<PartArrived> AskEngine::take_parts() { return std::exchange(parts_, {}); }

bool AskEngine::is_waiting(const ViewId& view) const {
  auto found = by_view_.find(view);
  return found != by_view_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [&](const AskId& id) { return !asks_.at(id).whole; });
}

void AskEngine::close(const ViewId& view) {
  auto found = by_view_.find(view);
  if (found == by_view_.end()) return;
  for (const AskId& id : std::vector<AskId>(found->second)) erase(id);
}

void AskEngine::clear() {
  asks_.clear();
  by_view_.clear();
  due_.clear();
  unanswered_ = 0;
  outgoing_.clear();
  parts_.clear();
}

// Page requests that bring nothing may have met a peer that no longer remembers its answer: then it is asked again.
void AskEngine::send_again(OpenAsk& open, Instant now) {
  if (open.pages.empty() || open.is_stalled) {
    open.is_stalled = false;
    return send_ask(open, now);
  }
  ask_for_missing_pages(open, now);
  open.is_stalled = true;
}

void AskEngine::send_ask(OpenAsk& open, Instant now) {
  push(open, Kind::ask, open.payload, now);
  wait_longer(open, now);
}

void AskEngine::ask_for_missing_pages(OpenAsk& open, Instant now) {
  std::size_t asked = 0;
  for (std::size_t page = 0; page < open.pages.size() && asked < limits::ask_pages_in_flight_max; ++page) {
    if (open.pages[page]) continue;
    ask_for_page(open, page, now);
    ++asked;
  }
  wait_longer(open, now);
}

void AskEngine::ask_for_page(OpenAsk& open, std::size_t page, Instant now) {
  if (page >= open.pages.size() || open.pages[page]) return;
  push(open, Kind::page_request, encode_page_request({open.ask.id, std::uint32_t(page)}), now);
}

void AskEngine::push(OpenAsk& open, Kind kind, Bytes payload, Instant now) {
  Outgoing message = outgoing_to(open.to, kind, std::move(payload), now + limits::ask_message_life_ms, random_);
  open.sent.push_back(message.id);
  if (open.sent.size() > limits::ask_messages_remembered_max) open.sent.erase(open.sent.begin());
  outgoing_.push_back(std::move(message));
}

void AskEngine::wait_longer(OpenAsk& open, Instant now) {
  open.next_send = now + open.resend_ms;
  open.resend_ms = std::min(open.resend_ms * 2, limits::ask_resend_ms_max);
}

void AskEngine::finish(OpenAsk& open, Answer answer) {
  open.whole = true;
  --unanswered_;
  open.pages.clear();
  parts_.push_back({open.view, open.to, std::move(answer)});
}

}  // namespace ginnel
