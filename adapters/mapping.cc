// SPDX-License-Identifier: Apache-2.0
#include "adapters/mapping.h"

#include <algorithm>

#include "adapters/limits.h"
#include "adapters/suggest.h"
#include "adapters/toml_section.h"

namespace ginnel {
namespace {

using mapping::Choice;
using mapping::Column;
using mapping::Condition;
using mapping::DateSpec;
using mapping::no_column;
using mapping::PeopleTable;
using mapping::RecordSpec;
using mapping::RecordTable;
using mapping::RelationSpec;
using mapping::RelationTable;
using mapping::Table;

const std::set<std::string> sexes = {"female", "indeterminate", "male", "unknown"};
const std::set<std::string> roles = {"carer", "child", "household", "parent", "third_party"};
const std::set<std::string> assertions = {"fact", "opinion"};
const std::set<std::string> sensitivities = {"0", "1", "2", "3", "4"};
const std::set<std::string> any_word;

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  }
  return text;
}

// Reads one mapping; what is wrong goes to mistakes_ and the reading goes on.
class MappingReading {
 public:
  MappingReading(Mapping& to, TomlMistakes& mistakes, const MappingWords& words)
      : to_(to), mistakes_(mistakes), words_(words) {}

  void read(const toml::table& root) {
    TomlSection top(root, "the mapping", mistakes_);
    to_.system = top.need_text("system", "\"case-system\", the name of the source system");
    for (auto key : {"data_owner", "supplement"}) top.find(key);  // source_identity.h reads them
    read_owner(top);
    read_form(top);
    read_lookups(top);
    named_tables(top, "people", [&](TomlSection& at) { read_people(at); });
    named_tables(top, "relations", [&](TomlSection& at) { read_relations(at); });
    named_tables(top, "records", [&](TomlSection& at) { read_records(at); });
    std::size_t tables = to_.people.size() + to_.relations.size() + to_.records.size();
    if (tables == 0) mistakes_.add(1, "the mapping reads nothing", "add a [people.NAME] or a [records.NAME]");
    if (tables > limits::mapping_tables_max) {
      mistakes_.add(1, "the mapping has more than " + std::to_string(limits::mapping_tables_max) + " tables",
                    "divide it into several mappings");
    }
  }

 private:
  void read_owner(TomlSection& top) {
    const toml::node* node = top.find("owner");
    if (!node) return;
    auto owner = MemberId::parse(node->value_or(std::string()));
    if (!owner) {
      top.wrong(*node, "owner", "write the member's id, for example \"wy-police\", or leave it out: whoever imports");
    } else {
      to_.owner = *owner;
    }
  }

  void read_form(TomlSection& top) {
    if (const toml::node* node = top.find("encoding")) {
      std::string encoding = node->value_or(std::string());
      to_.windows_1252 = encoding == "windows-1252";
      if (!to_.windows_1252 && encoding != "utf-8") top.wrong(*node, "encoding", "write \"utf-8\" or \"windows-1252\"");
    }
    if (const toml::node* node = top.find("delimiter")) {
      std::string delimiter = node->value_or(std::string());
      if (delimiter.size() == 1 && delimiter != "\"" && delimiter != "\n" && delimiter != "\r") {
        to_.delimiter = delimiter[0];
      } else {
        top.wrong(*node, "delimiter", "write one character, for example \",\" or \";\"");
      }
    }
    forms_ = read_forms(top, "dates");
    if (forms_.empty()) forms_.push_back(*DateForm::parse("YYYY-MM-DD"));
  }

  std::vector<DateForm> read_forms(TomlSection& at, std::string_view key) {
    std::vector<DateForm> forms;
    for (auto& [text, line] : at.texts(at.find(key), key)) {
      if (auto form = DateForm::parse(text)) {
        forms.push_back(*form);
      } else {
        mistakes_.add(line, "`" + text + "` is no form of a date",
                      "use YYYY, MM or MON, DD, HH:MI, as in \"DD/MM/YYYY\"");
      }
    }
    return forms;
  }

  void read_lookups(TomlSection& top) {
    const toml::node* node = top.find("lookup");
    if (!node) return;
    const toml::table* lookups = node->as_table();
    if (!lookups) return top.wrong(*node, "lookup", "write tables [lookup.NAME]");
    for (const auto& [name, values] : *lookups) {
      lookup_names_.emplace_back(name.str());
      to_.lookups.push_back(read_values(values, "[lookup." + lookup_names_.back() + "]"));
    }
  }

