// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/definition_check.h"

#include <algorithm>
#include <deque>

namespace ginnel {
namespace {

template <class Map>
std::set<std::string> keys_of(const Map& map) {
  std::set<std::string> out;
  for (const auto& [key, value] : map) out.insert(key);
  return out;
}
template <class List>
std::set<std::string> ids_of(const List& list) {
  std::set<std::string> out;
  for (const auto& one : list) out.insert(one.id);
  return out;
}

// The line of a.b.c in the file, or of as much of it as there is.
std::uint32_t line_at(const toml::table& file, std::initializer_list<std::string_view> path) {
  const toml::node* node = &file;
  for (std::string_view part : path) {
    const toml::table* table = node->as_table();
    const toml::node* next = table ? table->get(part) : nullptr;
    if (!next) break;
    node = next;
  }
  return line_of(*node);
}

class Check {
 public:
  Check(const Definition& of, const toml::table& file, TomlMistakes& mistakes)
      : of_(of),
        file_(file),
        mistakes_(mistakes),
        roles_(keys_of(of.roles)),
        agencies_(keys_of(of.agencies)),
        states_(ids_of(of.states)),
        steps_(ids_of(of.steps)) {}

  void run() {
    if (of_.steps.empty()) return mistakes_.add(1, "the definition has no step", "add a [step.NAME] for each");
    if (of_.steps.size() > limits::process_steps_max)
      mistakes_.add(1, "there are too many steps", "there may be " + std::to_string(limits::process_steps_max));
    word(line_at(file_, {"start"}), of_.start, "step", steps_);
    for (const auto& [key, role] : {std::pair<std::string_view, const std::string*>{"manager", &of_.manager},
                                    {"deputy", &of_.deputy},
                                    {"out_of_hours", &of_.out_of_hours}})
      word(line_at(file_, {key}), *role, "role of [roles]", roles_);
    for (const StepDefinition& step : of_.steps) check_step(step);
    for (const Watch& watch : of_.watches) check_watch(watch);
    check_look();
    for (const Pattern& pattern : of_.patterns) check_pattern(pattern);
    for (const Migration& migration : of_.migrations) check_migration(migration);
    check_states();
    check_ways();
  }

 private:
  void word(std::uint32_t line, const std::string& word, std::string_view is_no, const std::set<std::string>& allowed) {
    if (word.empty()) return;
    if (allowed.empty())
      mistakes_.add(line, "`" + word + "` is no " + std::string(is_no), "the file has none: add it");
    else
      mistakes_.check_word(line, word, is_no, allowed);
  }
  void words(std::uint32_t line, const std::vector<std::string>& list, std::string_view is_no,
             const std::set<std::string>& allowed) {
    for (const std::string& one : list) word(line, one, is_no, allowed);
  }

  void event(std::uint32_t line, const EventName& name) {
    word(line, name.step, "step", steps_);
    if (const StepDefinition* step = of_.step(name.step))
      word(line, name.event, "event of the step `" + name.step + "`", step->events());
  }

  void check_step(const StepDefinition& step) {
    const auto at = [&](std::string_view key) { return line_at(file_, {"step", step.id, key}); };
    for (const auto& [key, role] : {std::pair<std::string_view, const std::string*>{"lead", &step.lead},
                                    {"deputy", &step.deputy},
                                    {"out_of_hours", &step.out_of_hours}})
      word(at(key), *role, "role of [roles]", roles_);
    words(at("invite"), step.invite, "agency of [agencies]", agencies_);
    for (const auto& [kind, count] : step.quorum.kinds) word(at("quorum"), kind, "agency of [agencies]", agencies_);
    if (step.quorum.is_set() &&
        std::find(step.evidence.begin(), step.evidence.end(), attendance_evidence) == step.evidence.end())
      mistakes_.add(at("quorum"), "[step." + step.id + "] has a quorum, and nobody says who was there",
                    "add \"attendance\" to its evidence");
    word(at("holds"), step.holds, "state", states_);
    words(at("in_states"), step.in_states, "state", states_);
    words(at("not_in_states"), step.not_in_states, "state", states_);
    for (const auto* list : {&step.evidence, &step.dates, &step.may_have})
      for (const std::string& name : *list)
        if (!is_event_word(name) || name == "opened" || name == "closed" || step.outcome(name))
          mistakes_.add(step.line, "`" + name + "` of [step." + step.id + "] cannot be the name of a contribution",
                        "use a-z, 0-9 and single hyphens, and no word that is an outcome, `opened` or `closed`");
    check_brought(step, at("brought"));
    check_clocks(step);
    if (step.outcomes.empty())
      mistakes_.add(step.line, "[step." + step.id + "] cannot end", "add an outcome to [step." + step.id + ".outcome]");
    for (const StepOutcome& outcome : step.outcomes) check_outcome(step, outcome);
  }

