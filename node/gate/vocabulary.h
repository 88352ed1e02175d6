// SPDX-License-Identifier: Apache-2.0
// The closed lists of the policy bundle: which words exist, and what policy needs to know of each (DESIGN 19).
//
// A word that is not in its list is a refusal, never ignored. Packs add words and never change one.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/time.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t vocabulary_file_bytes_max = std::size_t{4} << 20;
inline constexpr std::int64_t task_hours_max = 24 * 366 * 10;  // of each of a task kind's times
}  // namespace limits

// What follows from the kind of a task. Times in hours, from its opening or from when it is due.
struct TaskRules {
  std::string owner_role;    // who is given it, unless whoever makes it says otherwise
  std::string deputy_role;   // to whom it goes too when it is due and not done; empty: to the managers at once
  std::string manager_role;  // and at last
  std::int64_t due_hours = 0;
  std::int64_t warn_hours = 0;        // so long before it is due it is told as due soon
  std::int64_t escalate_hours = 0;    // so long after it was due it goes to the managers
  std::vector<std::string> outcomes;  // how it may end; empty: it is done
  bool is_review = false;             // somebody looks at what was done or is kept
  bool is_manual = false;             // people may make it by hand
};

struct Word {
  std::string id;
  std::string title;   // for people
  std::string source;  // law, guidance or list that it comes from
  std::string help;    // when to choose it, in words for practitioners; may be empty
  Date effective_from;
  bool in_force = true;
  bool needs_head = false;     // purpose: holds only with the lead's signed process head
  bool break_glass = false;    // purpose: stated by breaking the glass
  std::string effect;          // marking: "concealed", "withheld" or "never to the family"
  bool travels = false;        // marking: told with every part, because other agencies' records are decided by it
  bool no_case_data = false;   // role: is never shown a case, whatever is asked
  bool joins_people = false;   // role: decides whether two people of the node are one
  bool makes_returns = false;  // role: makes the agency's statutory returns
  bool marks_people = false;   // role: puts markings on people and records, and takes them off
  bool sees_sharing = false;   // role: is told who saw what of a person
  bool writes = false;         // role: records people and facts that no source system has
  bool holds_tasks = false;    // role: is given work, and does it
  bool manages_work = false;   // role: sees what is late or nobody's, allocates people and hands over for others
  bool oversees = false;       // role: sees every notice that policy shows it, not only about children it asked about
  bool involves = false;       // category: a record of it is told to members who are involved
  std::string interest;        // purpose: the period in which who asked for it is told of the child; empty: never
  // interest: how long after an ask its asker, and whom it asked, is told. Who was asked claimed nothing: they are told
  // what an ask with this role, purpose and basis would be given.
  std::int64_t asker_days = 0, asked_days = 0;
  // move_kind: as what the file is decided that goes with the lead.
  std::string told_role, told_purpose, told_basis;
  TaskRules task;  // task_kind
  // decider: "self", "another" or "nobody"; empty: neither, such as a court. What counts of whom: node/gate/consents.h.
  std::string decides_for;
  bool needs_judgement = false;  // decider: decides only where they were judged competent
  std::string telling;           // decider: the beginning of a sentence that tells what they decided
};

// As what a person of the node is decided when somebody looks for them; the vocabulary's [people]. Empty words: it says
// nothing of that, and nobody may be shown.
struct PeopleWords {
  std::string who, where;  // categories: who they are, and where they live
  std::string kind;        // record kind of both
  std::uint8_t sensitivity = 0;
};

// The lists by name: "action", "purpose", "basis", "agency_kind", "role", "marking", "handling", "consent_state",
// "decider", "record_kind", "category", "task_kind"; and, which a bundle may leave out and then tells nobody
// anything unasked, "interest" and "notice_kind"; and "refusal_test", without which nobody records a refusal to share;
// and "move_kind", without which no lead moves.
class Vocabulary {
 public:
  // Reads vocabulary.toml. Reports every fault of the file in one Error, a line each in `why`.
  static Expected<Vocabulary> read(const std::filesystem::path& file);
  static Expected<Vocabulary> parse(std::string_view text, const std::string& file_name);

  // Null: no such word.
  const Word* find(std::string_view list, std::string_view id) const;
  bool knows(std::string_view list, std::string_view id) const { return find(list, id) != nullptr; }
  const std::vector<Word>& words(std::string_view list) const;  // in the file's order
  std::set<std::string> ids(std::string_view list) const;
  std::set<std::string> ids_in_force(std::string_view list) const;
  // Every list's name, in the order of this header.
  static std::span<const std::string_view> list_names();
  const std::string& edition() const { return edition_; }
  const PeopleWords& people() const { return people_; }

 private:
  std::string edition_;
  PeopleWords people_;
  std::map<std::string, std::vector<Word>, std::less<>> lists_;
};

// The part of a dotted category before its last dot; empty for a root.
std::string_view parent_category(std::string_view category);
// The part before the first dot: "health" of "health.sexual".
std::string_view root_category(std::string_view category);

}  // namespace ginnel
