// SPDX-License-Identifier: Apache-2.0
// ginnel policy explain: why asks come out as they do, made up ones and those of the past.
#include <charconv>
#include <map>

#include "adapters/toml_section.h"
#include "federation/base/text.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/terminal_text.h"
#include "node/gate/explained.h"
#include "node/gate/past_decision.h"
#include "node/gate/policy_cases.h"
#include "node/setup/open_store.h"
#include "node/start.h"

namespace ginnel {
namespace {

void print_step(std::ostream& out, const StepExplained& step) {
  std::string name(name_of(step.step));
  name.resize(10, ' ');
  out << "  " << name << (step.is_given ? "yes   " : "no    ");
  if (step.rules.empty()) out << "no rule permits it";
  for (std::size_t i = 0; i < step.rules.size(); ++i) {
    const RuleSaid& rule = step.rules[i];
    out << (i == 0 ? "" : "; ") << rule.id << " " << rule.title
        << (rule.could_not_be_decided ? " (could not be decided)" : "");
  }
  out << "\n";
  if (!step.nearest.empty())
    out << "                  nearest: " << step.nearest << " " << step.nearest_title
        << "\n                  it wants:  " << step.wants << "\n";
}

// What is alike for every record of an ask.
void print_facts(std::ostream& out, const Gate& gate, const Asking& asking, const AboutPerson& about) {
  const std::string purpose = gate.effective_purpose(asking);
  if (purpose != asking.purpose) out << "  the purpose is not proven, and is decided as `" << purpose << "`\n";
  for (const auto& [category, held] : about.consents.by_category)
    out << "  consent   " << consent_words(category, held, gate.bundle().vocabulary) << "\n";
}

void print_steps(std::ostream& out, const Gate& gate, const Asking& asking, const AboutPerson& about,
                 const RecordLabel& record, const std::set<std::string>& markings) {
  for (const StepExplained& step :
       explain(gate.bundle(), asking, gate.effective_purpose(asking), about, record, markings))
    print_step(out, step);
}

ExitCode explain_cases(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  TomlMistakes mistakes("bad-cases", call.arguments[1]);
  auto text = read_text_file(call.arguments[1], limits::case_file_bytes_max, mistakes);
  if (!text) return failed_with(call.streams, mistakes.in_order());
  auto cases = parse_cases(*text, call.arguments[1], (*bundle)->vocabulary);
  if (!cases) return failed_with(call.streams, cases.error());
  const Gate gate(*bundle);
  for (const PolicyCase& one : *cases) {
    call.streams.out << one.name << "\n";
    if (auto words = gate.check_words(one.asking); !words) {
      call.streams.out << "  refused before anything is looked at: " << words.error().why << "\n";
      continue;
    }
    print_facts(call.streams.out, gate, one.asking, one.about);
    print_steps(call.streams.out, gate, one.asking, one.about, one.record, one.markings);
  }
  return ExitCode::done;
}

// --- a past decision

void print_asker(std::ostream& out, const PastDecision& past) {
  out << "entry " << with_commas(past.header.sequence) << ", " << for_people(past.header.time) << "\n  "
      << past.asking.agency.text() << " (" << harmless(past.asking.agency_kind) << ") asked as "
      << harmless(past.asking.role) << " for " << harmless(past.asking.purpose) << ", by "
      << harmless(past.asking.basis) << (past.asking.break_glass ? ", breaking the glass" : "") << "\n";
  if (!past.entry.markings.empty()) out << "  markings  " << harmless(joined(past.entry.markings, ", ")) << "\n";
  if (past.entry.allocated == Allocated::yes) out << "  the worker was allocated to the person\n";
  if (past.about.in_conflict)
    out << (past.entry.allocated == Allocated::in_conflict
                ? "  a conflict of interest between the worker and the person was recorded\n"
                : "  whether the worker had a conflict of interest could not be read\n");
  if (past.about.consents.are_unreadable)
    out << "  what was recorded of consent could not be read, and counted as refused\n";
  if (past.entry.in_shadow) out << "  the node was in shadow: nothing of it was told\n";
  out << "  decided by bundle " << past.entry.bundle << "\n";
}

// Records that were decided by the same label and came out alike.
void print_records(std::ostream& out, std::size_t count, const AccessItem& item, const RecordLabel& label) {
  out << "\n  " << with_commas(count) << (count == 1 ? " record: " : " records: ") << harmless(label.kind) << " in "
      << harmless(label.label.category) << ", sensitivity " << int(label.label.sensitivity);
  const std::vector<std::string> markings(label.label.markings.begin(), label.label.markings.end());
  if (!markings.empty()) out << ", marked " << harmless(joined(markings, ", "));
  out << "\n  came to    " << name_of(item.step);
  if (!item.policies.empty()) out << ", by " << harmless(joined(item.policies, ", "));
  if (!item.reason.empty()) out << ": " << harmless(item.reason);
  out << "\n";
}

ExitCode print_past(Invocation& call, const PastDecision& past, const std::shared_ptr<const Bundle>& bundle) {
  std::ostream& out = call.streams.out;
  print_asker(out, past);
  if (past.was_refused()) {
    out << "  refused before anything was looked at";
    if (!past.entry.items.empty()) out << ": " << harmless(past.entry.items.front().reason);
    out << "\n";
    return ExitCode::done;
  }
  const bool is_same = bundle->ref_text() == past.entry.bundle;
  const Gate gate(bundle);
  if (is_same) print_facts(out, gate, past.asking, past.about);
  std::map<std::pair<std::uint16_t, Step>, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < past.labels.size(); ++i)
    alike[{past.entry.items[i].label, past.entry.items[i].step}].push_back(i);
  if (alike.empty()) out << "  there was no record to decide about\n";
  for (const auto& [key, items] : alike) {
    print_records(out, items.size(), past.entry.items[items.front()], past.labels[items.front()]);
    const std::set<std::string> markings(past.entry.markings.begin(), past.entry.markings.end());
    if (is_same) print_steps(out, gate, past.asking, past.about, past.labels[items.front()], markings);
  }
  if (is_same) return ExitCode::done;
  out << "\n";
  print_error(call.streams.err,
              {"other-bundle", "the steps are not explained",
               "the bundle that decided is not this one, which is " + bundle->ref_text(),
               "name the folder of the one that decided with --policies; what this one would say of it: ginnel policy "
               "replay"});
  return ExitCode::partial;
}

ExitCode explain_entry(Invocation& call) {
  std::uint64_t sequence = 0;
  const std::string text = call.text("entry");
  const auto read = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    return failed_with(call.streams, Error{"usage", "cannot tell which entry to explain", "`" + text + "` is no number",
                                           "take a number that `ginnel policy replay` tells"});
  auto config = read_config(call.arguments[0]);
  if (!config) return failed_with(call.streams, config.error());
  auto bundle = call.has("policies") ? read_bundle(call.text("policies")) : read_policies(*config);
  if (!bundle) return failed_with(call.streams, bundle.error());
  auto root = unlock(*config, ask_secret_of(call));
  if (!root) return failed_with(call.streams, root.error());
  const auto random = system_random();
  auto opened = open_store_either_way(*config, root->key, *random);
  if (!opened) return failed_with(call.streams, opened.error());
  auto snapshot = opened->store->snapshot();
  if (!snapshot) return failed_with(call.streams, snapshot.error());
  auto past = past_decision(sequence, **snapshot, opened->store->member());
  if (!past) return failed_with(call.streams, past.error());
  return print_past(call, *past, *bundle);
}

ExitCode policy_explain(Invocation& call) {
  if (call.has("entry") != (call.arguments.size() == 1))
    return failed_with(call.streams,
                       Error{"usage", "cannot tell what to explain",
                             "a past decision is named by NODE-DIR and --entry, made up asks by FOLDER and CASES",
                             "see ginnel policy explain --help"});
  return call.has("entry") ? explain_entry(call) : explain_cases(call);
}

}  // namespace

Command policy_explain_command() {
  return {
      .noun = "policy",
      .verb = "explain",
      .arguments = "FOLDER CASES | NODE-DIR --entry N",
      .arguments_min = 1,
      .arguments_max = 2,
      .title = "say why asks come out as they do, step by step: made up ones, or one of the past",
      .details =
          "CASES is a file as those beside the policies, with whatever asks you wonder about. With --entry, the\n"
          "decision that is that entry of the node's ledger, by what it went by then; `ginnel policy replay` tells\n"
          "numbers of entries. The node may run. Nothing is recorded. Exit 4 when the bundle that decided is\n"
          "another than the one that is read: what came out is told, and not why.",
      .options = {{"entry", "N", "explain this entry of the node's ledger"},
                  {"policies", "FOLDER", "the bundle that decided; else the node's own"},
                  passphrase_option(),
                  share_option()},
      .run = policy_explain};
}

}  // namespace ginnel
