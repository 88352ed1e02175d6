// SPDX-License-Identifier: Apache-2.0
#include "node/gate/policy_cases.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "adapters/toml_section.h"
#include "federation/base/crypto/hash.h"
#include "node/gate/consent_book.h"
#include "node/gate/facts.h"
#include "policy/coverage.h"

namespace ginnel {
namespace {

constexpr std::array<Step, 5> steps{Step::none, Step::exists, Step::headline, Step::content, Step::copy_out};

// One table of a case, and the same of the file's defaults under it.
class Part {
 public:
  Part(TomlSection& of, const toml::table* defaults, std::string_view key, TomlMistakes& mistakes) : name_(key) {
    if (const toml::table* own = of.section(key)) own_.emplace(*own, "`" + name_ + "`", mistakes);
    const toml::node* under = defaults ? defaults->get(key) : nullptr;
    // What is wrong in the defaults is told where they are read.
    if (under && under->is_table()) otherwise_.emplace(*under->as_table(), "`" + name_ + "` of [defaults]", unheard_);
    if (otherwise_)
      for (const std::string& unused : otherwise_->keys()) otherwise_->find(unused);
  }

  std::string text(std::string_view key) {
    std::string value = own_ ? own_->text(key) : "";
    return value.empty() && otherwise_ ? otherwise_->text(key) : value;
  }
  bool flag(std::string_view key) { return has(key) ? own_->flag(key) : otherwise_ && otherwise_->flag(key); }
  std::int64_t number(std::string_view key, std::int64_t most) {
    if (has(key)) return own_->number(key, 0, 0, most);
    return otherwise_ ? otherwise_->number(key, 0, 0, most) : 0;
  }
  std::set<std::string> words(std::string_view key) {
    std::set<std::string> out;
    TomlSection* from = has(key) ? &*own_ : otherwise_ ? &*otherwise_ : nullptr;
    if (!from) return out;
    for (const TomlText& word : from->texts_or_none(key)) out.insert(word.text);
    return out;
  }
  std::uint32_t line(std::string_view key) { return own_ ? own_->line_of_key(key) : 0; }

 private:
  bool has(std::string_view key) { return own_ && own_->find(key) != nullptr; }

  std::string name_;
  TomlMistakes unheard_{"", ""};
  std::optional<TomlSection> own_, otherwise_;
};

class CaseReader {
 public:
  CaseReader(const Vocabulary& words, TomlMistakes& mistakes) : words_(words), mistakes_(mistakes) {}

  std::vector<PolicyCase> read(const toml::table& root) {
    TomlSection top(root, "the cases", mistakes_);
    const toml::table* defaults = top.section("defaults");
    if (defaults) check_defaults(*defaults);
    std::vector<PolicyCase> cases;
    std::set<std::string> names;
    for (const toml::table* table : top.sections("case")) {
      TomlSection row(*table, "[[case]]", mistakes_);
      cases.push_back(read_case(row, defaults));
      if (!cases.back().name.empty() && !names.insert(cases.back().name).second)
        row.mistake("name", "is another case's too", "say what is different about it");
    }
    if (cases.size() > limits::cases_max)
      mistakes_.add(0, "it has more than " + std::to_string(limits::cases_max) + " cases", "make two files of it");
    return cases;
  }

 private:
  void check_defaults(const toml::table& table) {
    TomlSection defaults(table, "[defaults]", mistakes_);
    for (const char* part : {"asker", "why", "record"}) defaults.section(part);
  }

  // Where a case says nothing itself, a wrong word of the defaults is told at the case.
  void check(TomlSection& row, Part& part, std::string_view key, const std::string& word, const char* list,
             const char* is_no) {
    const std::uint32_t line = std::max(part.line(key), row.line());
    if (word.empty())
      mistakes_.add(row.line(), "the case has no `" + std::string(key) + "`", "add it, or give it in [defaults]");
    else
      mistakes_.check_word(line, word, is_no, words_.ids(list));
  }
  void check_all(TomlSection& row, Part& part, std::string_view key, const std::set<std::string>& these,
                 const char* list, const char* is_no) {
    for (const std::string& word : these)
      mistakes_.check_word(std::max(part.line(key), row.line()), word, is_no, words_.ids(list));
  }

