// SPDX-License-Identifier: Apache-2.0
#include "node/retention/schedule.h"

#include <algorithm>
#include <array>
#include <map>

#include "adapters/toml_section.h"

namespace ginnel {
namespace {

constexpr std::array<std::pair<CountsFrom, std::string_view>, 5> counts{{{CountsFrom::birth, "date_of_birth"},
                                                                         {CountsFrom::death, "date_of_death"},
                                                                         {CountsFrom::record, "record"},
                                                                         {CountsFrom::last_record, "last_record"},
                                                                         {CountsFrom::case_end, "case_end"}}};
const std::set<std::string> statuses{"in force", "not in force"};
constexpr std::int64_t look_again_days_max = 366, keep_years_at_most = 25;

bool lies_below(std::string_view category, std::string_view root) {
  return category.starts_with(root) && (category.size() == root.size() || category[root.size()] == '.');
}

// The last day on which they can have been born.
Date latest_birth(const Birth& birth) {
  const Date& day = birth.date;
  switch (birth.precision) {
    case Precision::none:
      return {};
    case Precision::year:
      return Date::of(day.year, 12, 31).value_or(Date());
    case Precision::month:
      for (int last = 31; last > 27; --last)
        if (auto found = Date::of(day.year, day.month, last)) return *found;
      return {};
    default:
      return day;
  }
}

Date latest(const std::vector<FileRecord>& records, const std::set<std::string>& kinds) {
  Date out;
  for (const auto& record : records)
    if (kinds.empty() || kinds.contains(record.kind)) out = std::max(out, record.on);
  return out;
}

}  // namespace

std::string_view name_of(CountsFrom from) {
  for (const auto& [one, name] : counts)
    if (one == from) return name;
  return "";
}

std::optional<Date> years_after(Date day, int years) {
  for (int last = day.day; last > 0 && day.day - last < 4; --last)
    if (auto found = Date::of(day.year + years, day.month, last)) return found;
  return std::nullopt;
}

bool RetentionScope::fits(const std::string& kind, const std::string& category) const {
  const bool of_kind = kinds.empty() || kinds.contains(kind);
  const bool of_category =
      categories.empty() || std::any_of(categories.begin(), categories.end(),
                                        [&](const std::string& root) { return lies_below(category, root); });
  return of_kind && of_category;
}

// --- reading the file

class RetentionSchedule::Reading {
 public:
  Reading(RetentionSchedule& into, TomlMistakes& mistakes, const Vocabulary* words)
      : into_(into), mistakes_(mistakes), words_(words) {}

  void read(const toml::table& root) {
    TomlSection top(root, "the schedule", mistakes_);
    into_.edition_ = top.need_text("edition", "\"Bradford 2026.1\", by which people know it");
    into_.look_again_days_ = int(top.number("look_again_days", into_.look_again_days_, 1, look_again_days_max));
    into_.keep_years_max_ = int(top.number("keep_years_max", into_.keep_years_max_, 1, keep_years_at_most));
    for (const toml::table* table : top.sections("rule")) read_rule(*table);
    for (const toml::table* table : top.sections("standing_hold")) read_hold(*table);
    if (const toml::table* table = top.section("open_case")) {
      TomlSection open(*table, "[open_case]", mistakes_);
      into_.opened_by_ = read_words(open, "opened_by", "record_kind");
      into_.closed_by_ = read_words(open, "closed_by", "record_kind");
      if (into_.opened_by_.empty() || into_.closed_by_.empty())
        mistakes_.add(open.line(), "[open_case] needs both `opened_by` and `closed_by`", "name record kinds in each");
    }
  }

 private:
  std::set<std::string> read_words(TomlSection& row, const char* key, const char* list) {
    std::set<std::string> out;
    for (const TomlText& word : row.texts_or_none(key)) {
      if (words_) mistakes_.check_word(word.line, word.text, list, words_->ids(list));
      out.insert(word.text);
    }
    return out;
  }

  Date read_day(TomlSection& row, const char* key, const toml::node* node) {
    if (node && node->is_date()) {
      const toml::date day = node->as_date()->get();
      if (auto date = Date::of(day.year, day.month, day.day)) return *date;
    }
    if (node) row.wrong(*node, key, "write a date, without quotes: 2023-12-15");
    return {};
  }

