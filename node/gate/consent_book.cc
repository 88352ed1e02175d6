// SPDX-License-Identifier: Apache-2.0
#include "node/gate/consent_book.h"

#include <set>

#include "federation/base/ascii.h"
#include "federation/base/mistakes.h"
#include "node/store/said_entries.h"

namespace ginnel {
namespace {

constexpr const char* cannot_record_consent = "cannot record what was decided";

constexpr SaidAs<ConsentEntry, ConsentId> as_consent{EntryKind::consent, decode_consent, &ConsentEntry::consent,
                                                     "cannot read what was decided about sharing",
                                                     limits::consent_entries_read_max};

// Each decision as its newest entry has it, in the order of the first.
Expected<std::vector<KeptConsent>> folded(const Expected<std::vector<std::uint64_t>>& sequences,
                                          const StoreReader& reader) {
  auto all = newest_of_each(sequences, reader, as_consent);
  if (!all) return tl::unexpected(all.error());
  std::vector<KeptConsent> out;
  for (auto& one : *all)
    out.push_back({std::move(one.entry), one.first_at, one.first_by, one.was_changed ? one.by : UserId()});
  return out;
}

Expected<void> append(const ConsentEntry& entry, const ActorId& actor, Turn& turn) {
  return append_about(entry.person, EntryKind::consent, entry, actor, turn);
}

// What is wrong, a sentence each.
class Mistakes {
 public:
  explicit Mistakes(const Vocabulary& words) : words_(words) {}

  void add(std::string mistake) { all_.push_back(std::move(mistake)); }
  void check(const char* list, const char* field, const std::string& word) {
    if (word.empty())
      add("`" + std::string(field) + "` is missing");
    else if (!words_.knows(list, word))
      add("`" + std::string(field) + "` is no " + list + " of " + words_.edition());
  }
  template <class List>
  void check_list(const char* field, const List& list) {
    if (list.size() > limits::consent_words_max) add("`" + std::string(field) + "` names too many");
    if (std::set(list.begin(), list.end()).size() != list.size()) add("`" + std::string(field) + "` names one twice");
  }
  void check_length(const char* field, const std::string& text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
      add("`" + std::string(field) + "` is longer than " + std::to_string(bytes_max) + " bytes");
  }
  std::vector<std::string> take() { return std::move(all_); }

