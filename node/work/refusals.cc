// SPDX-License-Identifier: Apache-2.0
#include "node/work/refusals.h"

#include <tuple>

#include "federation/base/ascii.h"
#include "federation/base/mistakes.h"
#include "node/store/said_entries.h"

namespace ginnel {
namespace {

constexpr const char* cannot_refuse = "cannot record the refusal";
constexpr const char* cannot_review = "cannot record the review";
constexpr std::string_view origin_prefix = "refusal:";
constexpr std::string_view stands = "stands", to_be_shared = "to_be_shared";

std::string origin_of(const RefusalId& refusal) { return std::string(origin_prefix) + refusal.hex(); }

constexpr SaidAs<RefusalEntry, RefusalId> as_refusal{
    EntryKind::refusal_to_share, decode_refusal, &RefusalEntry::refusal,
    "cannot read what was decided not to be shared", limits::refusal_entries_read_max};

// Each as its newest entry has it, in the order of the first.
Expected<std::vector<KeptRefusal>> folded_refusals(const Expected<std::vector<std::uint64_t>>& sequences,
                                                   const StoreReader& reader) {
  auto all = newest_of_each(sequences, reader, as_refusal);
  if (!all) return tl::unexpected(all.error());
  std::vector<KeptRefusal> out;
  for (auto& one : *all) {
    out.push_back({std::move(one.entry), one.first_at, one.first_by, {}, {}});
    if (one.was_changed) std::tie(out.back().reviewed_at, out.back().reviewed_by) = std::tie(one.at, one.by);
  }
  return out;
}

Expected<void> append(const RefusalEntry& entry, const ActorId& actor, Turn& turn) {
  return append_about(entry.person, EntryKind::refusal_to_share, entry, actor, turn);
}

std::string wrong_review(Instant at, Instant now) {
  if (!at.is_set()) return "`reviewOn` is missing: no refusal stands for ever";
  if (at <= now) return "`reviewOn` is over already";
  if (at - now > limits::refusal_review_ms_max) return "`reviewOn` is more than a year away";
  return {};
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
  if (is_blank(entry.reason)) mistakes.emplace_back("`reason` is missing: how the test came out");
  if (entry.reason.size() > limits::refusal_text_bytes_max) mistakes.emplace_back("`reason` is too long");
  if (auto wrong = wrong_review(entry.review, turn.now()); !wrong.empty()) mistakes.push_back(std::move(wrong));
  if (!mistakes.empty()) return fail_with_all("bad-refusal", cannot_refuse, mistakes);
  auto before = turn.refusals_of(entry.person);
  if (!before) return tl::unexpected(before.error());
  if (before->size() >= limits::refusal_entries_of_one_max)
    return fail("bad-refusal", cannot_refuse, "there are too many of this person already", "ask whoever oversees");
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
  if (is_blank(review.reason) || review.reason.size() > limits::refusal_text_bytes_max)
    mistakes.emplace_back("`reason` is empty or too long");
  if (review.outcome == stands)
    if (auto wrong = wrong_review(review.next, turn.now()); !wrong.empty()) mistakes.push_back(std::move(wrong));
  if (review.outcome == to_be_shared && review.next.is_set())
    mistakes.emplace_back("`reviewOn` goes with `stands` alone");
  if (!mistakes.empty()) return fail_with_all("bad-refusal", cannot_review, mistakes);
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
  return folded_refusals(reader.refusals_of(person), reader);
}

Expected<KeptRefusal> Refusals::find(const RefusalId& refusal, const StoreReader& reader) {
  auto found = folded_refusals(reader.refusal_history(refusal), reader);
  if (!found) return tl::unexpected(found.error());
  if (found->size() != 1) return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
  return std::move(found->front());
}

}  // namespace ginnel