  template <class Row>
  void read_head(TomlSection& row, Row& out) {
    out.id = row.need_text("id", "\"looked-after-75\"");
    if (out.id.size() > limits::retention_rule_id_bytes_max) row.mistake("id", "is too long", "use 64 bytes at most");
    out.title = row.need_text("title", "\"Child looked after: until the 75th anniversary of birth\"");
    out.source = row.need_text("source", "\"S.I. 2010/959 reg 50\", the law or the schedule that it comes from");
    out.effective_from =
        read_day(row, "effective_from", row.need("effective_from", "write a date, without quotes: 2023-12-15"));
    const std::string status = row.need_text("status", "\"in force\"");
    if (!status.empty()) mistakes_.check_word(row.line_of_key("status"), status, "`status`", statuses);
    out.in_force = status == "in force";
    out.scope.categories = read_words(row, "categories", "category");
    out.scope.kinds = read_words(row, "kinds", "record_kind");
  }

  void read_rule(const toml::table& table) {
    TomlSection row(table, "[[rule]]", mistakes_);
    RetentionRule rule;
    read_head(row, rule);
    rule.whole_file = row.flag("whole_file");
    const std::string from = row.need_text("counts_from", "\"date_of_birth\"");
    std::set<std::string> known;
    for (const auto& [one, name] : counts) {
      known.emplace(name);
      if (name == from) rule.from = one;
    }
    if (!from.empty()) mistakes_.check_word(row.line_of_key("counts_from"), from, "`counts_from`", known);
    rule.years = int(row.need_number("years", 1, limits::retention_years_max));
    rule.ended_by = read_words(row, "ended_by", "record_kind");
    if (rule.ended_by.empty() == (rule.from == CountsFrom::case_end))
      row.mistake("ended_by", rule.ended_by.empty() ? "is missing" : "goes with counts_from = \"case_end\" alone",
                  "name the record kinds that end a case, or count from something else");
    rule.died_before_age = int(row.number("died_before_age", 0, 1, limits::retention_age_max));
    rule.years_from_death = int(row.number("years_from_death", 0, 1, limits::retention_years_max));
    if ((rule.died_before_age == 0) != (rule.years_from_death == 0))
      row.mistake("died_before_age", "and `years_from_death` go together", "give both, or neither");
    rule.last_record_at_age = int(row.number("last_record_at_age", 0, 1, limits::retention_age_max));
    rule.years_then = int(row.number("years_then", 0, 1, limits::retention_years_max));
    if ((rule.last_record_at_age == 0) != (rule.years_then == 0))
      row.mistake("last_record_at_age", "and `years_then` go together", "give both, or neither");
    // The end of a rule is somebody's review; there is no other.
    if (const std::string then = row.text("then"); !then.empty())
      mistakes_.check_word(row.line_of_key("then"), then, "`then`", {"review"});
    if (!seen_.emplace(rule.id, rule.effective_from).second)
      row.mistake("id", "is `" + rule.id + "`, which begins on that day already", "remove one, or date it otherwise");
    into_.rules_.push_back(std::move(rule));
  }

  void read_hold(const toml::table& table) {
    TomlSection row(table, "[[standing_hold]]", mistakes_);
    StandingHold hold;
    read_head(row, hold);
    hold.ask = row.need_text("ask", "\"the records manager\", whom to ask about it");
    if (const toml::node* until = row.find("until")) hold.until = read_day(row, "until", until);
    if (!holds_seen_.insert(hold.id).second)
      row.mistake("id", "is `" + hold.id + "`, which stands here already", "remove one of them");
    into_.holds_.push_back(std::move(hold));
  }