  std::map<std::string, std::string, std::less<>> read_values(const toml::node& node, const std::string& of) {
    std::map<std::string, std::string, std::less<>> out;
    const toml::table* table = node.as_table();
    if (!table || table->empty()) {
      mistakes_.add(line_of(node), of + " is no list of values", "write CODE = \"meaning\" for each value");
      return out;
    }
    for (const auto& [code, meaning] : *table) {
      auto text = meaning.value_exact<std::string>();
      auto number = meaning.value_exact<std::int64_t>();
      if (!text && !number) mistakes_.add(line_of(meaning), of + " has a value that is no text", "write it in quotes");
      out[std::string(code.str())] = text ? *text : std::to_string(number.value_or(0));
    }
    return out;
  }

  template <class Read>
  void named_tables(TomlSection& top, std::string_view group, Read read) {
    const toml::node* node = top.find(group);
    if (!node) return;
    const toml::table* tables = node->as_table();
    if (!tables) return top.wrong(*node, group, "write tables [" + std::string(group) + ".NAME]");
    for (const auto& [name, table] : *tables) {
      std::string full = std::string(group) + "." + std::string(name.str());
      if (!table.is_table()) {
        top.wrong(table, full, "write it as a table [" + full + "]");
        continue;
      }
      TomlSection section(*table.as_table(), "[" + full + "]", mistakes_);
      current_name_ = full;
      read(section);
    }
  }

  // -- parts that all tables share

  void read_table(Table& table, TomlSection& at, std::string_view key_reads) {
    table.name = current_name_;
    at_ = &table;
    const toml::node* files = at.need("files", "say which files it reads, for example files = [\"*visits*.csv\"]");
    for (auto& [pattern, line] : at.texts(files, "files")) table.files.push_back(pattern);
    table.key = read_key(at, "key", key_reads);
    read_conditions(table.where, at, "where");
    table.complete = at.flag("complete");
  }

  mapping::KeySpec read_key(TomlSection& at, std::string_view key, std::string_view reads) {
    mapping::KeySpec spec;
    const toml::node* node = at.need(key, "name the column that holds " + std::string(reads));
    for (auto& [name, line] : at.texts(node, key)) spec.columns.push_back(use(name, line, reads));
    return spec;
  }

  int use(const std::string& name, std::uint32_t line, std::string_view reads) {
    for (std::size_t i = 0; i < at_->columns.size(); ++i) {
      if (at_->columns[i].name == name) return int(i);
    }
    at_->columns.push_back({name, line, std::string(reads)});
    return int(at_->columns.size()) - 1;
  }

  int read_column(TomlSection& at, std::string_view key, std::string_view reads, bool needed = false) {
    const toml::node* node = needed ? at.need(key, "name the column that holds " + std::string(reads)) : at.find(key);
    if (!node) return no_column;
    auto name = node->value_exact<std::string>();
    if (!name || name->empty()) {
      at.wrong(*node, key, "name a column");
      return no_column;
    }
    return use(*name, line_of(*node), reads);
  }

  void read_conditions(std::vector<Condition>& to, TomlSection& at, std::string_view key) {
    at.tables(at.find(key), key, "write { column = \"C\", is = [\"A\"] }", [&](TomlSection& section) {
      if (auto condition = read_condition(section)) to.push_back(*condition);
    });
  }
  std::optional<Condition> read_one_condition(TomlSection& at, std::string_view key) {
    std::vector<Condition> found;
    read_conditions(found, at, key);
    return found.empty() ? std::nullopt : std::optional(found[0]);
  }

  std::optional<Condition> read_condition(TomlSection& at) {
    Condition condition;
    condition.column = read_column(at, "column", "a condition", true);
    const toml::node *is = at.find("is"), *is_not = at.find("not"), *empty = at.find("empty");
    if (int(is != nullptr) + int(is_not != nullptr) + int(empty != nullptr) != 1) {
      mistakes_.add(at.line(), at.name() + " has no test, or more than one", "give one of `is`, `not` and `empty`");
      return std::nullopt;
    }
    if (empty) {
      condition.values = {""};
      condition.wanted = empty->value_or(true);
      if (!empty->is_boolean()) at.wrong(*empty, "empty", "write true or false");
    } else {
      condition.wanted = is != nullptr;
      for (auto& [value, line] : at.texts(is ? is : is_not, is ? "is" : "not")) condition.values.insert(upper(value));
    }
    return condition.column == no_column ? std::nullopt : std::optional(condition);
  }

