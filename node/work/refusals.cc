// SPDX-License-Identifier: Apache-2.0
#include "node/work/refusals.h"

#include <algorithm>

#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr const char* cannot = "cannot record the refusal";
constexpr const char* cannot_review = "cannot record the review";
constexpr std::string_view origin_prefix = "refusal:";
constexpr std::string_view stands = "stands", to_be_shared = "to_be_shared";

std::string origin_of(const RefusalId& refusal) { return std::string(origin_prefix) + refusal.hex(); }

bool is_said(const std::string& text) { return text.find_first_not_of(" \t\r\n") != std::string::npos; }

// Each as its newest entry has it, in the order of the first.
Expected<std::vector<KeptRefusal>> folded(const Expected<std::vector<std::uint64_t>>& sequences,
                                          const StoreReader& reader) {
  if (!sequences) return tl::unexpected(sequences.error());
  if (sequences->size() > limits::refusal_entries_read_max)
    return fail("too-many", "cannot read what was decided not to be shared", "there are too many entries of one person",
                "");
  std::vector<KeptRefusal> out;
  for (const auto sequence : *sequences) {
    auto opened = reader.entry(sequence);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->erased || opened->header.kind != EntryKind::refusal_to_share)
      return fail("index-mismatch", "cannot read what was decided not to be shared",
                  "its index row names another's entry", "stop the node and run `ginnel store rebuild`");
    auto entry = decode_refusal(opened->body);
    if (!entry) return tl::unexpected(entry.error());
    const auto by = opened->header.actor.empty() ? UserId() : *UserId::from(opened->header.actor.bytes());
    auto before = std::find_if(out.begin(), out.end(),
                               [&](const KeptRefusal& one) { return one.entry.refusal == entry->refusal; });
    if (before == out.end()) {
      out.push_back({std::move(*entry), opened->header.time, by, {}, {}});
    } else {
      before->entry = std::move(*entry);
      before->reviewed_at = opened->header.time;
      before->reviewed_by = by;
    }
  }
  return out;
}

Expected<void> append(const RefusalEntry& entry, const ActorId& actor, Turn& turn) {
  auto key = turn.person_key(entry.person);
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::refusal_to_share, actor, *key, encode(entry));
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

std::string wrong_review(Instant at, Instant now) {
  if (!at.is_set()) return "`reviewOn` is missing: no refusal stands for ever";
  if (at <= now) return "`reviewOn` is over already";
  if (at - now > limits::refusal_review_ms_max) return "`reviewOn` is more than a year away";
  return {};
}

tl::unexpected<Error> all_of(const char* what, const std::vector<std::string>& mistakes) {
  std::string lines;
  for (const auto& mistake : mistakes) lines += (lines.empty() ? "" : "\n") + mistake;
  return fail("bad-refusal", what, lines, mistakes.size() == 1 ? "mend it" : "mend each");
}

}  // namespace

bool is_refusal_origin(const std::string& origin) { return origin.starts_with(origin_prefix); }

Expected<RefusalId> Refusals::record(RefusalEntry entry, std::vector<std::string> mistakes, const ActorId& actor,
                                     Turn& turn) const {
  const auto check = [&](const char* list, const char* field, const std::string& word, bool needed) {
    if (word.empty() && needed)
      mistakes.push_back("`" + std::string(field) + "` is missing");
    else if (!word.empty() && !words_.knows(list, word))
      mistakes.push_back("`" + std::string(field) + "` is no " + list + " of " + words_.edition());
  };
  check("category", "category", entry.category, true);
  check("purpose", "purpose", entry.purpose, false);
  check("refusal_test", "test", entry.test, true);
  if (!is_said(entry.reason)) mistakes.emplace_back("`reason` is missing: how the test came out");
  if (entry.reason.size() > limits::refusal_text_bytes_max) mistakes.emplace_back("`reason` is too long");
  if (auto wrong = wrong_review(entry.review, turn.now()); !wrong.empty()) mistakes.push_back(std::move(wrong));
  if (!mistakes.empty()) return all_of(cannot, mistakes);
  auto before = turn.refusals_of(entry.person);
  if (!before) return tl::unexpected(before.error());
  if (before->size() >= limits::refusal_entries_of_one_max)
    return fail("bad-refusal", cannot, "there are too many of this person already", "ask whoever oversees");
  entry.refusal = RefusalId::make(random_);
  entry.decided = turn.now();
  if (auto done = append(entry, actor, turn); !done) return tl::unexpected(done.error());
  if (auto opened = open_task(entry, turn); !opened) return tl::unexpected(opened.error());
  return entry.refusal;
}

Expected<void> Refusals::review(const RefusalReview& review, const ActorId& actor, Turn& turn) const {
  auto found = find(review.refusal, turn);
  if (!found) return tl::unexpected(found.error());
  RefusalEntry entry = std::move(found->entry);
  if (entry.outcome == to_be_shared)
    return fail("bad-refusal", cannot_review, "it stands no longer", "record a new refusal if there is one");
  std::vector<std::string> mistakes;
  if (review.outcome != stands && review.outcome != to_be_shared)
    mistakes.emplace_back("`outcome` is neither `stands` nor `to_be_shared`");
  if (!is_said(review.reason) || review.reason.size() > limits::refusal_text_bytes_max)
    mistakes.emplace_back("`reason` is empty or too long");
  if (review.outcome == stands)
    if (auto wrong = wrong_review(review.next, turn.now()); !wrong.empty()) mistakes.push_back(std::move(wrong));
  if (review.outcome == to_be_shared && review.next.is_set())
    mistakes.emplace_back("`reviewOn` goes with `stands` alone");
  if (!mistakes.empty()) return all_of(cannot_review, mistakes);
  entry.outcome = review.outcome;
  entry.after_review = review.reason;
  entry.review = review.next;
  if (auto done = append(entry, actor, turn); !done) return done;
  auto closed = tasks_.close_from(origin_of(entry.refusal), review.outcome, "it was reviewed", turn);
  if (!closed) return tl::unexpected(closed.error());
  return review.outcome == stands ? open_task(entry, turn) : Expected<void>();
}

Expected<void> Refusals::open_task(const RefusalEntry& entry, Turn& turn) const {
  TaskOpening opening;
  opening.kind = "refusal_review";
  opening.person = entry.person;
  opening.origin = origin_of(entry.refusal);
  opening.may_recur = true;
  opening.due = entry.review;
  opening.rule = "refusals";
  if (!words_.knows("task_kind", opening.kind)) return {};
  auto opened = tasks_.open(opening, turn);
  return opened ? Expected<void>() : tl::unexpected(opened.error());
}

Expected<std::vector<KeptRefusal>> Refusals::of_person(const PersonRef& person, const StoreReader& reader) {
  return folded(reader.refusals_of(person), reader);
}

Expected<KeptRefusal> Refusals::find(const RefusalId& refusal, const StoreReader& reader) {
  auto found = folded(reader.refusal_history(refusal), reader);
  if (!found) return tl::unexpected(found.error());
  if (found->size() != 1) return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
  return std::move(found->front());
}

}  // namespace ginnel
