// SPDX-License-Identifier: Apache-2.0
#include "adapters/statutory/item_maker.h"

#include <algorithm>

#include "adapters/content_hash.h"
#include "adapters/limits.h"
#include "federation/record/upn.h"

namespace ginnel::statutory {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  return out;
}

// The source's own name of what stands under several.
std::string shown(const Names& names) { return names.empty() ? std::string() : names.front(); }

tl::unexpected<Rejected> reject(const SourcePlace& place, std::string field, std::string reason) {
  return tl::unexpected(Rejected{place.file, place.line, std::move(field), std::move(reason)});
}

void cut_to(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0) == 0x80) --bytes_max;
  text.resize(bytes_max);
}

}  // namespace

std::optional<Date> ItemMaker::read_date(std::string_view text) const {
  // "2024-03-31T00:00:00": the time of a day that is only a day.
  if (text.size() > 10 && (text[10] == 'T' || text[10] == ' ')) {
    std::string_view rest = text.substr(11);
    if (rest.find_first_not_of("0:.Z+") == std::string_view::npos) text = text.substr(0, 10);
  }
  auto when = ginnel::read_date(format_.dates, text);
  if (!when || (when->precision != Precision::day && when->precision != Precision::minute)) return std::nullopt;
  return when->date;
}

std::optional<Date> ItemMaker::day_of(const EventSpec& spec, const Values& values) const {
  std::string_view text = values.first(spec.date);
  return text.empty() ? std::nullopt : read_date(text);
}

std::string ItemMaker::key_prefix(const EventSpec& spec, const std::string& child_key) {
  return spec.id + ":" + child_key + ":";
}

Date ItemMaker::flagged_date(const Values& values, const Names& names, std::vector<Flag>& flags) const {
  std::string_view text = values.first(names);
  if (text.empty()) return {};
  auto date = read_date(text);
  if (!date) flags.push_back({shown(names), "not a date that can be read; left out"});
  return date.value_or(Date());
}

void ItemMaker::add_upn(SourcePerson& to, std::string_view text, const Names& from) const {
  if (text.empty()) return;
  auto upn = parse_upn(text);
  // A number that fails its check would link strangers.
  if (!upn) return to.flags.push_back({shown(from), "the check letter or the form is wrong; left out"});
  Identifier made{"upn", *upn, false};
  if (std::find(to.person.identifiers.begin(), to.person.identifiers.end(), made) == to.person.identifiers.end())
    to.person.identifiers.push_back(std::move(made));
}

void ItemMaker::add_sex(SourcePerson& to, const Values& values) const {
  for (const SexSpec& spec : format_.child.sex) {
    std::string_view text = values.first(spec.from);
    if (text.empty()) continue;
    std::string code = upper(text);
    if (auto found = spec.values.find(code); found != spec.values.end()) {
      to.person.sex = found->second;
      return;
    }
    for (const SexSpec& other : format_.child.sex) {
      auto found = other.values.find(code);
      if (found == other.values.end()) continue;
      to.person.sex = found->second;
      return to.flags.push_back({shown(spec.from), "a code of another year's form; taken for what it means there"});
    }
    return to.flags.push_back({shown(spec.from), "a code outside the code set; left out"});
  }
}

tl::expected<SourcePerson, Rejected> ItemMaker::person(const Values& values, const SourcePlace& place) const {
  const ChildSpec& spec = format_.child;
  std::string_view key = values.first(spec.key);
  if (key.empty()) return reject(place, shown(spec.key), "the child has no key");
  if (key.size() > limits::source_key_bytes_max) return reject(place, shown(spec.key), "the child's key is too long");
  SourcePerson made;
  made.system = format_.identity.system;
  made.key = key;
  made.place = place;
  made.person.identifiers.push_back({"source:" + made.system, made.key, true});
  if (!format_.same_keys_as.empty() && format_.same_keys_as != made.system)
    made.person.identifiers.push_back({"source:" + format_.same_keys_as, made.key, false});
  add_upn(made, values.first(spec.upn), spec.upn);
  add_upn(made, values.first(spec.former_upn), spec.former_upn);
  Date born = flagged_date(values, spec.birth, made.flags);
  Date expected = flagged_date(values, spec.expected_birth, made.flags);
  Date died = flagged_date(values, spec.death, made.flags);
  if (born.is_set() && expected.is_set())
    made.flags.push_back({shown(spec.expected_birth), "a child who is born needs none; left out"});
  if (!born.is_set() && !expected.is_set() && !spec.birth.empty())
    made.flags.push_back({shown(spec.birth), "neither a date of birth nor an expected one"});
  if (born.is_set())
    made.person.birth = {born, Precision::day};
  else if (expected.is_set())
    made.person.birth = {expected, Precision::expected};
  if (died.is_set() && born.is_set() && died < born)
    made.flags.push_back({shown(spec.death), "before the birth; kept as it stands"});
  made.person.death = died;
  add_sex(made, values);
  for (const std::string& name : spec.required)
    if (values.first({name}).empty()) made.flags.push_back({name, "is missing"});
  made.content_hash = content_hash_of(made);
  return made;
}