  MemberId member(TomlSection& row, Part& part, std::string_view key) {
    const std::string text = part.text(key);
    const auto id = MemberId::parse(text);
    if (!id)
      mistakes_.add(std::max(part.line(key), row.line()),
                    "the case's `" + std::string(key) + "` is no member id: `" + text + "`", "such as \"leeds-csc\"");
    return id.value_or(MemberId());
  }

  PolicyCase read_case(TomlSection& row, const toml::table* defaults) {
    PolicyCase out;
    out.file = mistakes_.file();
    out.line = row.line();
    out.name = row.need_text("name", "\"a claim that is true when the case comes out as expected\"");
    read_asking(row, defaults, out);
    read_record(row, defaults, out);
    read_consents(row, out);
    for (const TomlText& marking : row.texts_or_none("others")) {
      mistakes_.check_word(marking.line, marking.text, "marking", words_.ids("marking"));
      out.markings.insert(marking.text);
    }
    out.markings.insert(out.record.label.markings.begin(), out.record.label.markings.end());
    if (const toml::table* expect = row.need_section("expect")) read_expect(*expect, out);
    return out;
  }

  void read_asking(TomlSection& row, const toml::table* defaults, PolicyCase& out) {
    Part asker(row, defaults, "asker", mistakes_), why(row, defaults, "why", mistakes_);
    Asking& asking = out.asking;
    asking.worker = to_hex(ByteView(sha256(view_of(out.name))).first(16));
    asking.agency = member(row, asker, "agency");
    asking.agency_kind = asker.text("kind");
    asking.role = asker.text("role");
    out.about.is_allocated = asker.flag("allocated");
    out.about.in_conflict = asker.flag("conflict");
    asking.purpose = why.text("purpose");
    asking.basis = why.text("basis");
    asking.proven = why.words("proven");
    asking.break_glass = why.flag("break_glass");
    asking.highest = Step::copy_out;
    check(row, asker, "kind", asking.agency_kind, "agency_kind", "kind of agency");
    check(row, asker, "role", asking.role, "role", "role");
    check(row, why, "purpose", asking.purpose, "purpose", "purpose");
    check(row, why, "basis", asking.basis, "basis", "legal basis");
    check_all(row, why, "proven", asking.proven, "purpose", "purpose");
  }

  void read_record(TomlSection& row, const toml::table* defaults, PolicyCase& out) {
    Part record(row, defaults, "record", mistakes_);
    out.record.id = *RecordId::from(ByteView(sha256(view_of(out.name))).first(RecordId::size));
    out.record.kind = record.text("kind");
    Label& label = out.record.label;
    label.owner = member(row, record, "owner");
    label.category = record.text("category");
    label.sensitivity = std::uint8_t(record.number("sensitivity", sensitivity_max));
    label.markings = record.words("markings");
    if (auto handling = record.text("handling"); !handling.empty()) label.handling = handling;
    if (!record.text("addressed_to").empty()) label.addressed_to = member(row, record, "addressed_to");
    check(row, record, "kind", out.record.kind, "record_kind", "record kind");
    check(row, record, "category", label.category, "category", "category");
    check_all(row, record, "markings", label.markings, "marking", "marking");
  }

  // A day as it begins in London; nothing if there is none.
  static Instant day_of(TomlSection& row, std::string_view key, const toml::node* node) {
    if (!node) return {};
    Instant begins;
    if (node->is_date()) {
      const toml::date day = node->as_date()->get();
      begins = london_instant({std::int16_t(day.year), day.month, day.day}, 0);
    }
    if (!begins.is_set()) row.wrong(*node, key, "write a date, without quotes: 2026-03-03");
    return begins;
  }

