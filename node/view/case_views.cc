// SPDX-License-Identifier: Apache-2.0
#include "node/view/case_views.h"

#include <algorithm>
#include <utility>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "node/store/codec.h"
#include "node/store/news.h"
#include "node/view/assemble.h"
#include "node/view/kept_answer.h"
#include "node/view/significance.h"
#include "node/view/withdrawn.h"

namespace ginnel {
namespace {

Pseudonym pseudonym_of(const SecretKey& key, const UserId& user) {
  const Hash hash = hmac_sha256(key.bytes(), user.bytes());
  Pseudonym out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

// Why an answer cannot be used, although its peer may have meant it; nothing: it can.
std::optional<Error> fault_of(const Answer& answer, std::size_t kept_bytes, const Vocabulary& words) {
  if (answer.items.size() > limits::part_items_max || kept_bytes > limits::part_bytes_max)
    return Error{"too-long", "", "it answered more than a view can hold", "ring the agency"};
  const auto unknown = [&](const std::set<std::string>& markings) {
    return std::find_if(markings.begin(), markings.end(), [&](const auto& m) { return !words.knows("marking", m); });
  };
  const auto named = [](const std::string& marking) {
    return Error{"unknown-word", "", "its answer has the marking `" + marking + "`, which this node does not know",
                 "compare the policy bundles of both nodes"};
  };
  // SECURITY: an unknown marking may be one that protects. What cannot be decided is not shown, and does not read as
  // if there were nothing.
  if (auto marking = unknown(answer.markings); marking != answer.markings.end()) return named(*marking);
  for (const auto& item : answer.items)
    if (auto marking = unknown(item.label.markings); marking != item.label.markings.end()) return named(*marking);
  return std::nullopt;
}

Answer unusable(const Answer& answer, const Error& fault) {
  Answer out;
  out.ask = answer.ask;
  out.status = PartStatus::unknown;
  out.reason = problem_from(fault, "ask-" + answer.ask.hex().substr(0, 12));
  out.contact = answer.contact;
  out.answered_at = answer.answered_at;
  return out;
}

std::string standing_of(const ProcessHead& head, const DirectoryBook& book) {
  const Member* lead = book.find(head.lead);
  std::string state = head.state;
  if (!state.empty() && state[0] >= 'a' && state[0] <= 'z') state[0] = char(state[0] - 'a' + 'A');
  return state + ". Lead: " + (lead ? lead->name : head.lead.text()) + ".";
}

struct StandingAnswers {
  std::optional<std::map<MemberId, Answer>> answers;  // nothing: all of them stand as they came
  std::vector<ViewWithdrawn> withdrawn;
};

// SECURITY: an error shows nothing: what was taken back must be on no screen (promise 12).
Expected<StandingAnswers> without_withdrawn(const std::map<MemberId, Answer>& answers, const Turn& turn) {
  WithdrawnReader reader(turn);
  StandingAnswers out;
  for (const auto& [from, answer] : answers) {
    std::set<RecordId> gone;
    for (const auto& item : answer.items) {
      auto taken_back = reader.find(from, item.record);
      if (!taken_back) return tl::unexpected(taken_back.error());
      if (!*taken_back) continue;
      // In a view of a past moment what was put right since is what is asked for, and says so of itself.
      if (item.superseded_at.is_set() && (*taken_back)->kind == "correction") continue;
      // It was right when the view was asked for, and says of when it is.
      if ((*taken_back)->kind == progress_news) continue;
      gone.insert(item.record);
      out.withdrawn.push_back({from, (*taken_back)->at, (*taken_back)->kind, (*taken_back)->reason});
    }
    if (gone.empty()) continue;
    if (!out.answers) out.answers = answers;
    Answer& rest = out.answers->at(from);
    std::erase_if(rest.items, [&](const Item& item) { return gone.contains(item.record); });
    // SECURITY: an agency that took back all that it told has not said that it holds nothing.
    if (!rest.items.empty() || !rest.withheld.empty() || rest.status != PartStatus::answered) continue;
    rest.status = PartStatus::unknown;
    rest.reason.sentence = "what it told here was taken back since: ask again, or ring them";
  }
  return out;
}

// What a sealed copy belongs to: it is nobody else's answer, and no other view's.
Bytes copy_context(const ViewId& view, const MemberId& from) {
  Bytes context = copy_of(view.bytes());
  append(context, view_of(from.text()));
  return context;
}

tl::unexpected<Error> no_such_view() {
  return fail("not-found", "there is no such case view", "it never was, its time is over, or it is not yours",
              "ask again");
}

}  // namespace

Expected<ViewId> CaseViews::start(const Session& worker, const ViewRequest& request, const OwnPart& own, Turn& turn) {
  if (request.deadline_ms < limits::view_deadline_ms_min || request.deadline_ms > limits::view_deadline_ms_max)
    return fail("bad-deadline", "cannot begin the case view", "`deadlineMs` is out of range",
                "give 100 to 60000 milliseconds");
  if (request.as_known_at > turn.now())
    return fail("bad-moment", "cannot begin the case view", "`asKnownAt` is not in the past",
                "give a moment that is over, or leave it out for what is known now");
  View view;
  view.id = ViewId::make(p_.random);
  view.user = worker.user;
  view.role = worker.role;
  view.request = request;
  view.about = request.child;
  view.asked_at = turn.now();
  view.deadline = turn.now() + request.deadline_ms;
  auto scope = scope_of(request, own.member);
  if (!scope) return tl::unexpected(scope.error());
  view.scope = std::move(*scope);

  Asking asking = asking_of(view, own);
  if (auto words = p_.gate.check_words(asking); !words) return tl::unexpected(words.error());
  if (!request.held.empty()) {
    auto known = p_.finder.complete({}, request.held, turn);
    if (!known) return tl::unexpected(known.error());
    view.request.child = view.about = std::move(*known);
  }
  auto person = p_.finder.find(view.request.child, turn);
  if (!person && person.error().code == "several-people")
    return fail("say-more", "cannot say which child this is", "several people of this agency fit",
                person.error().remedy);
  if (person) view.person = person->value_or(PersonRef());
  if (auto free = refuse_conflict(view, own, turn); !free) return tl::unexpected(free.error());

  Bytes signed_head;
  Salt salt{};
  if (!view.person.empty()) {
    auto completed = p_.finder.complete(view.request.child, view.person, turn);
    if (!completed) return tl::unexpected(completed.error());
    view.about = std::move(*completed);
    auto issued = p_.heads ? p_.heads->issue(view.person, view.about, turn) : std::optional<IssuedHead>();
    if (!issued) return tl::unexpected(issued.error());
    if (*issued) {
      view.head = (*issued)->head;
      signed_head = (*issued)->signed_head;
      salt = (*issued)->salt;
    }
  }

  auto view_key = turn.new_key();
  if (!view_key) return tl::unexpected(view_key.error());
  view.view_key = *view_key;
  const PartAsk own_ask = own_ask_of(view, own);
  auto part = p_.parts.make(own_ask, own, turn);
  if (!part) return tl::unexpected(part.error());
  view.subject_key = part->key;
  // A worker to whom their own agency may show nothing of the child does not spread what it knows of the child either.
  const bool may_complete =
      part->answer.status == PartStatus::answered || part->answer.status == PartStatus::out_of_date;
  if (!may_complete && !request.held.empty())
    return fail("not-found", "cannot begin the case view", "this agency shows nothing of them to the worker", "");
  if (!may_complete) view.about = request.child;
  std::vector<RecordId> told;
  for (const auto& item : part->answer.items) told.push_back(item.record);
  view.own_standing = p_.parts.standing(view.person, told, turn, request.as_known_at).value_or(Hash{});
  view.answers.emplace(own.member, std::move(part->answer));

  const Ask pattern = ask_of(view, own.member, signed_head, salt);
  auto pattern_bytes = encode_ask(pattern);
  if (!pattern_bytes) return tl::unexpected(pattern_bytes.error());
  Access asked = access_of(view);
  asked.purpose = request.purpose;
  asked.basis = request.basis;
  asked.bundle = p_.gate.bundle().ref_text();
  asked.scope = view.scope;
  asked.attached = std::move(*pattern_bytes);
  auto sequence = turn.append(EntryKind::asked, own_ask.actor, view.subject_key, asked);
  if (!sequence) return tl::unexpected(sequence.error());

  ask_peers(view, pattern, own.member, turn.now());
  const ViewId id = view.id;
  if (auto kept = p_.kept.keep(id, view.view_key, turn); !kept) return tl::unexpected(kept.error());
  remember(std::move(view));
  return id;
}

Expected<void> CaseViews::add(const PartArrived& arrived, Turn& turn) {
  auto found = views_.find(arrived.view);
  if (found == views_.end()) return {};
  View& view = found->second;
  Answer answer = arrived.answer;
  Bytes kept = keep_pages(answer);
  if (auto fault = fault_of(answer, kept.size(), p_.gate.bundle().vocabulary); fault) {
    // What a peer sends must harm no part but its own (promise 11).
    answer = unusable(answer, *fault);
    kept = keep_pages(answer);
  }
  Access received = access_of(view);
  received.ask = answer.ask;
  received.peer = arrived.from;
  received.purpose = view.request.purpose;
  received.outcome = name_of(answer.status);
  for (const auto& item : answer.items)
    received.items.push_back({item.record, item.step, item.category(), {}, {}, item_hash(item)});
  const auto markings = markings_carried(answer);
  received.markings.assign(markings.begin(), markings.end());
  auto sealed = turn.seal_with(view.view_key, kept, copy_context(view.id, arrived.from));
  if (!sealed) return tl::unexpected(sealed.error());
  received.attached = std::move(*sealed);
  auto sequence = turn.append(EntryKind::received, ActorId(), view.subject_key, received);
  if (!sequence) return tl::unexpected(sequence.error());
  view.answers.insert_or_assign(arrived.from, std::move(answer));
  return {};
}

bool CaseViews::is_due(const ViewId& id, Instant now) const {
  auto found = views_.find(id);
  if (found == views_.end() || !p_.asks.is_waiting(id)) return true;
  // Asked in what is the future now: a clock that was put back keeps nobody waiting.
  return now >= found->second.deadline || now < found->second.asked_at;
}

std::optional<Instant> CaseViews::deadline(const ViewId& id) const {
  auto found = views_.find(id);
  return found == views_.end() ? std::nullopt : std::optional<Instant>(found->second.deadline);
}

std::optional<Instant> CaseViews::last_heard(const MemberId& member) const {
  auto found = last_heard_.find(member);
  return found == last_heard_.end() ? std::nullopt : std::optional<Instant>(found->second);
}

CaseViews::State CaseViews::state_of(const View& view, Instant now) const {
  const bool open = now < view.deadline + limits::view_open_after_deadline_ms && p_.asks.is_waiting(view.id);
  return {std::uint32_t(view.answers.size()), open};
}

Expected<CaseViews::State> CaseViews::state(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  return state_of(**found, turn.now());
}

std::optional<CaseViews::State> CaseViews::state_now(const ViewId& id, Instant now) const {
  auto found = views_.find(id);
  return found == views_.end() ? std::nullopt : std::optional<State>(state_of(found->second, now));
}

std::vector<RecentView> CaseViews::recent(const UserId& user, Instant now) const {
  std::vector<RecentView> recent;
  for (const auto& [id, view] : views_) {
    const auto kept_until = p_.kept.until(id, now);
    if (view.user != user || !view.request.held.empty() || !kept_until) continue;
    recent.push_back(
        {id, view.request.child, view.request.purpose, view.asked_at, *kept_until, state_of(view, now).open});
  }
  std::sort(recent.begin(), recent.end(),
            [](const RecentView& a, const RecentView& b) { return a.asked_at > b.asked_at; });
  if (recent.size() > limits::views_listed_max) recent.resize(limits::views_listed_max);
  return recent;
}

Expected<CaseView> CaseViews::show(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn,
                                   const std::string& form) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  View& view = **found;
  if (auto used = p_.kept.use(id, turn); !used) return tl::unexpected(used.error());
  if (auto renewed = renew_own(view, own, turn); !renewed) return tl::unexpected(renewed.error());
  const ActorId actor = *ActorId::from(view.user.bytes());
  const auto why_silent = [&](const MemberId& member) {
    std::string reason = "no answer in " + std::to_string((view.request.deadline_ms + 999) / 1000) + " s";
    if (auto heard = last_heard(member)) reason += " (last heard " + for_people(*heard) + ")";
    return reason;
  };
  auto still_standing = without_withdrawn(view.answers, turn);
  if (!still_standing) return tl::unexpected(still_standing.error());
  const auto& [answers, withdrawn] = *still_standing;
  const ToAssemble what{view.scope, answers ? *answers : view.answers, view.not_asked, p_.book, why_silent};
  auto assembly = assemble(what, asking_of(view, own), {actor, view.subject_key, access_of(view)}, p_.gate, turn);
  if (!assembly) return tl::unexpected(assembly.error());

