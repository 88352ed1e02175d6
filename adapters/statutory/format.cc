// SPDX-License-Identifier: Apache-2.0
#include "adapters/statutory/format.h"

#include "adapters/limits.h"
#include "adapters/toml_section.h"

namespace ginnel::statutory {
namespace {

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  return text;
}

std::optional<toml::table> parse_file(const std::filesystem::path& file, TomlMistakes& mistakes) {
  auto text = read_text_file(file, limits::mapping_file_bytes_max, mistakes);
  return text ? parse_toml(*text, mistakes) : std::nullopt;
}

Date date_of(const toml::node* node) {
  if (!node || !node->is_date()) return {};
  const toml::date day = **node->as_date();
  return Date::of(day.year, day.month, day.day).value_or(Date());
}

class FormatReading {
 public:
  FormatReading(Format& to, TomlMistakes& mistakes, const MappingWords& words, std::filesystem::path dir)
      : to_(to), mistakes_(mistakes), words_(words), dir_(std::move(dir)) {}

  void read(const toml::table& root) {
    TomlSection top(root, "the adapter's file", mistakes_);
    for (auto key : {"adapter", "system", "data_owner", "supplement"}) top.find(key);  // read_source_identity
    to_.same_keys_as = word(top, "same_keys_as");
    for (auto& [text, line] : top.texts(top.need("dates", "write [\"DD/MM/YYYY\"]"), "dates")) {
      auto form = DateForm::parse(text);
      if (form)
        to_.dates.push_back(*form);
      else
        mistakes_.add(line, "`" + text + "` is no form of a date", "as in \"DD/MM/YYYY\"");
    }
    for (auto& [file, line] : top.texts(top.find("codes"), "codes")) read_codes(dir_ / file);
    for (auto& [file, line] : top.texts(top.find("bank_holidays"), "bank_holidays")) read_holidays(dir_ / file);
    if (const toml::node* node = top.find("authorities")) {
      if (const toml::table* table = node->as_table())
        for (const auto& [member, code] : *table)
          to_.authorities[std::string(member.str())] = code.value_or(std::string());
      else
        top.wrong(*node, "authorities", "write MEMBER = \"CODE\" for each authority");
    }
    read_covers(top);
    if (top.find("return"))
      top.tables(top.find("return"), "return", "write a table [return]", [&](TomlSection& at) {
        to_.made_for = MadeFor{word(at, "purpose"), word(at, "basis")};
        if (to_.made_for->purpose.empty() || to_.made_for->basis.empty()) to_.made_for.reset();
      });
    to_.known = names(top, "known");
    top.tables(top.need("child", "write a table [child]"), "child", "write a table [child]",
               [&](TomlSection& at) { read_child(at); });
    top.tables(top.find("event"), "event", "write tables [[event]]",
               [&](TomlSection& at) { to_.events.push_back(read_event(at)); });
    top.tables(top.find("list"), "list", "write tables [[list]]", [&](TomlSection& at) { read_list(at); });
    if (to_.events.empty() && to_.lists.empty()) mistakes_.add(1, "it reads nothing", "add an [[event]] or a [[list]]");
  }

 private:
  static std::string word(TomlSection& at, std::string_view key) {
    auto values = at.texts(at.find(key), key);
    return values.empty() ? std::string() : values.front().text;
  }
  static Names names(TomlSection& at, std::string_view key) {
    Names out;
    for (auto& [text, line] : at.texts(at.find(key), key)) out.push_back(text);
    return out;
  }
  Names needed(TomlSection& at, std::string_view key) {
    at.need(key, "name the column or element");
    return names(at, key);
  }

  void read_covers(TomlSection& top) {
    const toml::node* node = top.find("covers");
    if (!node) return;
    const std::string text = word(top, "covers");
    const auto space = text.find(' ');
    const std::string number = text.substr(0, space);
    const bool is_months = space != std::string::npos && text.substr(space) == " months" && !number.empty() &&
                           number.size() <= 2 && number.find_first_not_of("0123456789") == std::string::npos;
    if (text == "collection-year") {
      to_.covers = Covers::collection_year;
    } else if (is_months) {
      to_.covers = Covers::months;
      to_.covers_months = std::stoi(number);
    } else {
      top.wrong(*node, "covers", "write \"collection-year\" or \"6 months\"");
    }
  }

