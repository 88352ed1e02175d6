// SPDX-License-Identifier: Apache-2.0
// Reads a definition's file, table by table. What only the file as a whole can tell is in definition_check.cc.
#include <algorithm>

#include "adapters/toml_section.h"
#include "node/process/engine/definition_check.h"

namespace ginnel {
namespace {

constexpr std::string_view as_date = "write a date without quotes: 2023-12-15";
constexpr int percent_max = 100;
constexpr int sensitivity_max = 4;

// A word that the file chooses: in keys of tables.
bool is_word(std::string_view text) {
  std::string hyphens(text);
  std::replace(hyphens.begin(), hyphens.end(), '_', '-');
  return is_event_word(hyphens);
}

class DefinitionReader {
 public:
  DefinitionReader(Definition& out, TomlMistakes& mistakes) : out_(out), mistakes_(mistakes) {}

  void read(TomlSection& root) {
    read_heading(root);
    out_.roles = read_titles(root, "roles", "manager = \"Team manager\"");
    out_.agencies = read_titles(root, "agencies", "police = \"Police\"");
    for_each(root, "state", [&](TomlSection& section, const std::string& id) { read_state(section, id); });
    for_each(root, "step", [&](TomlSection& section, const std::string& id) { read_step(section, id); });
    for_each(root, "watch", [&](TomlSection& section, const std::string& id) { read_watch(section, id); });
    if (const toml::table* look = root.section("look")) {
      TomlSection section(*look, "[look]", mistakes_);
      read_look(section);
    }
    for_each(root, "pattern", [&](TomlSection& section, const std::string& id) { read_pattern(section, id); });
    root.tables(root.find("migrate"), "migrate", "write each as [[migrate]]", [&](TomlSection& section) {
      Migration migration;
      migration.from = section.need_number("from", 1, limits::process_version_max);
      migration.steps = read_renames(section, "steps");
      migration.states = read_renames(section, "states");
      out_.migrations.push_back(std::move(migration));
    });
  }

 private:
  void read_heading(TomlSection& root) {
    out_.key.id = word_in(root, "id", "\"child-protection\"");
    out_.key.authority = word_in(root, "authority", "\"west-yorkshire\"");
    out_.key.version = root.need_number("version", 1, limits::process_version_max);
    out_.title = root.need_text("title", "\"Child protection\"");
    out_.edition = root.need_text("edition", "\"Working Together 2023\", the guidance that it follows");
    out_.source = root.text("source");
    out_.start = root.need_text("start", "\"contact\", the first step");
    out_.manager = root.need_text("manager", "\"manager\", the role that is told what is late");
    out_.deputy = root.text("deputy");
    out_.out_of_hours = root.text("out_of_hours");
    root.need("effective_from", as_date);
    out_.effective_from = date_in(root, {});
  }

  std::string word_in(TomlSection& section, std::string_view key, std::string_view example) {
    std::string text = section.need_text(key, example);
    if (!text.empty() && !is_word(text)) section.mistake(key, "is no word", "use a-z, 0-9 and single hyphens");
    return text;
  }

  Date date_in(TomlSection& section, Date otherwise) {
    const toml::node* node = section.find("effective_from");
    if (!node) return otherwise;
    if (const auto* value = node->as_date()) {
      const toml::date day = value->get();
      if (auto date = Date::of(day.year, day.month, day.day)) return *date;
    }
    section.wrong(*node, "effective_from", as_date);
    return otherwise;
  }

  std::map<std::string, std::string> read_titles(TomlSection& root, std::string_view key, const std::string& example) {
    std::map<std::string, std::string> out;
    const toml::table* table = root.need_section(key);
    if (!table) return out;
    TomlSection section(*table, "[" + std::string(key) + "]", mistakes_);
    for (auto& [id, title] : section.all_texts()) {
      if (!is_word(id)) section.mistake(id, "is no word", "use a-z, 0-9, and single hyphens or underscores");
      out.emplace(id, std::move(title.text));
    }
    if (out.empty()) mistakes_.add(section.line(), "[" + std::string(key) + "] has no word", "add " + example);
    if (out.size() > limits::process_words_max)
      mistakes_.add(section.line(), "there are too many", "there may be " + std::to_string(limits::process_words_max));
    return out;
  }

  std::map<std::string, std::string> read_renames(TomlSection& section, std::string_view key) {
    std::map<std::string, std::string> out;
    if (const toml::table* table = section.section(key)) {
      TomlSection names(*table, "`" + std::string(key) + "` of " + section.name(), mistakes_);
      for (auto& [from, to] : names.all_texts()) out.emplace(from, std::move(to.text));
    }
    return out;
  }