 private:
  const Vocabulary& words_;
  std::vector<std::string> all_;
};

// Whose word it may be, and what must have been judged for it to count.
void check_decider(const ConsentEntry& entry, const Word& decider, Mistakes& mistakes) {
  const bool is_given = entry.state == "given";
  if (decider.decides_for == "nobody" && entry.state != "unsafe_to_ask")
    mistakes.add("`decider` is `" + decider.id + "`, who decides nothing: that goes with `unsafe_to_ask` alone");
  if (decider.needs_judgement && entry.state != "unsafe_to_ask" && entry.competence != Competence::competent)
    mistakes.add("`competence` must be `competent` where `decider` is `" + decider.id +
                 "`: without that judgement it counts for nothing");
  if (decider.decides_for == "another" && is_given && entry.competence != Competence::not_competent)
    mistakes.add("`competence` must be `not_competent` where `decider` is `" + decider.id +
                 "`: their consent counts only for somebody who was judged not to be able to decide");
}

}  // namespace

std::vector<std::string> consent_mistakes(const ConsentEntry& entry, Instant now, const Vocabulary& words) {
  Mistakes mistakes(words);
  if (entry.state != "given" && entry.state != "refused" && entry.state != "unsafe_to_ask")
    mistakes.add("`state` is none that is recorded: given, refused or unsafe_to_ask");
  mistakes.check("decider", "decider", entry.decider);
  if (entry.categories.empty()) mistakes.add("`categories` names none");
  for (const auto& category : entry.categories)
    if (!words.knows("category", category) || !parent_category(category).empty())
      mistakes.add("`categories` names what is no root category of " + words.edition());
  for (const auto& purpose : entry.purposes) mistakes.check("purpose", "purposes", purpose);
  mistakes.check_list("categories", entry.categories);
  mistakes.check_list("purposes", entry.purposes);
  mistakes.check_list("recipients", entry.recipients);
  const Instant from = entry.from.is_set() ? entry.from : now;
  if (entry.until.is_set() && entry.until <= from) mistakes.add("`until` is not after `from`");
  if ((entry.competence == Competence::not_judged) == !is_blank(entry.judged_by))
    mistakes.add(!is_blank(entry.judged_by) ? "`judgedBy` is there, and `competence` is not"
                                            : "`judgedBy` is missing: who judged it, by name and role");
  if (is_blank(entry.note)) mistakes.add("`note` is missing: what was said, and how");
  mistakes.check_length("judgedBy", entry.judged_by, limits::consent_name_bytes_max);
  mistakes.check_length("note", entry.note, limits::consent_note_bytes_max);
  if (const Word* decider = words.find("decider", entry.decider)) check_decider(entry, *decider, mistakes);
  return mistakes.take();
}

Expected<ConsentId> ConsentBook::record(ConsentEntry entry, std::vector<std::string> mistakes, const ActorId& actor,
                                        Turn& turn) const {
  for (auto& mistake : consent_mistakes(entry, turn.now(), words_)) mistakes.push_back(std::move(mistake));
  if (!mistakes.empty()) return fail_with_all("bad-consent", cannot_record_consent, mistakes);
  auto before = turn.consents_of(entry.person);
  if (!before) return tl::unexpected(before.error());
  if (before->size() >= limits::consent_entries_of_one_max)
    return fail("bad-consent", cannot_record_consent, "there are too many decisions about this person already",
                "withdraw what no longer holds, and ask whoever oversees");
  if (!entry.from.is_set()) entry.from = turn.now();
  entry.consent = ConsentId::make(random_);
  if (auto done = append(entry, actor, turn); !done) return tl::unexpected(done.error());
  return entry.consent;
}

Expected<void> ConsentBook::withdraw(const ConsentId& consent, const std::string& reason, const ActorId& actor,
                                     Turn& turn) const {
  auto found = find(consent, turn);
  if (!found) return tl::unexpected(found.error());
  ConsentEntry entry = std::move(found->entry);
  constexpr const char* cannot_withdraw = "cannot withdraw it";
  if (entry.withdrawn.is_set()) return {};
  if (entry.state != "given")
    return fail("bad-consent", cannot_withdraw, "only consent that was given can be withdrawn",
                "record what was decided instead: it takes the place of this");
  if (is_blank(reason) || reason.size() > limits::consent_note_bytes_max)
    return fail("bad-consent", cannot_withdraw, "`reason` is empty or too long", "say in a sentence what was said");
  entry.withdrawn = turn.now();
  entry.why_withdrawn = reason;
  return append(entry, actor, turn);
}

Expected<std::vector<KeptConsent>> ConsentBook::of_person(const PersonRef& person, const StoreReader& reader) {
  return folded(reader.consents_of(person), reader);
}

Expected<KeptConsent> ConsentBook::find(const ConsentId& consent, const StoreReader& reader) {
  auto found = folded(reader.consent_history(consent), reader);
  if (!found) return tl::unexpected(found.error());
  if (found->size() != 1) return fail("not-found", "cannot show this", "there is nothing of that kind for you", "");
  return std::move(found->front());
}

Consents ConsentBook::resolved(const PersonRef& person, const ConsentQuestion& question, const Vocabulary& words,
                               const StoreReader& reader) {
  Consents out;
  if (person.empty()) return out;
  auto kept = of_person(person, reader);
  // Somebody whom the node does not hold (any more) has no records that could be shown by it.
  if (!kept && kept.error().code == "no-person") return out;
  out.are_unreadable = !kept;
  if (!kept) return out;
  std::vector<ConsentEntry> decisions;
  decisions.reserve(kept->size());
  for (auto& one : *kept) decisions.push_back(std::move(one.entry));
  return resolve_consents(decisions, question, words);
}

}  // namespace ginnel
