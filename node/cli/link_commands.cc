// SPDX-License-Identifier: Apache-2.0
// ginnel link: which rows of two files are one person, by the rules by which a node links what it imports.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "adapters/limits.h"
#include "adapters/link_file.h"
#include "adapters/link_rules_reader.h"
#include "federation/record/pairing.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

constexpr unsigned threads_max = 8;
constexpr double score_digits = 100;  // scores are told to a hundredth of a bit

// Whatever --rules and --columns name; what is wrong with them is told.
tl::expected<LinkRules, ExitCode> rules_for(Invocation& call) {
  if (!call.has("rules")) return default_link_rules();
  auto rules = load_link_rules(call.text("rules"));
  if (!rules) {
    failed_with(call.streams, rules.error());
    return tl::unexpected(ExitCode::usage);
  }
  return std::move(*rules);
}

tl::expected<LinkColumns, ExitCode> columns_for(Invocation& call) {
  if (!call.has("columns")) return LinkColumns();
  const std::string path = call.text("columns");
  std::ifstream in(path, std::ios::binary);
  std::string text(limits::mapping_file_bytes_max + 1, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  if (in.bad() || (!in.is_open()) || text.size() == std::size_t(in.gcount())) {
    failed_with(call.streams, Error{"unreadable", "cannot read the columns " + path,
                                    "it does not exist, may not be read or is too long", "check the path"});
    return tl::unexpected(ExitCode::usage);
  }
  text.resize(std::size_t(in.gcount()));
  auto columns = read_link_columns(text, path);
  if (!columns) {
    failed_with(call.streams, columns.error());
    return tl::unexpected(ExitCode::usage);
  }
  return std::move(*columns);
}

Expected<LinkFile> read_file(const std::string& path, const LinkColumns& columns, const LinkRules& rules) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("unreadable", "cannot read " + path, "it does not exist or may not be read", "check the path");
  return read_link_file(in, path, columns, rules);
}

// A spreadsheet's bytes may be of any encoding; JSON is UTF-8.
void print_json(std::ostream& out, const LinkFile& a, const LinkFile& b, const Pairing& pairing) {
  using OrderedJson = nlohmann::ordered_json;
  out << "{\"pairs\":[";
  bool first = true;
  for (const auto& pair : pairing.pairs) {
    OrderedJson row;
    row["a"] = a.ids[pair.a];
    row["b"] = b.ids[pair.b];
    row["score"] = std::round(pair.score * score_digits) / score_digits;
    row["band"] = name_of(pair.band);
    out << (first ? "\n" : ",\n") << row.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
    first = false;
  }
  out << "\n]}\n";
}

void print_table(std::ostream& out, const LinkFile& a, const LinkFile& b, const Pairing& pairing) {
  std::size_t width_a = 1, width_b = 1;
  for (const auto& pair : pairing.pairs) {
    width_a = std::max(width_a, a.ids[pair.a].size());
    width_b = std::max(width_b, b.ids[pair.b].size());
  }
  const auto column = [&](const std::string& text, std::size_t width) {
    out << text << std::string(width - std::min(width, text.size()) + 2, ' ');
  };
  column("A", width_a);
  column("B", width_b);
  out << " score  band\n";
  for (const auto& pair : pairing.pairs) {
    column(harmless(a.ids[pair.a]), width_a);
    column(harmless(b.ids[pair.b]), width_b);
    out << std::fixed << std::setprecision(1) << std::setw(6) << pair.score << "  " << name_of(pair.band) << "\n";
  }
}

ExitCode link_files(Invocation& call) {
  auto rules = rules_for(call);
  if (!rules) return rules.error();
  auto columns = columns_for(call);
  if (!columns) return columns.error();
  auto a = read_file(call.arguments[0], *columns, *rules);
  if (!a) return failed_with(call.streams, a.error());
  auto b = read_file(call.arguments[1], *columns, *rules);
  if (!b) return failed_with(call.streams, b.error());
  const std::array<std::span<Description>, 2> both = {a->people, b->people};
  count_names(both, *rules);
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, threads_max);
  const Pairing pairing = pair_up(a->people, b->people, threads, *rules);

  if (call.has("json"))
    print_json(call.streams.out, *a, *b, pairing);
  else
    print_table(call.streams.out, *a, *b, pairing);
  const auto same = std::count_if(pairing.pairs.begin(), pairing.pairs.end(),
                                  [](const ScoredPair& pair) { return pair.band == Band::same; });
  call.streams.err << with_commas(a->people.size()) << " and " << with_commas(b->people.size()) << " rows, "
                   << with_commas(pairing.compared) << " pairs compared: " << with_commas(std::uint64_t(same))
                   << " same, " << with_commas(pairing.pairs.size() - std::uint64_t(same))
                   << " to ask a person about\n";
  for (const auto* file : {&*a, &*b})
    if (!file->columns_unused.empty()) {
      call.streams.err << "not compared in " << call.arguments[file == &*a ? 0 : 1] << ":";
      for (const auto& header : file->columns_unused) call.streams.err << " " << harmless(header);
      call.streams.err << "\n";
    }
  const std::uint64_t bad = a->bad_rows + b->bad_rows;
  if (bad > 0) call.streams.err << with_commas(bad) << " rows could not be read and were passed over\n";
  return bad > 0 ? ExitCode::partial : ExitCode::done;
}

}  // namespace

std::vector<Command> link_commands() {
  return {{
      .noun = "link",
      .arguments = "A.csv B.csv",
      .arguments_min = 2,
      .arguments_max = 2,
      .title = "find the rows of two files that are one person",
      .details = "Needs no node. Columns are found by their usual names; the first is a row's id. Pairs are `same`, or "
                 "`ask`:\n"
                 "for a person to decide. docs/linking.md says how pairs are scored.",
      .options = {{"json", "", "one JSON object: {\"pairs\":[{\"a\",\"b\",\"score\",\"band\"}]}"},
                  {"columns", "FILE", "TOML that names columns: given_name = \"Forename\""},
                  {"rules", "FILE", "linking rules in the place of those that the program carries"}},
      .run = link_files,
  }};
}

}  // namespace ginnel
