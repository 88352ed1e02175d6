// SPDX-License-Identifier: Apache-2.0
#include "adapters/content_hash.h"
#include "adapters/limits.h"
#include "adapters/mapped_row.h"

namespace ginnel::mapping {
namespace {

constexpr const char* no_word = "the mapping has no word for this value";

SubjectRole role_of(const std::string& word) {
  if (word == "child") return SubjectRole::child;
  if (word == "parent") return SubjectRole::parent;
  if (word == "carer") return SubjectRole::carer;
  if (word == "household") return SubjectRole::household;
  return SubjectRole::third_party;
}

Made<std::monostate> add_subjects(SourceRecord& to, const Row& row, const RecordTable& table) {
  for (const SubjectSpec& spec : table.subjects) {
    std::string_view cell = row.cell(spec.column);
    if (cell.empty()) continue;
    auto role = choose(row, spec.role);
    if (!role) return reject(row, spec.role.column, no_word);
    for (std::size_t from = 0; from <= cell.size();) {
      std::size_t end = spec.split ? std::min(cell.find(*spec.split, from), cell.size()) : cell.size();
      std::string_view key = cell.substr(from, end - from);
      while (!key.empty() && key.front() == ' ') key.remove_prefix(1);
      while (!key.empty() && key.back() == ' ') key.remove_suffix(1);
      if (key.size() > limits::source_key_bytes_max) return reject(row, spec.column, "the key of a person is too long");
      if (!key.empty()) to.subjects.push_back({std::string(key), role_of(*role)});
      from = end + 1;
    }
  }
  if (to.subjects.empty()) return reject(row, table.subjects[0].column, "the row is about nobody");
  return {};
}

Made<std::monostate> add_dates(SourceRecord& to, const Row& row, const RecordTable& table) {
  auto occurred = date_in(row, table.occurred, to.flags);
  if (!occurred) return tl::unexpected(occurred.error());
  auto recorded = date_in(row, table.recorded, to.flags);
  if (!recorded) return tl::unexpected(recorded.error());
  auto review_on = date_in(row, table.review_on, to.flags);
  if (!review_on) return tl::unexpected(review_on.error());
  to.record.occurred = *occurred;
  to.record.recorded_at_source = *recorded;
  to.record.label.retention.review_on = review_on->date;
  if (recorded->is_set() && recorded->date < occurred->date && occurred->precision <= Precision::day) {
    to.flags.push_back({row.column_name(table.recorded.column), "recorded before it occurred; kept as it stands"});
  }
  return {};
}

// The value of the last rule that sets it, else the table's own.
template <class Part>
const Part* effective(const RecordTable& table, const std::vector<const Rule*>& rules,
                      std::optional<Part> RecordSpec::*part) {
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    if ((*rule)->set.*part) return &*((*rule)->set.*part);
  }
  return table.base.*part ? &*(table.base.*part) : nullptr;
}

class RecordMaking {
 public:
  RecordMaking(const Row& row, const RecordTable& table) : row_(row), table_(table) {
    for (const Rule& rule : table.rules) {
      if (fulfils(row, rule.when)) rules_.push_back(&rule);
    }
  }

  Made<std::monostate> fill(Record& to) {
    auto kind = word(&RecordSpec::kind), category = word(&RecordSpec::category), level = word(&RecordSpec::sensitivity);
    auto assertion = word(&RecordSpec::assertion);
    for (const auto* made : {&kind, &category, &level, &assertion}) {
      if (!*made) return tl::unexpected(made->error());
    }
    to.kind = *kind;
    to.label.category = *category;
    to.label.sensitivity = level->size() == 1 ? std::uint8_t((*level)[0] - '0') : sensitivity_max;
    to.assertion = *assertion == "opinion" ? Assertion::opinion : Assertion::fact;
    if (auto markings = add_markings(to); !markings) return markings;
    if (std::string handling = text(&RecordSpec::handling); !handling.empty()) to.label.handling = handling;
    to.headline = one_line(text(&RecordSpec::headline));
    to.narrative = text(&RecordSpec::narrative);
    add_fields(to, table_.base.fields);
    for (const Rule* rule : rules_) add_fields(to, rule->set.fields);
    if (to.headline.empty()) return reject(row_, no_column, "the headline is empty");
    if (to.headline.size() > limits::headline_bytes_max) {
      return reject(row_, no_column,
                    "the headline has more than " + std::to_string(limits::headline_bytes_max) + " bytes");
    }
    return {};
  }

  std::string filled(const TextForm& form) const { return form.fill(row_.cells, row_.mapping.lookups); }

 private:
  Made<std::string> word(std::optional<Choice> RecordSpec::*part) const {
    const Choice* choice = effective(table_, rules_, part);
    if (!choice) return std::string();
    auto chosen = choose(row_, *choice);
    if (!chosen) return reject(row_, choice->column, no_word);
    return *chosen;
  }

  std::string text(std::optional<TextForm> RecordSpec::*part) const {
    const TextForm* form = effective(table_, rules_, part);
    return form ? filled(*form) : std::string();
  }

  Made<std::monostate> add_markings(Record& to) const {
    if (auto done = add_markings(to, table_.base.markings); !done) return done;
    for (const Rule* rule : rules_) {
      if (auto done = add_markings(to, rule->set.markings); !done) return done;
    }
    return {};
  }
  Made<std::monostate> add_markings(Record& to, const std::vector<Choice>& choices) const {
    for (const Choice& choice : choices) {
      if (choice.column != no_column && row_.cell(choice.column).empty()) continue;
      auto marking = choose(row_, choice);
      // SECURITY: an unknown shield must not be read as none.
      if (!marking) return reject(row_, choice.column, "the mapping has no marking for this value");
      if (!marking->empty()) to.label.markings.insert(*marking);
    }
    return {};
  }

  void add_fields(Record& to, const std::vector<FieldSpec>& fields) const {
    for (const FieldSpec& field : fields) {
      std::string value = filled(field.value);
      if (!value.empty()) to.fields.push_back({field.name, std::move(value)});
    }
  }

  static std::string one_line(std::string text) {
    for (char& c : text) {
      if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
  }

  const Row& row_;
  const RecordTable& table_;
  std::vector<const Rule*> rules_;
};

}  // namespace

Made<SourceRecord> record_of(const Row& row, const RecordTable& table, const MemberId& owner) {
  auto key = key_of(row, table.key);
  if (!key) return tl::unexpected(key.error());
  SourceRecord made;
  made.place = row.place;
  if (auto subjects = add_subjects(made, row, table); !subjects) return tl::unexpected(subjects.error());
  if (auto dates = add_dates(made, row, table); !dates) return tl::unexpected(dates.error());
  RecordMaking making(row, table);
  if (auto filled = making.fill(made.record); !filled) return tl::unexpected(filled.error());
  Record& record = made.record;
  record.label.owner = owner;
  record.label.retention.rule = table.retention_rule;
  record.author = {making.filled(table.author_name), making.filled(table.author_role), making.filled(table.author_team),
                   making.filled(table.author_contact)};
  record.source.system = row.mapping.system;
  // Row keys of two tables of one system may be the same number.
  record.source.key = table.name.substr(table.name.find('.') + 1) + ":" + *key;
  record.source.content_hash = content_hash_of(made);
  return made;
}

}  // namespace ginnel::mapping