  // Each [key.ID], in the order of the file, which toml++ does not keep.
  template <class Take>
  void for_each(TomlSection& root, const std::string& key, Take take) {
    const toml::table* all = root.section(key);
    if (!all) return;
    TomlSection section(*all, "[" + key + "]", mistakes_);
    std::vector<std::pair<std::uint32_t, std::string>> in_order;
    for (const std::string& id : section.keys()) in_order.emplace_back(section.line_of_key(id), id);
    std::sort(in_order.begin(), in_order.end());
    for (const auto& [line, id] : in_order) {
      if (!is_event_word(id)) section.mistake(id, "is no word", "use a-z, 0-9 and single hyphens");
      if (const toml::table* table = section.section(id)) {
        TomlSection one(*table, "[" + key + "." + id + "]", mistakes_);
        take(one, id);
      }
    }
  }

  std::vector<std::string> list_in(TomlSection& section, std::string_view key) {
    std::vector<std::string> out;
    for (auto& item : section.texts_or_none(key)) {
      if (std::find(out.begin(), out.end(), item.text) != out.end())
        mistakes_.add(item.line, "`" + item.text + "` stands twice in `" + std::string(key) + "` of " + section.name(),
                      "remove one");
      out.push_back(std::move(item.text));
    }
    if (out.size() > limits::process_words_max)
      section.mistake(key, "is too long", "there may be " + std::to_string(limits::process_words_max));
    return out;
  }

  void read_state(TomlSection& section, const std::string& id) {
    StateDefinition state;
    state.id = id;
    state.title = section.need_text("title", "\"On a plan\", as people read it");
    for (auto& purpose : list_in(section, "proves")) state.proves.insert(purpose);
    state.one = section.flag("one");
    out_.states.push_back(std::move(state));
  }

  std::optional<int> time_in(TomlSection& section, std::string_view key) {
    const std::string text = section.text(key);
    if (text.empty()) return std::nullopt;
    auto rule = parse_clock_rule("by " + text + " of the same day as a.b");
    if (!rule || !rule->at_minutes) section.mistake(key, "is no time of day", "write it as \"17:00\"");
    return rule ? rule->at_minutes : std::nullopt;
  }

  void read_step(TomlSection& section, const std::string& id) {
    StepDefinition step;
    step.id = id;
    step.line = section.line();
    step.title = section.need_text("title", "\"Strategy discussion\"");
    step.lead = section.need_text("lead", "\"social_worker\", a role of [roles]");
    step.deputy = section.text("deputy");
    if (step.deputy.empty()) step.deputy = out_.deputy;
    step.out_of_hours = section.text("out_of_hours");
    if (step.out_of_hours.empty()) step.out_of_hours = out_.out_of_hours;
    step.holds = section.text("holds");
    step.invite = list_in(section, "invite");
    if (const toml::table* quorum = section.section("quorum")) {
      TomlSection counts(*quorum, "`quorum` of " + section.name(), mistakes_);
      for (const std::string& kind : counts.keys()) {
        const int count = int(counts.need_number(kind, 1, percent_max));
        (kind == "others" ? step.quorum.others : step.quorum.kinds[kind]) = count;
      }
    }
    step.evidence = list_in(section, "evidence");
    step.dates = list_in(section, "dates");
    step.may_have = list_in(section, "may_have");
    step.brought = list_in(section, "brought");
    step.in_states = list_in(section, "in_states");
    step.not_in_states = list_in(section, "not_in_states");
    step.any_time = section.flag("any_time");
    step.in_parallel = section.flag("in_parallel");
    step.cover_by_minutes = time_in(section, "cover_by");
    step.source = section.text("source");
    if (const toml::table* record = section.section("record")) {
      TomlSection words(*record, "`record` of " + section.name(), mistakes_);
      step.record = StepRecord{words.need_text("kind", "\"strategy_discussion\", a kind of record"),
                               words.need_text("category", "\"social-care.s47\", a category"),
                               int(words.number("sensitivity", 2, 0, sensitivity_max)), words.line()};
    }
    section.tables(section.find("clock"), "clock", "write it as [step." + id + ".clock]",
                   [&](TomlSection& clock) { read_clock(clock, step); });
    if (const toml::table* outcomes = section.need_section("outcome")) {
      TomlSection all(*outcomes, "[step." + id + ".outcome]", mistakes_);
      std::vector<std::pair<std::uint32_t, std::string>> in_order;
      for (const std::string& outcome : all.keys()) in_order.emplace_back(all.line_of_key(outcome), outcome);
      std::sort(in_order.begin(), in_order.end());
      for (const auto& [line, outcome] : in_order)
        if (const toml::table* table = all.section(outcome)) read_outcome(*table, outcome, step);
    }
    out_.steps.push_back(std::move(step));
  }