  CaseView out;
  out.id = view.id;
  // SECURITY: as subject() has it: whoever is concealed is as if they were not held.
  for (const auto& part : assembly->parts)
    if (part.agency == own.member && (part.status == PartStatus::answered || part.status == PartStatus::out_of_date))
      out.person = view.person;
  const bool is_known = std::any_of(assembly->parts.begin(), assembly->parts.end(),
                                    [](const ViewPart& part) { return part.status == PartStatus::answered; });
  const Identity& named = is_known ? view.about : view.request.child;
  out.family = named.family;
  out.given = named.given;
  out.birth_date = named.birth_date;
  out.nhs_number = named.nhs_number;
  // How they stand is as of now: a view of a past moment must not seem to have known it.
  if (view.head && is_known && !view.request.as_known_at.is_set()) out.standing = standing_of(*view.head, p_.book);
  const Allocated allocation = Gate::allocated({actor, view.subject_key, access_of(view)}, turn);
  // SECURITY: who is not allocated is told so alike whether the child is held here or not.
  out.allocated = allocation == Allocated::yes;
  out.purpose = view.request.purpose;
  out.basis = view.request.basis;
  out.asked_at = view.asked_at;
  out.as_known_at = view.request.as_known_at;
  out.shown_at = turn.now();
  out.kept_until = p_.kept.until(id, turn.now()).value_or(Instant());
  out.elapsed_ms = turn.now() - view.asked_at;
  out.complete = is_complete(assembly->parts);
  const State state = state_of(view, turn.now());
  out.open = state.open;
  out.revision = state.revision;
  out.parts = std::move(assembly->parts);
  out.items = std::move(assembly->items);
  attach_marks(out.items);
  out.withheld = std::move(assembly->withheld);
  for (auto& item : out.items)
    for (auto& each : item.attachments) {
      if (item.agency != own.member) {
        each.id = file_id(view.id, item.agency, item.id, each.file.sha256);
        continue;
      }
      auto kept = turn.attachment_of(item.id, each.file.sha256);
      if (!kept) return tl::unexpected(kept.error());
      each.id = kept->value_or(AttachmentId());
    }
  out.withdrawn = withdrawn;