  // "COLUMN", or { column, time, form, required }.
  DateSpec read_date_spec(TomlSection& at, std::string_view key, std::string_view reads, bool needed = false) {
    DateSpec spec;
    const toml::node* node = needed ? at.need(key, "name the column that holds " + std::string(reads)) : at.find(key);
    if (!node) return spec;
    spec.forms = forms_;
    spec.required = needed;
    const toml::table* table = node->as_table();
    if (!table) {
      auto name = node->value_exact<std::string>();
      if (name && !name->empty()) {
        spec.column = use(*name, line_of(*node), reads);
      } else {
        at.wrong(*node, key, "name a column, or write { column = \"C\", form = \"DD/MM/YYYY\" }");
      }
      return spec;
    }
    TomlSection section(*table, "`" + std::string(key) + "` of " + at.name(), mistakes_);
    spec.column = read_column(section, "column", reads, true);
    spec.time_column = read_column(section, "time", reads);
    if (auto forms = read_forms(section, "form"); !forms.empty()) spec.forms = forms;
    spec.required = section.flag("required") || needed;
    return spec;
  }

  // A word, or { column, values, default }. An empty `allowed` allows every word.
  std::optional<Choice> read_choice(TomlSection& at, std::string_view key, const std::set<std::string>& allowed,
                                    std::string_view needed_remedy = {}) {
    const toml::node* node = needed_remedy.empty() ? at.find(key) : at.need(key, needed_remedy);
    if (!node) return std::nullopt;
    return choice_of(*node, at, key, allowed);
  }

  std::optional<Choice> choice_of(const toml::node& node, TomlSection& at, std::string_view key,
                                  const std::set<std::string>& allowed) {
    Choice choice;
    auto word = node.value_exact<std::string>();
    auto number = node.value_exact<std::int64_t>();
    if (word || number) {
      choice.constant = word ? *word : std::to_string(*number);
      check_word(choice.constant, line_of(node), key, allowed);
      return choice;
    }
    const toml::table* table = node.as_table();
    if (!table) {
      at.wrong(node, key, "write a word, or { column = \"C\", values = { CODE = \"word\" } }");
      return std::nullopt;
    }
    TomlSection section(*table, "`" + std::string(key) + "` of " + at.name(), mistakes_);
    choice.column = read_column(section, "column", std::string(key), true);
    if (const toml::node* values = section.need("values", "say which word each value stands for")) {
      choice.values = read_values(*values, "`values` of " + section.name());
      for (const auto& [code, value] : choice.values) check_word(value, line_of(*values), key, allowed);
    }
    if (const toml::node* otherwise = section.find("default")) {
      auto text = otherwise->value_exact<std::string>();
      auto digit = otherwise->value_exact<std::int64_t>();
      choice.otherwise = text ? *text : digit ? std::to_string(*digit) : std::string();
      check_word(*choice.otherwise, line_of(*otherwise), key, allowed);
    }
    return choice;
  }

  void check_word(const std::string& word, std::uint32_t line, std::string_view key,
                  const std::set<std::string>& allowed) {
    if (word.empty() && key == "marking") return;  // a value that stands for no marking
    mistakes_.check_word(line, word, key, allowed);
  }

  // -- texts

  std::optional<TextForm> read_text(TomlSection& at, std::string_view key, std::string_view reads) {
    const toml::node* node = at.find(key);
    if (!node) return std::nullopt;
    return text_of(*node, at, key, reads);
  }

  std::optional<TextForm> text_of(const toml::node& node, TomlSection& at, std::string_view key,
                                  std::string_view reads) {
    auto text = node.value_exact<std::string>();
    if (!text) {
      at.wrong(node, key, "write a text in quotes");
      return std::nullopt;
    }
    TextForm::Names names;
    names.column = [&](std::string_view column) { return use(std::string(column), line_of(node), reads); };
    names.lookup = [&](std::string_view name) {
      auto found = std::find(lookup_names_.begin(), lookup_names_.end(), name);
      return found == lookup_names_.end() ? -1 : int(found - lookup_names_.begin());
    };
    auto form = TextForm::parse(*text, names);
    if (!form) {
      mistakes_.add(line_of(node), "`" + std::string(key) + "` of " + at.name() + ": " + form.error().why,
                    form.error().remedy);
      return std::nullopt;
    }
    return *form;
  }

  // -- people