  ConsentEntry read_consent(TomlSection& row) {
    ConsentEntry out;
    out.state = row.need_text("state", "\"refused\"");
    out.decider = row.need_text("decider", "\"child_competent\"");
    for (const auto& category : row.texts(row.need("categories", "categories = [\"health\"]"), "categories")) {
      mistakes_.check_word(category.line, category.text, "category", words_.ids("category"));
      out.categories.push_back(category.text);
    }
    for (const auto& purpose : row.texts_or_none("purposes")) {
      mistakes_.check_word(purpose.line, purpose.text, "purpose", words_.ids("purpose"));
      out.purposes.push_back(purpose.text);
    }
    for (const auto& recipient : row.texts_or_none("recipients")) {
      if (auto id = MemberId::parse(recipient.text))
        out.recipients.push_back(*id);
      else
        mistakes_.add(recipient.line, "`" + recipient.text + "` is no member id", "such as \"leeds-csc\"");
    }
    out.from = day_of(row, "from", row.need("from", "from = 2026-03-03"));
    out.until = day_of(row, "until", row.find("until"));
    out.withdrawn = day_of(row, "withdrawn", row.find("withdrawn"));
    const std::string competence = row.text("competence");
    if (!competence.empty())
      mistakes_.check_word(row.line_of_key("competence"), competence, "`competence`", {"competent", "not_competent"});
    if (!competence.empty())
      out.competence = competence == "competent" ? Competence::competent : Competence::not_competent;
    // What nobody could record is no example of anything.
    ConsentEntry whole = out;
    whole.note = "as in the case";
    if (whole.competence != Competence::not_judged) whole.judged_by = "as in the case";
    for (const auto& mistake : consent_mistakes(whole, out.from, words_))
      mistakes_.add(row.line(), "this consent could not be recorded: " + mistake, "mend it");
    return out;
  }

  void read_consents(TomlSection& row, PolicyCase& out) {
    std::vector<ConsentEntry> decisions;
    Instant now;
    row.tables(row.find("consents"), "consents", "write [{ state = \"given\", ... }]", [&](TomlSection& one) {
      decisions.push_back(read_consent(one));
      now = std::max({now, decisions.back().from, decisions.back().withdrawn});
    });
    if (const auto day = day_of(row, "day", row.find("day")); day.is_set()) now = day;
    if (decisions.empty()) return;
    // As the gate resolves it, the effective purpose included.
    const Word* purpose = words_.find("purpose", out.asking.purpose);
    const bool is_unproven = purpose && purpose->needs_head && !out.asking.proven.contains(out.asking.purpose);
    out.about.consents = resolve_consents(
        decisions, {is_unproven ? Gate::least_purpose() : out.asking.purpose, out.asking.agency, now}, words_);
  }

  void read_expect(const toml::table& table, PolicyCase& out) {
    TomlSection expect(table, "`expect`", mistakes_);
    std::set<std::string> names;
    const std::string step = expect.need_text("step", "\"headline\"");
    for (Step one : steps) {
      names.emplace(name_of(one));
      if (step == name_of(one)) out.step = one;
    }
    if (!step.empty()) mistakes_.check_word(expect.line_of_key("step"), step, "step", names);
    const auto optional_text = [&](std::string_view key) {
      auto text = expect.text(key);
      return text.empty() ? std::nullopt : std::optional(text);
    };
    out.reason = optional_text("reason");
    out.ask = optional_text("ask");
    out.shown_as = optional_text("shown_as");
    for (const TomlText& id : expect.texts_or_none("by")) out.by.push_back(id.text);
  }