std::string ItemMaker::meaning(const FieldSpec& spec, std::string_view text, std::vector<Flag>& flags) const {
  if (spec.form == FieldForm::date) {
    auto date = read_date(text);
    if (!date) flags.push_back({shown(spec.from), "not a date that can be read; left out"});
    return date ? for_people(*date) : std::string();
  }
  if (spec.form == FieldForm::yes_no) {
    std::string word = upper(text);
    if (word == "1" || word == "TRUE" || word == "Y" || word == "YES") return "yes";
    if (word == "0" || word == "FALSE" || word == "N" || word == "NO") return "no";
    flags.push_back({shown(spec.from), "neither yes nor no; left out"});
    return {};
  }
  if (spec.codes.empty()) return std::string(text);
  const auto& codes = format_.codes.at(spec.codes).meanings;
  std::string code = upper(text);
  // "A3) text" and "A3 - text": what people write beside a code.
  for (std::string_view word : {std::string_view(code), std::string_view(code).substr(0, code.find_first_of(" ):-"))})
    if (auto found = codes.find(word); found != codes.end()) return found->second;
  for (const auto& [known, title] : codes)
    if (upper(title) == code) return title;
  flags.push_back({shown(spec.from), "a code outside the code set; kept as it stands"});
  return std::string(text) + " (a code that is not in the code set)";
}

void ItemMaker::add_field(SourceRecord& to, std::string& headline, const FieldSpec& spec, const Values& values) const {
  auto texts = values.all(spec.from);
  if (texts.empty() && spec.is_required) to.flags.push_back({shown(spec.from), "is missing"});
  std::string joined;
  for (std::string_view text : texts) {
    std::string value = meaning(spec, text, to.flags);
    auto date = spec.is_not_before_event ? read_date(text) : std::nullopt;
    if (date && *date < to.record.occurred.date)
      to.flags.push_back({shown(spec.from), "before the event that it belongs to; kept as it stands"});
    if (value.empty()) continue;
    if (spec.in_headline && joined.empty()) headline += ": " + value;
    joined += (joined.empty() ? "" : "; ") + value;
  }
  cut_to(joined, limits::statutory_field_bytes_max);
  if (!joined.empty()) to.record.fields.push_back({spec.name, std::move(joined)});
}

void ItemMaker::check_dates(SourceRecord& to, const EventSpec& spec, const Values& values,
                            const Context& context) const {
  const Date day = to.record.occurred.date;
  const std::string field = shown(spec.date);
  std::vector<Flag> ignored;  // they are told with the record that they are the date of
  for (const std::string& name : spec.not_before) {
    Date earlier = flagged_date(values, {name}, ignored);
    if (earlier.is_set() && day < earlier) to.flags.push_back({field, "before `" + name + "`; kept as it stands"});
  }
  if (context.born.is_set() && day < context.born && !spec.is_before_birth_expected)
    to.flags.push_back({field, "before the child's birth; kept as it stands"});
  if (context.file_ends.is_set() && day > context.file_ends)
    to.flags.push_back({field, "after the file's own last day; kept as it stands"});
  if (!spec.target) return;
  Date target = flagged_date(values, spec.target->from, ignored);
  if (!target.is_set()) return;
  auto due = format_.working_days_after(day, spec.target->working_days);
  if (due && *due != target)
    to.flags.push_back(
        {shown(spec.target->from), "not " + std::to_string(spec.target->working_days) +
                                       " working days after the start, bank holidays counted; not used"});
}

tl::expected<std::optional<SourceRecord>, Rejected> ItemMaker::record(const EventSpec& spec, const Values& values,
                                                                      const Context& context, KeyCounts& counts) const {
  std::string_view text = values.first(spec.date);
  if (text.empty()) {
    if (spec.is_required) return reject(context.place, shown(spec.date), "the date is missing");
    return std::optional<SourceRecord>();
  }
  auto day = read_date(text);
  if (!day) return reject(context.place, shown(spec.date), "not a date that can be read");
  SourceRecord made;
  made.place = context.place;
  made.subjects.push_back({context.child_key, SubjectRole::child});
  Record& record = made.record;
  record.kind = spec.kind;
  record.occurred = When::on(*day);
  record.label.category = spec.category;
  record.label.sensitivity = std::uint8_t(spec.sensitivity);
  record.label.markings = spec.markings;
  record.label.owner = owner_;
  std::string headline = spec.headline;
  for (const FieldSpec& field : spec.fields) add_field(made, headline, field, values);
  cut_to(headline, limits::headline_bytes_max);
  for (char& c : headline)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  record.headline = std::move(headline);
  check_dates(made, spec, values, context);
  record.source.system = format_.identity.system;
  record.source.key = key_prefix(spec, context.child_key) + day->iso();
  if (int again = ++counts[record.source.key]; again > 1) record.source.key += "#" + std::to_string(again);
  record.source.content_hash = content_hash_of(made);
  return std::optional(std::move(made));
}

}  // namespace ginnel::statutory