  void read_child(TomlSection& at) {
    ChildSpec& to = to_.child;
    to.key = needed(at, "key");
    to.upn = names(at, "upn");
    to.former_upn = names(at, "former_upn");
    to.birth = names(at, "birth");
    to.expected_birth = names(at, "expected_birth");
    to.death = names(at, "death");
    to.required = names(at, "required");
    at.tables(at.find("sex"), "sex", "write { from = \"Sex\", values = { F = \"female\" } }", [&](TomlSection& one) {
      SexSpec spec;
      spec.from = needed(one, "from");
      const toml::node* values = one.need("values", "write { F = \"female\", M = \"male\" }");
      if (values && values->as_table())
        for (const auto& [code, meaning] : *values->as_table()) {
          std::string sex = meaning.value_or(std::string());
          spec.values[upper(std::string(code.str()))] = sex == "female"          ? Sex::female
                                                        : sex == "male"          ? Sex::male
                                                        : sex == "indeterminate" ? Sex::indeterminate
                                                                                 : Sex::unknown;
        }
      to.sex.push_back(std::move(spec));
    });
  }

  FieldSpec read_field(TomlSection& at) {
    FieldSpec out;
    at.need("name", "name the field as people read it");
    out.name = word(at, "name");
    out.from = needed(at, "from");
    out.codes = word(at, "codes");
    if (!out.codes.empty() && !to_.codes.count(out.codes))
      mistakes_.add(at.line(), "there is no code set `" + out.codes + "`", "name one of the files in `codes`");
    std::string form = word(at, "form");
    out.form = form == "date" ? FieldForm::date : form == "yes-no" ? FieldForm::yes_no : FieldForm::text;
    if (!form.empty() && form != "date" && form != "yes-no" && form != "text")
      mistakes_.add(at.line(), "`" + form + "` is no form of a field", "use \"text\", \"date\" or \"yes-no\"");
    out.in_headline = at.flag("headline");
    out.is_required = at.flag("required");
    out.is_not_before_event = at.flag("not_before_event");
    return out;
  }

  EventSpec read_event(TomlSection& at) {
    EventSpec out;
    at.need("id", "name the event; it becomes part of its records' keys");
    out.id = word(at, "id");
    if (!ids_.insert(out.id).second) mistakes_.add(at.line(), "two events are `" + out.id + "`", "name one otherwise");
    out.at = names(at, "at");
    out.date = needed(at, "date");
    out.is_required = at.flag("required");
    out.is_once_a_day = at.flag("once_a_day");
    out.is_before_birth_expected = at.flag("may_precede_birth");
    at.need("kind", "a kind of record of the vocabulary");
    at.need("category", "a category of the vocabulary");
    out.kind = word(at, "kind");
    out.category = word(at, "category");
    mistakes_.check_word(at.line(), out.kind, "kind of record", words_.kinds);
    mistakes_.check_word(at.line(), out.category, "category", words_.categories);
    const toml::node* level = at.need("sensitivity", "0 involvement ... 4 professional decision only");
    auto number = level ? level->value_exact<std::int64_t>() : std::nullopt;
    if (level && (!number || *number < 0 || *number > 4)) at.wrong(*level, "sensitivity", "write 0 to 4");
    out.sensitivity = number ? int(*number) : sensitivity_max;
    for (auto& marking : names(at, "markings")) {
      mistakes_.check_word(at.line(), marking, "marking", words_.markings);
      out.markings.insert(marking);
    }
    at.need("headline", "the line that people read");
    out.headline = word(at, "headline");
    out.not_before = names(at, "not_before");
    at.tables(at.find("fields"), "fields", "write { name = \"need\", from = \"PrimaryNeedCode\" }",
              [&](TomlSection& one) { out.fields.push_back(read_field(one)); });
    at.tables(at.find("target"), "target", "write { from = \"InitialCPCtarget\", working_days = 15 }",
              [&](TomlSection& one) {
                TargetCheck target;
                target.from = needed(one, "from");
                const toml::node* days = one.need("working_days", "write a number of days");
                target.working_days = days ? int(days->value_or(std::int64_t{0})) : 0;
                if (target.working_days < 1 || target.working_days > 366)
                  mistakes_.add(one.line(), "`working_days` is out of range", "write 1 to 366");
                for (auto key : {"source", "effective_from"}) one.find(key);
                out.target = target;
              });
    return out;
  }

