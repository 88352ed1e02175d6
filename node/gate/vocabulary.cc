// SPDX-License-Identifier: Apache-2.0
#include "node/gate/vocabulary.h"

#include <algorithm>
#include <array>

#include "adapters/toml_section.h"
#include "federation/record/label.h"

namespace ginnel {
namespace {

constexpr std::array<std::string_view, 16> names_of_lists{
    "action",  "purpose",     "basis",    "agency_kind", "role",     "marking",     "handling",     "consent_state",
    "decider", "record_kind", "category", "task_kind",   "interest", "notice_kind", "refusal_test", "move_kind"};
constexpr std::array<std::string_view, 4> lists_that_may_be_missing{"interest", "notice_kind", "refusal_test",
                                                                    "move_kind"};
constexpr std::int64_t interest_days_max = 366 * 18;  // a childhood

const std::set<std::string> statuses{"in force", "not in force"};
const std::set<std::string> effects{"concealed", "withheld", "never to the family"};
const std::set<std::string> decided_for{"self", "another", "nobody"};

Word read_word(TomlSection& row) {
  Word word;
  word.id = row.need_text("id", "\"child_protection\"");
  word.title = row.need_text("title", "\"Child protection\", as people read it");
  word.source = row.need_text("source", "\"Children Act 1989 s47\", the law or list that it comes from");
  word.help = row.text("help");
  const toml::node* from = row.need("effective_from", "write a date, without quotes: 2023-12-15");
  if (from && from->is_date()) {
    const toml::date day = from->as_date()->get();
    word.effective_from = {std::int16_t(day.year), day.month, day.day};
  } else if (from) {
    row.wrong(*from, "effective_from", "write a date, without quotes: 2023-12-15");
  }
  const std::string status = row.need_text("status", "\"in force\"");
  if (!status.empty()) row.mistakes().check_word(row.line_of_key("status"), status, "`status`", statuses);
  word.in_force = status == "in force";
  word.needs_head = row.flag("needs_head");
  word.break_glass = row.flag("break_glass");
  word.effect = row.text("effect");
  if (!word.effect.empty()) row.mistakes().check_word(row.line_of_key("effect"), word.effect, "`effect`", effects);
  word.travels = row.flag("travels");
  word.no_case_data = row.flag("no_case_data");
  word.joins_people = row.flag("joins_people");
  word.oversees = row.flag("oversees");
  word.involves = row.flag("involves");
  word.interest = row.text("interest");
  word.asker_days = row.number("asker_days", 0, 1, interest_days_max);
  word.asked_days = row.number("asked_days", 0, 1, interest_days_max);
  word.told_role = row.text("told_role");
  word.told_purpose = row.text("told_purpose");
  word.told_basis = row.text("told_basis");
  word.makes_returns = row.flag("makes_returns");
  word.marks_people = row.flag("marks_people");
  word.writes = row.flag("writes");
  word.sees_sharing = row.flag("sees_sharing");
  word.holds_tasks = row.flag("holds_tasks");
  word.manages_work = row.flag("manages_work");
  word.decides_for = row.text("decides_for");
  if (!word.decides_for.empty())
    row.mistakes().check_word(row.line_of_key("decides_for"), word.decides_for, "`decides_for`", decided_for);
  word.needs_judgement = row.flag("needs_judgement");
  word.telling = row.text("telling");
  if (word.travels && word.effect == "concealed")
    row.mistake("travels", "cannot be true: `" + word.id + "` is concealed", "take `travels` away");
  return word;
}

TaskRules read_task_rules(TomlSection& row) {
  TaskRules rules;
  rules.owner_role = row.need_text("owner_role", "\"manager\", the role that is given it");
  rules.deputy_role = row.text("deputy_role");
  rules.manager_role = row.need_text("manager_role", "\"manager\", who has it too when nobody did it");
  rules.due_hours = row.need_number("due_hours", 1, limits::task_hours_max);
  rules.warn_hours = row.number("warn_hours", 0, 0, limits::task_hours_max);
  rules.escalate_hours = row.number("escalate_hours", 0, 0, limits::task_hours_max);
  for (const auto& outcome : row.texts_or_none("outcomes")) rules.outcomes.push_back(outcome.text);
  rules.is_review = row.flag("review");
  rules.is_manual = row.flag("manual");
  return rules;
}

// What only a list as a whole can tell.
void check_categories(const std::vector<Word>& words, const std::vector<std::uint32_t>& lines, TomlMistakes& mistakes) {
  std::set<std::string, std::less<>> ids;
  for (const Word& word : words) ids.insert(word.id);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (auto parent = parent_category(words[i].id); !parent.empty() && !ids.contains(parent))
      mistakes.add(lines[i], "category `" + words[i].id + "` has no parent `" + std::string(parent) + "`",
                   "add the parent, or correct the name");
}

// SECURITY: work that goes to a role which nobody has, or which is shown no case, would lie there unseen.
void check_task_roles(const Vocabulary& vocabulary, const std::map<std::string, std::uint32_t>& lines,
                      TomlMistakes& mistakes) {
  for (const Word& kind : vocabulary.words("task_kind"))
    for (const auto& id : {kind.task.owner_role, kind.task.deputy_role, kind.task.manager_role}) {
      const Word* role = id.empty() ? nullptr : vocabulary.find("role", id);
      if (id.empty() || (role && role->holds_tasks)) continue;
      mistakes.add(lines.at(kind.id),
                   "`" + kind.id + "` gives work to `" + id + "`, which is no role with `holds_tasks`",
                   "name a role that has it, or give it to that role");
    }
}

std::vector<Word> read_list(const std::string& name, TomlSection& root, TomlMistakes& mistakes,
                            std::map<std::string, std::uint32_t>& task_lines) {
  std::vector<Word> words;
  std::vector<std::uint32_t> lines;
  std::set<std::string> ids;
  for (const toml::table* table : root.sections(name)) {
    TomlSection row(*table, "[[" + name + "]]", mistakes);
    Word word = read_word(row);
    if (name == "task_kind") word.task = read_task_rules(row);
    if (!word.id.empty() && !ids.insert(word.id).second)
      row.mistake("id", "is `" + word.id + "`, which stands in this list already", "remove one of them");
    if (name == "task_kind") task_lines.emplace(word.id, row.line());
    words.push_back(std::move(word));
    lines.push_back(row.line());
  }
  if (name == "category") check_categories(words, lines, mistakes);
  return words;
}

PeopleWords read_people(const toml::table& table, const std::map<std::string, std::vector<Word>, std::less<>>& lists,
                        TomlMistakes& mistakes) {
  TomlSection section(table, "[people]", mistakes);
  const auto ids = [&](const char* list) {
    std::set<std::string> out;
    if (auto found = lists.find(list); found != lists.end())
      for (const Word& word : found->second) out.insert(word.id);
    return out;
  };
  PeopleWords people;
  people.who = section.need_text("who", "\"identity\", the category of who somebody is");
  people.where = section.need_text("where", "\"household\", the category of where they live");
  people.kind = section.need_text("kind", "\"involvement\", the record kind of both");
  people.sensitivity = std::uint8_t(section.need_number("sensitivity", 0, sensitivity_max));
  for (const auto& [key, word] : {std::pair{"who", people.who}, std::pair{"where", people.where}})
    if (!word.empty())
      mistakes.check_word(section.line_of_key(key), word, "`" + std::string(key) + "`", ids("category"));
  if (!people.kind.empty()) mistakes.check_word(section.line_of_key("kind"), people.kind, "`kind`", ids("record_kind"));
  return people;
}

}  // namespace

std::span<const std::string_view> Vocabulary::list_names() { return names_of_lists; }

Expected<Vocabulary> Vocabulary::parse(std::string_view text, const std::string& file_name) {
  TomlMistakes mistakes("bad-vocabulary", file_name);
  Vocabulary vocabulary;
  if (auto parsed = parse_toml(text, mistakes)) {
    TomlSection root(*parsed, "the vocabulary", mistakes);
    vocabulary.edition_ = root.text("edition");
    std::map<std::string, std::uint32_t> task_lines;
    for (std::string_view list : names_of_lists) {
      const std::string name(list);
      const bool may_be_missing = std::find(lists_that_may_be_missing.begin(), lists_that_may_be_missing.end(), list) !=
                                  lists_that_may_be_missing.end();
      if (may_be_missing || root.need(name, "add a [[" + name + "]] for each of its words"))
        vocabulary.lists_[name] = read_list(name, root, mistakes, task_lines);
    }
    if (const toml::table* people = root.section("people"))
      vocabulary.people_ = read_people(*people, vocabulary.lists_, mistakes);
    check_task_roles(vocabulary, task_lines, mistakes);
  }
  for (const Word& purpose : vocabulary.words("purpose"))
    if (!purpose.interest.empty() && !vocabulary.knows("interest", purpose.interest))
      mistakes.add(1, "the purpose `" + purpose.id + "` names the interest `" + purpose.interest + "`, which is none",
                   "add an [[interest]] of that id, or correct the name");
  for (const auto& [name, what] : {std::pair<const char*, const char*>{"interest", "interest"}, {"move_kind", "move"}})
    for (const Word& one : vocabulary.words(name))
      for (const auto& [list, word] : {std::pair<const char*, const std::string*>{"role", &one.told_role},
                                       {"purpose", &one.told_purpose},
                                       {"basis", &one.told_basis}})
        if (!vocabulary.knows(list, *word))
          mistakes.add(
              1, std::string("the ") + what + " `" + one.id + "` names the " + list + " `" + *word + "`, which is none",
              "use a word of the vocabulary");
  if (!mistakes.none())
    return fail("bad-vocabulary", "cannot use the vocabulary", mistakes.as_text(), "mend each line");
  return vocabulary;
}

Expected<Vocabulary> Vocabulary::read(const std::filesystem::path& file) {
  TomlMistakes mistakes("no-vocabulary", file.string());
  auto text = read_text_file(file, limits::vocabulary_file_bytes_max, mistakes);
  if (!text)
    return fail("no-vocabulary", "cannot open the vocabulary", mistakes.as_text(), "check `vocabulary` in bundle.toml");
  return parse(*text, file.filename().string());
}

std::set<std::string> Vocabulary::ids(std::string_view list) const {
  std::set<std::string> out;
  for (const Word& word : words(list)) out.insert(word.id);
  return out;
}

std::set<std::string> Vocabulary::ids_in_force(std::string_view list) const {
  std::set<std::string> out;
  for (const Word& word : words(list))
    if (word.in_force) out.insert(word.id);
  return out;
}

const std::vector<Word>& Vocabulary::words(std::string_view list) const {
  static const std::vector<Word> none;
  auto found = lists_.find(list);
  return found == lists_.end() ? none : found->second;
}

const Word* Vocabulary::find(std::string_view list, std::string_view id) const {
  for (const auto& word : words(list))
    if (word.id == id) return &word;
  return nullptr;
}

std::string_view parent_category(std::string_view category) {
  auto dot = category.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : category.substr(0, dot);
}

std::string_view root_category(std::string_view category) { return category.substr(0, category.find('.')); }

}  // namespace ginnel
