// SPDX-License-Identifier: Apache-2.0
// How long an agency keeps what it holds: its own schedule, a file that [retention] of node.toml names
// (docs/formats/retention.md). Pure: from the rules, when somebody was born and died, and what records there are of
// them, it follows on which day the time of each record is over. What happens then is a person's to decide.
//
//   auto schedule = RetentionSchedule::load(file, words);
//   schedule->times({lifespan, records}, today);        // for each record: until when, and by which rule
//
// A record's own review date, which its mapping gave it, goes before every rule, and the rule that its mapping names
// before those that fit by category. Of several that fit the longest counts: a file that must be kept for one reason is
// kept. What cannot be computed (nobody knows the date of birth) is never over.
//
// Thread: any; values. Failure: `bad-retention`, every mistake of the file at once, each with its line.
// Limits: below.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/record/label.h"
#include "federation/record/person.h"
#include "node/gate/vocabulary.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t retention_file_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t retention_rule_id_bytes_max = 64;  // as a label carries it
inline constexpr std::int64_t retention_years_max = 150;
inline constexpr std::int64_t retention_age_max = 120;
}  // namespace limits

// From which day the years of a rule are counted.
enum class CountsFrom : std::uint8_t {
  birth,        // "date_of_birth"; so imprecise as it is known, from its last possible day
  death,        // "date_of_death": of somebody who is not known to have died, never over
  record,       // "record": the day on which it occurred
  last_record,  // "last_record": the latest day of any record of the agency about the person, its last involvement
  case_end,     // "case_end": the latest record of a kind in `ended_by`; where there is none, as last_record
};
std::string_view name_of(CountsFrom from);

// Which records a rule, or a standing hold, is about. Empty: all.
struct RetentionScope {
  std::set<std::string> categories;  // with all that is below each
  std::set<std::string> kinds;
  bool fits(const std::string& kind, const std::string& category) const;
};

struct RetentionRule {
  std::string id, title, source;
  Date effective_from;
  bool in_force = true;
  RetentionScope scope;
  bool whole_file = false;  // one record that fits makes it a rule for everything held on the person
  CountsFrom from = CountsFrom::birth;
  int years = 0;
  std::set<std::string> ended_by;  // record kinds; of case_end
  // Other years, counted from the death, where the person died before an age; 0: no such exception.
  int died_before_age = 0, years_from_death = 0;
  // Other years where the last record that fits was made at this age; 0: no such exception.
  int last_record_at_age = 0, years_then = 0;
};

// Nothing is erased of somebody about whom there is a record of its scope, while it stands: an inquiry's moratorium.
struct StandingHold {
  std::string id, title, source, ask;  // `ask`: whom to ask about it
  Date effective_from, until;          // `until` not set: until further notice
  bool in_force = true;
  RetentionScope scope;
  bool stands_on(Date day) const { return in_force && effective_from <= day && (!until.is_set() || day < until); }
};

// One record, as far as its time depends on it.
struct FileRecord {
  RecordId id;
  std::string kind, category;
  Date on;  // when it occurred; may be unset
  Retention retention;
};

// All that the agency holds on one person.
struct PersonFile {
  Lifespan life;
  std::vector<FileRecord> records;
};

// Until when a record is kept.
struct KeptUntil {
  Date day;          // the first day on which its time is over; not set: never, or nobody knows
  std::string rule;  // its id; empty: a review date of its own, or no rule
  bool is_over(Date today) const { return day.is_set() && day <= today; }
};

class RetentionSchedule {
 public:
  // Without a file: only the review dates of the records themselves count.
  RetentionSchedule() = default;
  static tl::expected<RetentionSchedule, std::vector<Error>> load(const std::filesystem::path& file,
                                                                  const Vocabulary* words);
  // `words` null: words are not looked for.
  static tl::expected<RetentionSchedule, std::vector<Error>> parse(std::string_view text, const std::string& file_name,
                                                                   const Vocabulary* words);

  // For each record of the file, in its order.
  std::vector<KeptUntil> times(const PersonFile& file, Date today) const;
  // Why nothing of it may be erased, whoever decides; null: nothing stands in the way here.
  const StandingHold* standing_hold(const PersonFile& file, Date today) const;
  // A case that has begun and whose end nobody recorded: its record's kind. Empty: there is none.
  std::string open_case(const PersonFile& file) const;

  // As it counts on a day; null: there is no such rule, or it does not count (yet).
  const RetentionRule* rule(std::string_view id, Date day) const;
  const std::vector<RetentionRule>& rules() const { return rules_; }  // in the file's order
  const std::vector<StandingHold>& standing_holds() const { return holds_; }
  const std::string& edition() const { return edition_; }
  int look_again_days() const { return look_again_days_; }
  int keep_years_max() const { return keep_years_max_; }

 private:
  class Reading;
  std::optional<Date> until(const RetentionRule& rule, const PersonFile& file, const FileRecord& record) const;

  std::string edition_;
  std::vector<RetentionRule> rules_;
  std::vector<StandingHold> holds_;
  std::set<std::string> opened_by_, closed_by_;
  int look_again_days_ = 90;  // after something stood in the way of erasing what is due
  int keep_years_max_ = 10;   // until what somebody keeps longer is looked at again, at most
};

// The same day so many years later, the last of its month where there is none. Nothing: beyond what a date can say.
std::optional<Date> years_after(Date day, int years);

}  // namespace ginnel