  void read_outcome(const toml::table& table, const std::string& id, StepDefinition& step) {
    TomlSection section(table, "outcome `" + id + "` of [step." + step.id + "]", mistakes_);
    if (!is_event_word(id)) mistakes_.add(section.line(), "`" + id + "` is no word", "use a-z, 0-9 and single hyphens");
    StepOutcome outcome;
    outcome.id = id;
    outcome.title = section.text("title");
    if (outcome.title.empty()) outcome.title = id;
    outcome.to = list_in(section, "to");
    outcome.opens = list_in(section, "opens");
    outcome.closes = list_in(section, "closes");
    outcome.cancels = list_in(section, "cancels");
    outcome.needs = list_in(section, "needs");
    outcome.tell = list_in(section, "tell");
    outcome.record_kind = section.text("recorded_as");
    outcome.ends = section.flag("ends");
    outcome.without_quorum = section.flag("without_quorum");
    outcome.without_evidence = section.flag("without_evidence");
    step.outcomes.push_back(std::move(outcome));
  }

  ClockRule rule_in(TomlSection& section, std::string_view example) {
    const std::string text = section.need_text("due", example);
    if (text.empty()) return {};
    auto rule = parse_clock_rule(text);
    if (rule) return *rule;
    section.mistake("due", "is no clock: " + rule.error().why, rule.error().remedy);
    return {};
  }

  void read_clock(TomlSection& section, StepDefinition& step) {
    StepClock clock;
    clock.id = section.text("id");
    if (clock.id.empty()) clock.id = "clock";
    if (step.clock(clock.id))
      section.mistake("id", "is `" + clock.id + "`, as another clock of this step", "give each an id of its own");
    clock.rule = rule_in(section, "\"15 working days after strategy-discussion.held\"");
    clock.stops = section.text("stops");
    if (clock.stops.empty()) clock.stops = "closed";
    clock.source = section.need_text("source", "\"Working Together 2023\", where the number comes from");
    clock.effective_from = date_in(section, out_.effective_from);
    for (const auto& warn : section.texts_or_none("warn")) {
      auto percent = percent_of(warn.text);
      if (!percent)
        mistakes_.add(warn.line, "`" + warn.text + "` is no part of a clock", "write \"50 %\", from 1 to 100");
      else
        clock.warn.push_back(*percent);
    }
    clock.warn.push_back(percent_max);
    std::sort(clock.warn.begin(), clock.warn.end());
    clock.warn.erase(std::unique(clock.warn.begin(), clock.warn.end()), clock.warn.end());
    for (const auto& text : section.texts_or_none("escalate")) read_escalation(text, clock);
    step.clocks.push_back(std::move(clock));
  }

  static std::optional<int> percent_of(std::string_view text) {
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (!text.ends_with('%')) return std::nullopt;
    text.remove_suffix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (text.empty() || text.size() > 3) return std::nullopt;
    int percent = 0;
    for (char c : text) {
      if (c < '0' || c > '9') return std::nullopt;
      percent = percent * 10 + (c - '0');
    }
    return percent >= 1 && percent <= percent_max ? std::optional<int>(percent) : std::nullopt;
  }

  // "manager at 100 %", "partnership at 100 % + 5 working days"
  void read_escalation(const TomlText& text, StepClock& clock) {
    const auto wrong = [&](const std::string& why) {
      mistakes_.add(text.line, "`" + text.text + "` is no escalation: " + why,
                    "write \"manager at 100 %\" or \"partnership at 100 % + 5 working days\"");
    };
    const auto split = text.text.find(" at ");
    if (split == std::string::npos) return wrong("it has no ` at `");
    Escalation escalation;
    escalation.role = text.text.substr(0, split);
    std::string_view rest = std::string_view(text.text).substr(split + 4);
    if (const auto plus = rest.find('+'); plus != std::string_view::npos) {
      auto amount = parse_amount(rest.substr(plus + 1));
      if (!amount) return wrong(amount.error().why);
      escalation.plus = *amount;
      rest = rest.substr(0, plus);
    }
    auto percent = percent_of(rest);
    if (!percent) return wrong("it names no percent from 1 to 100");
    if (escalation.plus && *percent != percent_max) return wrong("only to 100 % can time be added");
    escalation.percent = *percent;
    clock.escalate.push_back(std::move(escalation));
  }