  const Vocabulary& words_;
  TomlMistakes& mistakes_;
};

}  // namespace

tl::expected<std::vector<PolicyCase>, std::vector<Error>> parse_cases(std::string_view text, const std::string& file,
                                                                      const Vocabulary& vocabulary) {
  TomlMistakes mistakes("bad-cases", file);
  std::vector<PolicyCase> cases;
  if (auto root = parse_toml(text, mistakes)) cases = CaseReader(vocabulary, mistakes).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return cases;
}

CaseOutcome try_case(const PolicyCase& one, const Gate& gate) {
  CaseOutcome out;
  out.of = &one;
  if (auto words = gate.check_words(one.asking); words)
    out.verdict = gate.would_decide(one.asking, one.about, one.record, one.markings);
  else
    out.verdict.reason = words.error().why;
  const Verdict& got = out.verdict;
  if (got.step != one.step)
    out.differences.push_back("expected `" + std::string(name_of(one.step)) + "`, got `" +
                              std::string(name_of(got.step)) + "`" +
                              (got.reason.empty() ? "" : " (" + got.reason + ")"));
  const auto compare = [&](const char* what, const std::optional<std::string>& wanted, const std::string& is) {
    if (wanted && *wanted != is)
      out.differences.push_back(std::string("expected the ") + what + " `" + *wanted + "`, got `" + is + "`");
  };
  compare("reason", one.reason, got.reason);
  compare("contact", one.ask, got.ask);
  compare("category", one.shown_as, got.shown_as);
  for (const std::string& id : one.by)
    if (std::find(got.policies.begin(), got.policies.end(), id) == got.policies.end())
      out.differences.push_back(
          "expected `" + id + "` to decide; it was " +
          (got.policies.empty() ? "nothing"
                                : "`" + got.policies.front() + "`" + (got.policies.size() > 1 ? " and others" : "")));
  return out;
}

policy::Diagnostics untried(const Bundle& bundle, const std::vector<PolicyCase>& cases) {
  const Gate gate(std::shared_ptr<const Bundle>(&bundle, [](const Bundle*) {}));
  policy::Coverage coverage(bundle.policies);
  for (const PolicyCase& one : cases) {
    const DecisionFacts facts(bundle, one.asking, gate.effective_purpose(one.asking), one.about, one.record,
                              one.markings);
    for (Step step : {Step::exists, Step::headline, Step::content, Step::copy_out})
      coverage.see(facts.request(step), facts.entities());
  }
  policy::Diagnostics out;
  for (std::size_t i = bundle.first_of_its_own(); i < coverage.policies().size(); ++i) {
    const policy::Policy& policy = bundle.policies.policies()[i];
    const auto& seen = coverage.policies()[i];
    const auto tell = [&](policy::Position at, const std::string& what) {
      out.push_back({policy.source->file, at.line, at.column, policy.id + ": " + what, "add a case"});
    };
    if (!seen.was_in_scope) {
      tell(policy.at, "no case meets its scope");
      continue;
    }
    for (std::size_t at = 0; at < seen.clauses.size(); ++at) {
      const policy::Span where = (*policy.clauses)[at].condition.span;
      const auto& clause = seen.clauses[at];
      if (!clause.is_whole())
        tell(policy.position(where), "`" + std::string(policy.text(where)) + "` is never " +
                                         (clause.was_true    ? "false"
                                          : clause.was_false ? "true"
                                                             : "decided"));
    }
  }
  return out;
}

tl::expected<std::vector<PolicyCase>, std::vector<Error>> cases_of(const Bundle& bundle) {
  std::vector<PolicyCase> cases;
  std::vector<Error> mistakes;
  for (const CaseFile& file : bundle.cases) {
    auto read = parse_cases(file.text, file.name, bundle.vocabulary);
    if (read)
      std::move(read->begin(), read->end(), std::back_inserter(cases));
    else
      std::move(read.error().begin(), read.error().end(), std::back_inserter(mistakes));
  }
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  return cases;
}

Expected<void> check_cases(const std::shared_ptr<const Bundle>& bundle) {
  const auto told = [](const std::string& code, const std::string& why) {
    return fail(code, "cannot use the policy bundle", why, "mend the policies or the cases: ginnel policy test FOLDER");
  };
  auto cases = cases_of(*bundle);
  if (!cases) {
    std::string all;
    for (const Error& one : cases.error()) all += (all.empty() ? "" : "\n") + one.why;
    return told("bad-cases", all);
  }
  const Gate gate(bundle);
  std::string all;
  for (const PolicyCase& one : *cases)
    for (const std::string& difference : try_case(one, gate).differences)
      all +=
          (all.empty() ? "" : "\n") + one.file + ":" + std::to_string(one.line) + ": " + one.name + ": " + difference;
  return all.empty() ? Expected<void>() : told("cases-fail", all);
}

}  // namespace ginnel