  RetentionSchedule& into_;
  TomlMistakes& mistakes_;
  const Vocabulary* words_;
  std::set<std::pair<std::string, Date>> seen_;
  std::set<std::string> holds_seen_;
};

tl::expected<RetentionSchedule, std::vector<Error>> RetentionSchedule::parse(std::string_view text,
                                                                             const std::string& file_name,
                                                                             const Vocabulary* words) {
  TomlMistakes mistakes("bad-retention", file_name);
  RetentionSchedule out;
  if (auto root = parse_toml(text, mistakes)) Reading(out, mistakes, words).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return out;
}

tl::expected<RetentionSchedule, std::vector<Error>> RetentionSchedule::load(const std::filesystem::path& file,
                                                                            const Vocabulary* words) {
  TomlMistakes mistakes("bad-retention", file.string());
  auto text = read_text_file(file, limits::retention_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse(*text, file.string(), words);
}

// --- computing

const RetentionRule* RetentionSchedule::rule(std::string_view id, Date day) const {
  const RetentionRule* newest = nullptr;
  for (const auto& one : rules_)
    if (one.id == id && one.effective_from <= day && (!newest || newest->effective_from < one.effective_from))
      newest = &one;
  return newest && newest->in_force ? newest : nullptr;
}

std::optional<Date> RetentionSchedule::until(const RetentionRule& rule, const PersonFile& file,
                                             const FileRecord& record) const {
  const Date born = latest_birth(file.life.birth);
  const Date& died = file.life.death;
  if (rule.died_before_age > 0 && died.is_set()) {
    if (!born.is_set()) return std::nullopt;
    if (age_on(born, died) < rule.died_before_age) return years_after(died, rule.years_from_death);
  }
  int years = rule.years;
  if (rule.last_record_at_age > 0) {
    if (!born.is_set()) return std::nullopt;
    Date last;
    for (const auto& one : file.records)
      if (rule.scope.fits(one.kind, one.category)) last = std::max(last, one.on);
    if (last.is_set() && age_on(born, last) == rule.last_record_at_age) years = rule.years_then;
  }
  Date from;
  switch (rule.from) {
    case CountsFrom::birth:
      from = born;
      break;
    case CountsFrom::death:
      from = died;
      break;
    case CountsFrom::record:
      from = record.on;
      break;
    case CountsFrom::case_end:
      from = latest(file.records, rule.ended_by);
      if (from.is_set()) break;
      [[fallthrough]];
    case CountsFrom::last_record:
      from = latest(file.records, {});
      break;
  }
  return from.is_set() ? years_after(from, years) : std::nullopt;
}

std::vector<KeptUntil> RetentionSchedule::times(const PersonFile& file, Date today) const {
  std::set<std::string> ids;
  for (const auto& one : rules_) ids.insert(one.id);
  std::vector<const RetentionRule*> counting;
  std::set<const RetentionRule*> for_all;
  for (const auto& id : ids) {
    const RetentionRule* rule = this->rule(id, today);
    if (!rule) continue;
    counting.push_back(rule);
    const bool fits_one = std::any_of(file.records.begin(), file.records.end(), [&](const FileRecord& record) {
      return record.retention.rule == id || rule->scope.fits(record.kind, record.category);
    });
    if (rule->whole_file && fits_one) for_all.insert(rule);
  }
  std::vector<KeptUntil> out;
  for (const auto& record : file.records) {
    const Retention& own = record.retention;
    KeptUntil kept;
    if (own.review_on.is_set()) {
      out.push_back({own.review_on, own.rule});
      continue;
    }
    // INVARIANT: what any rule that fits keeps for longer, or cannot tell the end of, is kept.
    bool is_known = true, fits_any = false;
    const auto count = [&](const RetentionRule& rule) {
      fits_any = true;
      const auto day = until(rule, file, record);
      is_known = is_known && day;
      if (day && *day > kept.day) kept = {*day, rule.id};
    };
    if (!own.rule.empty()) {
      const RetentionRule* named = this->rule(own.rule, today);
      if (named) count(*named);
      for (const RetentionRule* rule : for_all) count(*rule);
      if (!named) is_known = false;
    } else {
      for (const RetentionRule* rule : counting)
        if (for_all.contains(rule) || rule->scope.fits(record.kind, record.category)) count(*rule);
    }
    out.push_back(is_known && fits_any ? kept : KeptUntil());
  }
  return out;
}

const StandingHold* RetentionSchedule::standing_hold(const PersonFile& file, Date today) const {
  for (const auto& hold : holds_) {
    if (!hold.stands_on(today)) continue;
    for (const auto& record : file.records)
      if (hold.scope.fits(record.kind, record.category)) return &hold;
  }
  return nullptr;
}

std::string RetentionSchedule::open_case(const PersonFile& file) const {
  if (opened_by_.empty()) return {};
  const Date closed = latest(file.records, closed_by_);
  for (const auto& record : file.records)
    if (opened_by_.contains(record.kind) && (!closed.is_set() || closed < record.on)) return record.kind;
  return {};
}

}  // namespace ginnel