  void check_brought(const StepDefinition& step, std::uint32_t line) {
    const std::string here = "[step." + step.id + "]";
    for (const std::string& name : step.brought) {
      if (!step.takes(name))
        mistakes_.add(line, "`" + name + "` is no contribution of " + here, "add it to `may_have` of the step");
      else if (std::find(step.dates.begin(), step.dates.end(), name) != step.dates.end())
        mistakes_.add(line, "`" + name + "` sets a date of " + here + ", and other agencies cannot",
                      "leave it to whoever leads the step");
    }
    if (!step.brought.empty() && (step.invite.empty() || !step.record))
      mistakes_.add(line, "nobody is told that " + here + " waits for what they bring",
                    "add `invite` and `record` to the step, or remove `brought`");
  }

  void check_clocks(const StepDefinition& step) {
    const std::uint32_t line = line_at(file_, {"step", step.id, "clock"});
    for (const StepClock& clock : step.clocks) {
      for (const EventName& name : clock.rule.events) event(line, name);
      word(line, clock.stops, "event of the step `" + step.id + "`", step.events());
      for (const Escalation& one : clock.escalate) word(line, one.role, "role of [roles]", roles_);
      if (clock.escalate.empty())
        mistakes_.add(line, "the clock of [step." + step.id + "] escalates to nobody",
                      "add escalate = [\"" + of_.manager + " at 100 %\"]");
    }
    // SECURITY: a deadline that only one person is told of passes unseen on the day on which they are away.
    if (!step.clocks.empty() && step.deputy.empty())
      mistakes_.add(step.line, "[step." + step.id + "] has a clock and no deputy",
                    "add deputy = \"...\", who is told too when it runs out");
  }

  void check_outcome(const StepDefinition& step, const StepOutcome& outcome) {
    const std::uint32_t line = line_at(file_, {"step", step.id, "outcome", outcome.id});
    words(line, outcome.to, "step", steps_);
    words(line, outcome.opens, "state", states_);
    words(line, outcome.closes, "state", states_);
    words(line, outcome.cancels, "step", steps_);
    for (const std::string& need : outcome.needs)
      if (need != "reason" && !step.takes(need))
        mistakes_.add(line, "`" + need + "` is no contribution of [step." + step.id + "]",
                      "write \"reason\", or add it to `may_have` of the step");
    if (!outcome.record_kind.empty() && !step.record)
      mistakes_.add(line, "`" + outcome.id + "` says as what it is recorded, and [step." + step.id + "] is no record",
                    "add `record` to the step, or remove `recorded_as`");
    for (const std::string& whom : outcome.tell)
      if (whom != "contributors") word(line, whom, "role of [roles]", roles_);
    if (outcome.ends && !outcome.to.empty())
      mistakes_.add(line, "`" + outcome.id + "` ends the process and leads on", "remove `ends` or `to`");
    for (const std::string& state : outcome.opens)
      if (std::find(outcome.closes.begin(), outcome.closes.end(), state) != outcome.closes.end())
        mistakes_.add(line, "`" + outcome.id + "` opens and closes `" + state + "`", "remove one");
  }

  void check_watch(const Watch& watch) {
    const auto at = [&](std::string_view key) { return line_at(file_, {"watch", watch.id, key}); };
    word(at("in_state"), watch.in_state, "state", states_);
    for (const EventName& name : watch.rule.events) event(at("due"), name);
    for (const EventName& name : watch.unless) event(at("unless"), name);
    words(at("tell"), watch.tell, "role of [roles]", roles_);
    if (watch.tell.empty())
      mistakes_.add(at("tell"), "[watch." + watch.id + "] tells nobody", "add tell = [\"" + of_.manager + "\"]");
    word(at("proposes"), watch.proposes, "step", steps_);
  }

  // Other agencies are asked about somebody only while what is open proves what for.
  void check_look() {
    if (!of_.look) {
      if (!of_.patterns.empty())
        mistakes_.add(line_at(file_, {"pattern"}), "nothing says when the records of all agencies are looked at",
                      "add [look] with `purpose` and `basis`");
      return;
    }
    std::set<std::string> proven;
    for (const StateDefinition& state : of_.states) proven.insert(state.proves.begin(), state.proves.end());
    word(line_at(file_, {"look", "purpose"}), of_.look->purpose, "purpose that a state `proves`", proven);
  }