  void read_people(TomlSection& at) {
    PeopleTable table;
    read_table(table, at, "the key of the person");
    at.tables(at.find("identifiers"), "identifiers", "write { scheme = \"nhs\", column = \"C\" }",
              [&](TomlSection& one) {
                mapping::IdentifierSpec spec;
                spec.scheme = one.need_text("scheme", "\"nhs\", \"upn\" or \"source:NAME\"");
                if (spec.scheme != "nhs" && spec.scheme != "upn" && !spec.scheme.starts_with("source:") &&
                    !spec.scheme.empty()) {
                  mistakes_.add(one.line(), "`" + spec.scheme + "` is no scheme of identifiers",
                                "write \"nhs\", \"upn\" or \"source:NAME\"");
                }
                spec.column = read_column(one, "column", "an identifier (" + spec.scheme + ")", true);
                spec.verified = one.flag("verified");
                spec.verified_when = read_one_condition(one, "verified_when");
                if (spec.column != no_column) table.identifiers.push_back(std::move(spec));
              });
    const toml::node* names = at.need("names", "write names = { given = \"C\", family = \"C\" }");
    at.tables(names, "names", "write { given = \"C\", family = \"C\" }", [&](TomlSection& one) {
      mapping::NameSpec spec;
      spec.given = read_column(one, "given", "the given name", true);
      spec.family = read_column(one, "family", "the family name", true);
      auto use_of = read_choice(one, "use", {"alias", "birth", "previous", "usual"});
      spec.use = use_of ? use_of->constant : "usual";
      table.names.push_back(spec);
    });
    table.birth = read_date_spec(at, "birth", "the date of birth");
    table.expected_birth = read_date_spec(at, "expected_birth", "the expected date of birth");
    table.death = read_date_spec(at, "death", "the date of death");
    table.sex = read_choice(at, "sex", sexes);
    at.tables(at.find("addresses"), "addresses", "write { lines = [\"C\"], postcode = \"C\" }",
              [&](TomlSection& one) { table.addresses.push_back(read_address(one)); });
    at.tables(at.find("relations"), "relations", "write { to = \"C\", kind = \"mother\" }",
              [&](TomlSection& one) { table.relations.push_back(read_relation(one)); });
    at.each(at.find("markings"), "markings", "write a marking, or { column, values }", [&](const toml::node& node) {
      if (auto choice = choice_of(node, at, "marking", words_.markings)) table.markings.push_back(*choice);
    });
    to_.people.push_back(std::move(table));
  }

  mapping::AddressSpec read_address(TomlSection& at) {
    mapping::AddressSpec spec;
    for (auto& [name, line] : at.texts(at.find("lines"), "lines")) spec.lines.push_back(use(name, line, "the address"));
    spec.postcode = read_column(at, "postcode", "the postcode");
    spec.uprn = read_column(at, "uprn", "the property reference");
    spec.from = read_date_spec(at, "from", "the start of an address");
    spec.to = read_date_spec(at, "to", "the end of an address");
    spec.protected_when = read_one_condition(at, "protected_when");
    return spec;
  }

  RelationSpec read_relation(TomlSection& at) {
    RelationSpec spec;
    spec.to = read_column(at, "to", "the key of a related person", true);
    if (auto kind = read_choice(at, "kind", any_word, "say who the other is, for example \"mother\""))
      spec.kind = *kind;
    spec.same_household = at.flag("same_household");
    spec.same_household_when = read_one_condition(at, "same_household_when");
    spec.parental_responsibility = at.flag("parental_responsibility");
    spec.parental_responsibility_when = read_one_condition(at, "parental_responsibility_when");
    spec.from = read_date_spec(at, "from", "the start of a relation");
    spec.to_date = read_date_spec(at, "until", "the end of a relation");
    return spec;
  }

  void read_relations(TomlSection& at) {
    RelationTable table;
    read_table(table, at, "the key of the person");
    table.relation = read_relation(at);
    to_.relations.push_back(std::move(table));
  }

  // -- records

