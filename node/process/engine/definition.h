// SPDX-License-Identifier: Apache-2.0
// A process as people define it: states, steps, who leads and who must be there, what is needed, how each step can end
// and where that goes, and the clocks that run meanwhile (DESIGN 11; docs/formats/process.md).
//
// It is data. Nothing here knows what a process is about: the words for roles, agencies, evidence and states are the
// file's own, and a word that the file does not introduce is a mistake.
//
// Thread: any; a value. Failure: `bad-process`, every mistake of the file at once with its line. Limits: below.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/calendar/clock_rule.h"
#include "node/process/engine/process_record.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t process_file_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t process_steps_max = 100;
inline constexpr std::size_t process_words_max = 100;  // roles, agencies, states; items of one step
inline constexpr std::int64_t process_version_max = 1'000'000;
}  // namespace limits

// Evidence by which an agency proves that it was there: what a quorum counts.
inline constexpr std::string_view attendance_evidence = "attendance";

struct Escalation {
  std::string role;
  int percent = 100;
  std::optional<Amount> plus;  // so much after the end
  bool operator==(const Escalation&) const = default;
  std::string text() const;
};

struct StepClock {
  std::string id;  // within its step; "clock" where there is one without a name
  ClockRule rule;
  std::string stops;      // the event of the step at which it has run its course: "held"; "closed" unless it is said
  std::vector<int> warn;  // percent, in order; 100 is always one
  std::vector<Escalation> escalate;
  std::string source;  // the law or custom that the number comes from
  Date effective_from;
};

struct Quorum {
  std::map<std::string, int> kinds;  // how many agencies of a kind
  int others = 0;                    // and how many more, of whatever kind
  bool is_set() const { return others > 0 || !kinds.empty(); }
};

struct StepOutcome {
  std::string id, title;
  std::vector<std::string> to;             // steps that it opens
  std::vector<std::string> opens, closes;  // states
  std::vector<std::string> cancels;        // steps: what is open of them has no purpose any more
  std::vector<std::string> needs;          // "reason", or evidence beyond that of the step
  std::vector<std::string> tell;           // roles, or "contributors"
  std::string record_kind;                 // as which kind it stands among the records; empty: the step's
  bool ends = false;                       // the process
  bool without_quorum = false;             // may be given by fewer: "adjourned", never a decision
  bool without_evidence = false;
};

// As what the beginning (where others are invited) and the end of a step stand among the records of whoever leads, so
// that everybody who works with the person is told of them as of any record. Words of the node's vocabulary.
struct StepRecord {
  std::string kind, category;
  int sensitivity = 2;
  std::uint32_t line = 0;
};

struct StepDefinition {
  std::string id, title;
  std::string lead, deputy, out_of_hours;  // roles
  std::vector<std::string> invite;         // agencies
  Quorum quorum;
  std::vector<std::string> evidence;                  // contributions without which it does not end
  std::vector<std::string> dates;                     // contributions with a date of their own: "held", "review-date"
  std::vector<std::string> may_have;                  // contributions that need not be there
  std::vector<std::string> brought;                   // of these, what invited agencies bring from their own node
  std::vector<std::string> in_states, not_in_states;  // states that must, or must not, be open to begin it
  std::string holds;                                  // a state that is open as long as the step is
  bool any_time = false;                              // a person may begin it without another step leading there
  bool in_parallel = false;                           // another may be begun while one is open
  std::optional<int> cover_by_minutes;  // before a day that is no working day somebody must have accepted cover by then
  std::vector<StepClock> clocks;
  std::vector<StepOutcome> outcomes;
  std::optional<StepRecord> record;  // nothing: it stays in the process
  std::string source;
  std::uint32_t line = 0;

  const StepOutcome* outcome(std::string_view id) const;
  const StepClock* clock(std::string_view id) const;
  // What can happen in it: "opened", "closed", its outcomes and its contributions.
  std::set<std::string> events() const;
  bool takes(std::string_view contribution) const;
};

struct StateDefinition {
  std::string id, title;
  std::set<std::string> proves;  // purposes, while it is open
  bool one = false;              // at most one for a subject, over all its processes
};

// An alert on what did not happen, or happened too often.
struct Watch {
  std::string id, title;
  std::string in_state;        // only while this is open; empty: always
  ClockRule rule;              // after the last of its events
  std::set<EventName> unless;  // since then: nothing to tell
  int at_least = 1;            // so many of its events
  int within_days = 0;         // in so many days; 0: ever
  std::vector<std::string> tell;
  std::string proposes;  // a step; empty: none
  std::string source;
  Date effective_from;
};

// When what all agencies hold about the subject is looked at, and as what it is asked for.
struct LookRule {
  int at_minutes = 6 * 60;     // each day, local
  std::string purpose, basis;  // words of the node's vocabulary; only while an open state proves the purpose
  std::string source;
  std::uint32_t line = 0;
};

// An alert on what the records of all agencies show together, and no one of them alone: too many of a kind, or none.
struct Pattern {
  std::string id, title;
  std::string in_state;           // only while this is open; empty: always
  std::set<std::string> records;  // kinds of record, words of the node's vocabulary
  int at_least = 0;               // so many of them within so many days; 0: it is about their absence
  int within_days = 0;
  int agencies = 1;               // from so many
  std::optional<Amount> absent;   // none for so long
  std::set<EventName> since;      // only what is from this event on counts; absence is counted from it
  std::set<EventName> unless;     // after the newest record: nothing to tell
  std::vector<std::string> tell;  // roles
  std::string proposes;           // a step; empty: none
  std::string source;
  Date effective_from;
  std::uint32_t line = 0;
};

// How a running case comes from the version before to this one.
struct Migration {
  std::int64_t from = 0;
  std::map<std::string, std::string> steps, states;  // old name, new name; what is not named keeps its own
};

struct Definition {
  DefinitionKey key;
  std::string title, edition, source;
  Date effective_from;
  std::string start;                                   // the first step
  std::string manager;                                 // the role that is told what is late
  std::string deputy, out_of_hours;                    // roles, for steps that name none of their own
  std::map<std::string, std::string> roles, agencies;  // id, title
  std::vector<StateDefinition> states;
  std::vector<StepDefinition> steps;
  std::vector<Watch> watches;
  std::optional<LookRule> look;
  std::vector<Pattern> patterns;
  std::vector<Migration> migrations;

  static tl::expected<Definition, std::vector<Error>> parse(std::string_view toml, const std::string& file_name);
  static tl::expected<Definition, std::vector<Error>> read(const std::filesystem::path& file);
  // The definition, or every mistake as a line for people and editors: "FILE:LINE:COLUMN: why (remedy)".
  static tl::expected<Definition, std::vector<std::string>> check(const std::filesystem::path& file);

  const StepDefinition* step(std::string_view id) const;
  const StateDefinition* state(std::string_view id) const;
  const Migration* migration_from(std::int64_t version) const;
};

// The definitions of a node, side by side.
class Definitions {
 public:
  // `bad-process`: one with this key is there already.
  Expected<void> add(Definition definition);
  const Definition* find(const DefinitionKey& key) const;
  // What a case that starts on `day` follows: the authority's own before `otherwise`, and of those the one that came
  // into effect last; of equals the higher version. Null: none is in effect.
  const Definition* in_effect(std::string_view id, std::string_view authority, std::string_view otherwise,
                              Date day) const;
  std::vector<const Definition*> all() const;

 private:
  std::map<DefinitionKey, Definition> definitions_;
};

}  // namespace ginnel