  std::set<EventName> events_in(TomlSection& section, std::string_view key) {
    std::set<EventName> out;
    for (const auto& text : section.texts_or_none(key)) {
      auto event = parse_event_name(text.text);
      if (event)
        out.insert(*event);
      else
        mistakes_.add(text.line, event.error().why, "write STEP.EVENT");
    }
    return out;
  }

  void read_look(TomlSection& section) {
    LookRule look;
    look.at_minutes = time_in(section, "at").value_or(look.at_minutes);
    look.purpose = section.need_text("purpose", "\"child_protection\", for what agencies are asked");
    look.basis = section.need_text("basis", "\"public_task\", on what basis");
    look.source = section.text("source");
    look.line = section.line();
    out_.look = std::move(look);
  }

  void read_pattern(TomlSection& section, const std::string& id) {
    Pattern pattern;
    pattern.id = id;
    pattern.line = section.line();
    pattern.title = section.need_text("title", "\"Three concerns in four weeks, over all agencies\"");
    pattern.in_state = section.text("in_state");
    for (auto& kind : list_in(section, "records")) pattern.records.insert(std::move(kind));
    pattern.at_least = int(section.number("at_least", 0, 1, percent_max));
    pattern.within_days = int(section.number("within_days", 0, 1, limits::clock_rule_count_max));
    pattern.agencies = int(section.number("agencies", 1, 1, percent_max));
    if (const std::string absent = section.text("absent"); !absent.empty()) {
      auto amount = parse_amount(absent);
      if (amount)
        pattern.absent = *amount;
      else
        section.mistake("absent", "is no amount: " + amount.error().why, "write \"20 working days\"");
    }
    pattern.since = events_in(section, "since");
    pattern.unless = events_in(section, "unless");
    pattern.tell = list_in(section, "tell");
    pattern.proposes = section.text("proposes");
    pattern.source = section.need_text("source", "\"local custom (unchecked)\", where the number comes from");
    pattern.effective_from = date_in(section, out_.effective_from);
    out_.patterns.push_back(std::move(pattern));
  }

  void read_watch(TomlSection& section, const std::string& id) {
    Watch watch;
    watch.id = id;
    watch.title = section.need_text("title", "\"Nobody has seen the child\"");
    watch.in_state = section.text("in_state");
    watch.rule = rule_in(section, "\"10 working days after visit.seen\"");
    watch.unless = events_in(section, "unless");
    watch.at_least = int(section.number("at_least", 1, 1, percent_max));
    watch.within_days = int(section.number("within_days", 0, 1, limits::clock_rule_count_max));
    watch.tell = list_in(section, "tell");
    watch.proposes = section.text("proposes");
    watch.source = section.need_text("source", "\"local custom (unchecked)\", where the number comes from");
    watch.effective_from = date_in(section, out_.effective_from);
    out_.watches.push_back(std::move(watch));
  }

  Definition& out_;
  TomlMistakes& mistakes_;
};

}  // namespace

namespace {

Definition read_into(std::string_view toml, TomlMistakes& mistakes) {
  Definition out;
  if (auto parsed = parse_toml(toml, mistakes)) {
    TomlSection root(*parsed, "the definition", mistakes);
    DefinitionReader(out, mistakes).read(root);
    check_definition(out, *parsed, mistakes);
  }
  return out;
}

}  // namespace

tl::expected<Definition, std::vector<Error>> Definition::parse(std::string_view toml, const std::string& file_name) {
  TomlMistakes mistakes("bad-process", file_name);
  Definition out = read_into(toml, mistakes);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return out;
}

tl::expected<Definition, std::vector<Error>> Definition::read(const std::filesystem::path& file) {
  TomlMistakes mistakes("bad-process", file.string());
  auto text = read_text_file(file, limits::process_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse(*text, file.string());
}

tl::expected<Definition, std::vector<std::string>> Definition::check(const std::filesystem::path& file) {
  TomlMistakes mistakes("bad-process", file.string());
  const auto text = read_text_file(file, limits::process_file_bytes_max, mistakes);
  Definition out = text ? read_into(*text, mistakes) : Definition();
  if (mistakes.none()) return out;
  std::vector<std::string> told;
  for (const auto& one : mistakes.sorted())
    told.push_back(mistakes.file() + ":" + std::to_string(std::max(one.line, 1u)) + ":" +
                   std::to_string(TomlMistakes::column_of(one, text.value_or(""))) + ": " + one.why + " (" +
                   one.remedy + ")");
  return tl::unexpected(told);
}

}  // namespace ginnel