  void check_pattern(const Pattern& pattern) {
    const std::string here = "[pattern." + pattern.id + "]";
    const auto at = [&](std::string_view key) { return line_at(file_, {"pattern", pattern.id, key}); };
    word(at("in_state"), pattern.in_state, "state", states_);
    for (const EventName& name : pattern.since) event(at("since"), name);
    for (const EventName& name : pattern.unless) event(at("unless"), name);
    words(at("tell"), pattern.tell, "role of [roles]", roles_);
    word(at("proposes"), pattern.proposes, "step", steps_);
    if (pattern.records.empty())
      mistakes_.add(at("records"), here + " is about no kind of record", "add records = [\"concern\"]");
    if (pattern.tell.empty()) mistakes_.add(at("tell"), here + " tells nobody", "add tell = [\"" + of_.manager + "\"]");
    if (pattern.absent && (pattern.at_least > 0 || pattern.within_days > 0 || pattern.agencies > 1))
      mistakes_.add(at("absent"), here + " is about too many and about none", "make two patterns of it");
    if (!pattern.absent && (pattern.at_least == 0 || pattern.within_days == 0))
      mistakes_.add(at("at_least"), here + " does not say how many within how many days",
                    "add `at_least` and `within_days`, or `absent`");
  }

  void check_migration(const Migration& migration) {
    const std::uint32_t line = line_at(file_, {"migrate"});
    if (migration.from >= of_.key.version)
      mistakes_.add(line, "a case comes from version " + std::to_string(migration.from) + ", which is not before this",
                    "name a version below " + std::to_string(of_.key.version));
    for (const auto& [from, to] : migration.steps) word(line, to, "step", steps_);
    for (const auto& [from, to] : migration.states) word(line, to, "state", states_);
  }

  // A state that opens must be able to close: it is what proves a purpose to others.
  void check_states() {
    std::set<std::string> opened, closed;
    for (const StepDefinition& step : of_.steps) {
      if (!step.holds.empty()) opened.insert(step.holds), closed.insert(step.holds);
      for (const StepOutcome& outcome : step.outcomes) {
        opened.insert(outcome.opens.begin(), outcome.opens.end());
        closed.insert(outcome.closes.begin(), outcome.closes.end());
      }
    }
    for (const StateDefinition& state : of_.states) {
      const std::uint32_t line = line_at(file_, {"state", state.id});
      if (!opened.contains(state.id))
        mistakes_.add(line, "no outcome opens the state `" + state.id + "`", "let one open it, or remove it");
      else if (!closed.contains(state.id))
        mistakes_.add(line, "no outcome closes the state `" + state.id + "`",
                      "let one close it: while it is open it holds");
    }
  }

  void check_ways() {
    std::map<std::string, std::set<std::string>> to, from;
    std::set<std::string> begins{of_.start}, ends;
    for (const StepDefinition& step : of_.steps) {
      if (step.any_time) begins.insert(step.id);
      for (const StepOutcome& outcome : step.outcomes) {
        if (outcome.ends) ends.insert(step.id);
        // An outcome that leads nowhere leaves the process to the steps that are open beside it.
        if (!outcome.ends && outcome.to.empty() && step.id != of_.start) ends.insert(step.id);
        ends.insert(outcome.cancels.begin(), outcome.cancels.end());
        for (const std::string& next : outcome.to) to[step.id].insert(next), from[next].insert(step.id);
      }
    }
    const auto reach = [](const std::set<std::string>& starts, std::map<std::string, std::set<std::string>>& ways) {
      std::set<std::string> found = starts;
      std::deque<std::string> open(starts.begin(), starts.end());
      for (; !open.empty(); open.pop_front())
        for (const std::string& next : ways[open.front()])
          if (found.insert(next).second) open.push_back(next);
      return found;
    };
    const auto reached = reach(begins, to), finished = reach(ends, from);
    const bool can_end = std::any_of(of_.steps.begin(), of_.steps.end(), [](const StepDefinition& step) {
      return std::any_of(step.outcomes.begin(), step.outcomes.end(), [](const StepOutcome& one) { return one.ends; });
    });
    if (!can_end) mistakes_.add(1, "no outcome ends the process", "add ends = true to the outcome that does");
    for (const StepDefinition& step : of_.steps) {
      if (!reached.contains(step.id))
        mistakes_.add(step.line, "nothing leads to [step." + step.id + "]",
                      "name it in `to` of an outcome, or add any_time = true");
      if (can_end && !finished.contains(step.id))
        mistakes_.add(step.line, "no way leads out of [step." + step.id + "]",
                      "let one of its outcomes lead to an end");
    }
  }

  const Definition& of_;
  const toml::table& file_;
  TomlMistakes& mistakes_;
  const std::set<std::string> roles_, agencies_, states_, steps_;
};

}  // namespace

void check_definition(const Definition& definition, const toml::table& file, TomlMistakes& mistakes) {
  Check(definition, file, mistakes).run();
}

}  // namespace ginnel