  void read_records(TomlSection& at) {
    RecordTable table;
    read_table(table, at, "the key of the row");
    const toml::node* subjects = at.need("subjects", "write subjects = { column = \"C\", role = \"child\" }");
    at.tables(subjects, "subjects", "write { column = \"C\", role = \"child\" }", [&](TomlSection& one) {
      mapping::SubjectSpec spec;
      spec.column = read_column(one, "column", "whom the row is about", true);
      if (auto split = one.text("split"); !split.empty()) spec.split = split[0];
      if (auto role = read_choice(one, "role", roles, "write one of " + one_of({roles.begin(), roles.end()}))) {
        spec.role = *role;
      }
      if (spec.column != no_column) table.subjects.push_back(std::move(spec));
    });
    table.occurred = read_date_spec(at, "occurred", "the date of the event", true);
    table.recorded = read_date_spec(at, "recorded", "the date on which the event was recorded");
    table.review_on = read_date_spec(at, "review_on", "the date on which somebody looks at the record again");
    table.retention_rule = at.text("retention");
    read_spec(table.base, at, true);
    at.tables(at.find("author"), "author", "write { name = \"{C}\", role = \"...\" }", [&](TomlSection& one) {
      table.author_name = read_text(one, "name", "the author's name").value_or(TextForm());
      table.author_role = read_text(one, "role", "the author's role").value_or(TextForm());
      table.author_team = read_text(one, "team", "the author's team").value_or(TextForm());
      table.author_contact = read_text(one, "contact", "whom to ring").value_or(TextForm());
    });
    at.tables(at.find("rules"), "rules", "write [[" + current_name_ + ".rules]]", [&](TomlSection& one) {
      mapping::Rule rule;
      one.need("when", "write when = { column = \"C\", is = [\"A\"] }");
      read_conditions(rule.when, one, "when");
      read_spec(rule.set, one, false);
      table.rules.push_back(std::move(rule));
    });
    to_.records.push_back(std::move(table));
  }

  void read_spec(RecordSpec& spec, TomlSection& at, bool whole) {
    auto remedy = [&](std::string_view text) { return whole ? text : std::string_view(); };
    spec.kind = read_choice(at, "kind", words_.kinds, remedy("say what kind of record it is, for example \"visit\""));
    spec.category = read_choice(at, "category", words_.categories,
                                remedy("say who may see it by its category, for example \"social-care.visit\""));
    spec.sensitivity = read_choice(at, "sensitivity", sensitivities,
                                   remedy("0 involvement and contact, 1 routine, 2 personal, 3 special category, "
                                          "4 professional decision only"));
    spec.assertion = read_choice(at, "assertion", assertions);
    at.each(at.find("markings"), "markings", "write a marking, or { column, values }", [&](const toml::node& node) {
      if (auto choice = choice_of(node, at, "marking", words_.markings)) spec.markings.push_back(*choice);
    });
    spec.handling = read_text(at, "handling", "the handling code");
    if (spec.handling && spec.handling->is_constant() && !words_.handlings.empty()) {
      std::string word = spec.handling->fill({}, {});
      if (!word.starts_with("3x5x2:")) check_word(word, line_of(*at.find("handling")), "handling", words_.handlings);
    }
    if (whole) at.need("headline", "write the line that people read, for example \"home visit[: {OUTCOME}]\"");
    spec.headline = read_text(at, "headline", "the headline");
    spec.narrative = read_text(at, "narrative", "the text of the record");
    at.tables(at.find("fields"), "fields", "write { name = \"outcome\", value = \"{C}\" }", [&](TomlSection& one) {
      mapping::FieldSpec field;
      field.name = one.need_text("name", "\"outcome\", as people read it");
      if (const toml::node* value = one.need("value", "write \"{C}\"")) {
        field.value = text_of(*value, one, "value", "the field `" + field.name + "`").value_or(TextForm());
      }
      spec.fields.push_back(std::move(field));
    });
  }

  Mapping& to_;
  TomlMistakes& mistakes_;
  const MappingWords& words_;
  std::vector<DateForm> forms_;
  std::vector<std::string> lookup_names_;
  std::string current_name_;
  Table* at_ = nullptr;  // the table whose columns are being counted
};

}  // namespace

tl::expected<Mapping, std::vector<Error>> read_mapping(std::string_view text, std::string path,
                                                       const MappingWords& words) {
  TomlMistakes mistakes("bad-mapping", "the mapping " + path);
  if (text.size() > limits::mapping_file_bytes_max) {
    mistakes.add(0, "it has more than " + std::to_string(limits::mapping_file_bytes_max) + " bytes",
                 "is it the right file?");
    return tl::unexpected(mistakes.in_order());
  }
  Mapping made;
  made.path = std::move(path);
  if (auto root = parse_toml(text, mistakes)) MappingReading(made, mistakes, words).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return made;
}

tl::expected<Mapping, std::vector<Error>> load_mapping(const std::filesystem::path& file, const MappingWords& words) {
  TomlMistakes mistakes("bad-mapping", "the mapping " + file.string());
  auto text = read_text_file(file, limits::mapping_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return read_mapping(*text, file.string(), words);
}

}  // namespace ginnel