  void read_list(TomlSection& at) {
    ListSpec out;
    at.need("id", "name the list");
    out.id = word(at, "id");
    out.file_words = names(at, "files");
    out.needs = needed(at, "needs");
    out.skipped_because = word(at, "skipped_because");
    at.tables(at.find("event"), "event", "write tables [[list.event]]",
              [&](TomlSection& one) { out.events.push_back(read_event(one)); });
    to_.lists.push_back(std::move(out));
  }

  void read_codes(const std::filesystem::path& file) {
    auto root = parse_file(file, mistakes_);
    if (!root) return;
    TomlSection top(*root, file.filename().string(), mistakes_);
    top.tables(top.need("set", "write tables [[set]]"), "set", "write tables [[set]]", [&](TomlSection& at) {
      at.need("id", "name the set");
      std::string id = word(at, "id");
      CodeSet set;
      at.need("source", "where the codes were published");
      set.source = word(at, "source");
      set.effective_from = date_of(at.need("effective_from", "a date: 2023-04-01"));
      const toml::node* codes = at.need("codes", "write { A1 = \"meaning\" }");
      if (codes && codes->as_table())
        for (const auto& [code, meaning] : *codes->as_table())
          set.meanings[upper(std::string(code.str()))] = meaning.value_or(std::string());
      if (set.meanings.empty())
        mistakes_.add(at.line(), "the set `" + id + "` has no codes", "write { A1 = \"meaning\" }");
      if (to_.codes.size() >= limits::code_sets_max || !to_.codes.emplace(id, std::move(set)).second)
        mistakes_.add(at.line(), "the set `" + id + "` is there twice, or there are too many", "name it otherwise");
    });
  }

  void read_holidays(const std::filesystem::path& file) {
    auto root = parse_file(file, mistakes_);
    if (!root) return;
    TomlSection top(*root, file.filename().string(), mistakes_);
    for (auto key : {"source", "effective_from"}) top.find(key);
    const toml::node* days = top.need("bank_holidays", "write a list of dates");
    const toml::array* list = days ? days->as_array() : nullptr;
    const toml::node *from = top.need("first_year", "a year"), *to = top.need("last_year", "a year");
    to_.holidays_from = from ? int(from->value_or(std::int64_t{0})) : 0;
    to_.holidays_to = to ? int(to->value_or(std::int64_t{-1})) : -1;
    if (!list) return;
    for (const toml::node& day : *list) {
      Date date = date_of(&day);
      if (!date.is_set())
        mistakes_.add(line_of(day), "a bank holiday is no date", "write 2026-12-25");
      else
        to_.bank_holidays.insert(date);
    }
  }

  Format& to_;
  TomlMistakes& mistakes_;
  const MappingWords& words_;
  const std::filesystem::path dir_;
  std::set<std::string> ids_;
};

}  // namespace

Date Format::covers_since(Date last) const {
  if (!last.is_set() || covers == Covers::unknown) return {};
  if (covers == Covers::collection_year) return {std::int16_t(last.month < 4 ? last.year - 1 : last.year), 4, 1};
  return Date::from_days(last.days() - covers_months * 30);
}

std::optional<Date> Format::working_days_after(Date day, int n) const {
  for (int passed = 0; passed < n;) {
    day = Date::from_days(day.days() + 1);
    if (day.year < holidays_from || day.year > holidays_to) return std::nullopt;
    if (day.weekday() <= 5 && !bank_holidays.count(day)) ++passed;
  }
  return day;
}

tl::expected<Format, std::vector<Error>> load_format(const std::filesystem::path& file, const MappingWords& words) {
  auto identity = read_source_identity(file);
  if (!identity) return tl::unexpected(std::vector<Error>{identity.error()});
  Format made;
  made.identity = std::move(*identity);
  TomlMistakes mistakes("bad-mapping", "the adapter's file " + file.string());
  if (auto root = parse_file(file, mistakes)) FormatReading(made, mistakes, words, file.parent_path()).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return made;
}

}  // namespace ginnel::statutory