  Access shown = access_of(view);
  shown.purpose = view.request.purpose;
  shown.basis = view.request.basis;
  shown.bundle = p_.gate.bundle().ref_text();
  shown.scope = view.scope;
  shown.items = std::move(assembly->shown);
  shown.outcome = out.complete ? "complete" : "incomplete";
  shown.allocated = allocation;
  shown.form = form;
  auto sequence = turn.append(EntryKind::view_shown, actor, view.subject_key, shown);
  if (!sequence) return tl::unexpected(sequence.error());
  return out;
}

// SECURITY: a child may have been concealed, and a record marked, since the view was begun; it is kept for a day.
Expected<void> CaseViews::renew_own(View& view, const OwnPart& own, Turn& turn) const {
  auto& part = view.answers.at(own.member);
  const auto standing_now = [&] {
    std::vector<RecordId> told;
    for (const auto& item : part.items) told.push_back(item.record);
    return p_.parts.standing(view.person, told, turn, view.request.as_known_at);
  };
  const auto standing = standing_now();
  if (standing && *standing == view.own_standing) return {};
  auto made = p_.parts.make(own_ask_of(view, own), own, turn);
  if (!made) return tl::unexpected(made.error());
  part = std::move(made->answer);
  view.own_standing = standing_now().value_or(Hash{});
  return {};
}

Expected<ViewRequest> CaseViews::request(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn) {
  auto found = find(worker, id, own, turn);
  if (!found) return tl::unexpected(found.error());
  return (*found)->request;
}

Expected<std::vector<MemberId>> CaseViews::scope_of(const ViewRequest& request, const MemberId& me) const {
  std::vector<MemberId> scope{me};
  if (!p_.book.directory())
    return fail("no-directory", "cannot begin the case view", "this node holds no valid directory",
                "tell the operator: ginnel node status");
  for (const auto& member : p_.book.directory()->members) {
    if (!member.holds_records || member.revoked_since.is_set() || member.id == me) continue;
    const bool wanted = request.scope.empty() ||
                        std::find(request.scope.begin(), request.scope.end(), member.id) != request.scope.end();
    if (wanted) scope.push_back(member.id);
  }
  for (const auto& wanted : request.scope)
    if (std::find(scope.begin(), scope.end(), wanted) == scope.end())
      return fail("bad-scope", "cannot begin the case view",
                  "`" + wanted.text() + "` is no member of the directory that holds records",
                  "leave it out of `scope`");
  return scope;
}

Ask CaseViews::ask_of(const View& view, const MemberId& to, const Bytes& head, const Salt& salt) const {
  Ask ask;
  ask.id = ask_id_of(view.id, to);
  ask.about = view.about;
  ask.claims.worker = pseudonym_of(p_.pseudonym_key, view.user);
  ask.claims.role = view.role;
  ask.claims.purpose = view.request.purpose;
  ask.claims.basis = view.request.basis;
  ask.claims.named_reason = "blind lookup is not in use";
  if (!view.request.case_ref.empty())
    ask.claims.case_commitment =
        hmac_sha256(p_.pseudonym_key.bytes(), {view_of("case"), view_of(view.request.case_ref)});
  ask.break_glass_reason = view.request.break_glass_reason;
  ask.as_known_at = view.request.as_known_at;
  ask.deadline = view.deadline;
  ask.process_head = head;
  ask.process_head_salt = salt;
  ask.bundle = p_.gate.bundle().ref();
  return ask;
}

void CaseViews::ask_peers(View& view, const Ask& pattern, const MemberId& me, Instant now) {
  for (const auto& member : view.scope) {
    if (member == me || view.answers.contains(member)) continue;
    const Standing standing = p_.book.standing(member, view.request.purpose, now);
    // A member without valid keys cannot be reached, so it is silent rather than spared.
    if (!is_good(standing) && standing != Standing::no_keys) {
      view.not_asked[member] = "not asked: " + std::string(name_of(standing));
      continue;
    }
    Ask ask = pattern;
    ask.id = ask_id_of(view.id, member);
    if (auto started = p_.asks.start(view.id, member, ask, now); !started)
      view.not_asked[member] = "not asked: " + started.error().why;
  }
}

// Nobody is asked about a child for a worker who must not work the case, and the refusal is recorded. Where it cannot
// be read whether they may, the own part is decided as if they may not.
Expected<void> CaseViews::refuse_conflict(const View& view, const OwnPart& own, Turn& turn) const {
  const PartAsk ask = own_ask_of(view, own);
  if (Gate::allocated({ask.actor, {}, ask.access}, turn) != Allocated::in_conflict) return {};
  const Error why{"conflict-of-interest", "cannot begin the case view",
                  "a conflict of interest between you and this person is recorded",
                  "your managers were told, and give it to another worker; where it cannot wait, ring one of them"};
  auto refused = p_.parts.refuse(ask, why, own, turn);
  return refused ? tl::unexpected(why) : tl::unexpected(refused.error());
}

PartAsk CaseViews::own_ask_of(const View& view, const OwnPart& own) const {
  PartAsk ask{asking_of(view, own), view.request.child, *ActorId::from(view.user.bytes()), access_of(view)};
  ask.as_known_at = view.request.as_known_at;
  return ask;
}

Asking CaseViews::asking_of(const View& view, const OwnPart& own) const {
  Asking asking;
  asking.agency = own.member;
  asking.agency_kind = own.kind;
  asking.worker = view.user.hex();
  asking.role = view.role;
  asking.purpose = view.request.purpose;
  asking.basis = view.request.basis;
  if (view.head) asking.proven = view.head->proves;
  asking.break_glass = !view.request.break_glass_reason.empty();
  return asking;
}

Access CaseViews::access_of(const View& view) const {
  Access access;
  access.view = view.id;
  access.person = view.person;
  if (view.person.empty()) access.identity = canonical(view.request.child);
  access.worker = view.user.hex();
  access.role = view.role;
  access.reason = view.request.reason;
  access.case_ref = view.request.case_ref;
  return access;
}

Expected<CaseViews::View*> CaseViews::find(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn) {
  auto found = views_.find(id);
  if (found == views_.end()) {
    auto restored = restore(worker, id, own, turn);
    if (!restored) return tl::unexpected(restored.error());
    remember(std::move(*restored));
    found = views_.find(id);
  }
  View& view = found->second;
  if (view.user != worker.user || !p_.kept.until(id, turn.now())) return no_such_view();
  return &view;
}

Expected<CaseViews::View> CaseViews::restore(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn) {
  const auto view_key = p_.kept.key(id, turn.now());
  if (!view_key) return no_such_view();
  auto sequences = turn.entries_of(id);
  if (!sequences) return tl::unexpected(sequences.error());
  std::optional<View> view;
  std::optional<Ask> pattern;
  for (auto sequence : *sequences) {
    auto entry = turn.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    const bool wanted = entry->header.kind == EntryKind::asked || entry->header.kind == EntryKind::received;
    if (!wanted || entry->erased) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    if (entry->header.kind == EntryKind::asked) {
      auto asked = decode_ask(access->attached);
      if (!asked) return tl::unexpected(asked.error());
      view.emplace();
      view->id = id;
      view->user = *UserId::from(entry->header.actor.bytes());
      view->role = access->role;
      view->about = std::get<Identity>(asked->about);
      view->person = access->person;
      view->subject_key = entry->header.data_key;
      view->asked_at = entry->header.time;
      view->deadline = asked->deadline;
      view->scope = access->scope;
      view->request.child = view->about;
      view->request.purpose = access->purpose;
      view->request.basis = access->basis;
      view->request.reason = access->reason;
      view->request.case_ref = access->case_ref;
      view->request.break_glass_reason = asked->break_glass_reason;
      view->request.as_known_at = asked->as_known_at;
      view->request.deadline_ms = asked->deadline - entry->header.time;
      pattern = std::move(*asked);
    } else if (view) {
      auto copy = turn.open_with(*view_key, access->attached, copy_context(id, access->peer));
      auto answer = copy ? kept_answer(*copy) : std::nullopt;
      if (answer) view->answers.insert_or_assign(access->peer, std::move(*answer));
    }
  }
  // SECURITY: before anything is decided or sent for it, so that trying ids makes a node do nothing.
  if (!view || view->user != worker.user) return no_such_view();
  view->view_key = *view_key;
  if (!pattern->process_head.empty()) {
    auto head = verify_head(pattern->process_head, p_.book, view->about, pattern->process_head_salt,
                            view->request.purpose, turn.now());
    if (head) view->head = std::move(*head);
  }
  auto part = p_.parts.make(own_ask_of(*view, own), own, turn);
  if (!part) return tl::unexpected(part.error());
  view->answers.insert_or_assign(own.member, std::move(part->answer));
  if (turn.now() < view->deadline + limits::view_open_after_deadline_ms)
    ask_peers(*view, *pattern, own.member, turn.now());
  return std::move(*view);
}

void CaseViews::renew(const ViewId& id) {
  if (auto found = views_.find(id); found != views_.end()) found->second.own_standing = {};
}

void CaseViews::end(const ViewId& id) {
  p_.asks.close(id);
  views_.erase(id);
}

void CaseViews::remember(View view) {
  while (views_.size() >= limits::views_in_memory_max) {
    auto oldest = std::min_element(views_.begin(), views_.end(),
                                   [](const auto& a, const auto& b) { return a.second.asked_at < b.second.asked_at; });
    p_.asks.close(oldest->first);
    views_.erase(oldest);
  }
  const ViewId id = view.id;
  views_.insert_or_assign(id, std::move(view));
}

}  // namespace ginnel
