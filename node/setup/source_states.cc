// SPDX-License-Identifier: Apache-2.0
#include "node/setup/source_states.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr std::string_view sources_row = "sources";

Json json_of(const SourceState& state) {
  return {{"system", state.system},
          {"file", state.file},
          {"dataTo", state.data_to.ms},
          {"lastImport", state.last_import.ms},
          {"quarantined", state.quarantined.ms},
          {"code", state.code},
          {"why", state.why},
          {"remedy", state.remedy},
          {"owner", {{"name", state.owner.name}, {"role", state.owner.role}, {"contact", state.owner.contact}}},
          {"supplement", state.is_supplement}};
}

SourceState state_from(const Json& json) {
  SourceState out;
  out.system = json.at("system").get<std::string>();
  out.file = json.at("file").get<std::string>();
  out.data_to.ms = json.at("dataTo").get<std::int64_t>();
  out.last_import.ms = json.at("lastImport").get<std::int64_t>();
  out.quarantined.ms = json.at("quarantined").get<std::int64_t>();
  out.code = json.at("code").get<std::string>();
  out.why = json.at("why").get<std::string>();
  out.remedy = json.at("remedy").get<std::string>();
  const Json& owner = json.at("owner");
  out.owner = {owner.at("name").get<std::string>(), owner.at("role").get<std::string>(),
               owner.at("contact").get<std::string>()};
  out.is_supplement = json.at("supplement").get<bool>();
  return out;
}

}  // namespace

std::string quarantine_words(const SourceState& state) {
  std::string out = "the source `" + state.system + "` is quarantined: " + state.why;
  if (!state.owner.name.empty())
    out += "; tell " + state.owner.name + (state.owner.contact.empty() ? "" : ", " + state.owner.contact);
  return out;
}

Expected<std::vector<SourceState>> load_source_states(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(sources_row));
  if (!row) return tl::unexpected(row.error());
  std::vector<SourceState> out;
  if (!*row) return out;
  try {
    for (const Json& one : Json::parse((*row)->begin(), (*row)->end())) out.push_back(state_from(one));
  } catch (const Json::exception&) {
    return fail("bad-row", "cannot read how the sources stand", "the row is of another version", "import each again");
  }
  return out;
}

Expected<void> put_source_states(Turn& turn, const std::vector<SourceState>& states) {
  if (states.size() > limits::sources_max)
    return fail("too-much", "cannot keep how the sources stand",
                "more than " + std::to_string(limits::sources_max) + " sources", "give them fewer names");
  Json list = Json::array();
  for (const SourceState& state : states) list.push_back(json_of(state));
  const std::string text = list.dump(-1, ' ', false, Json::error_handler_t::replace);
  return turn.put_side(SideTable::settings, view_of(sources_row), Bytes(text.begin(), text.end()));
}

std::vector<SourceState> with_outcome(std::vector<SourceState> states, const ImportOutcome& outcome) {
  auto at = std::find_if(states.begin(), states.end(),
                         [&](const SourceState& state) { return state.system == outcome.source.system; });
  if (at == states.end()) at = states.insert(states.end(), SourceState());
  at->system = outcome.source.system;
  at->file = outcome.file;
  at->last_import = outcome.now;
  at->owner = outcome.source.owner;
  at->is_supplement = outcome.source.is_supplement;
  if (outcome.problem) {
    if (!at->quarantined.is_set()) at->quarantined = outcome.now;
    at->code = outcome.problem->code;
    at->why =
        outcome.problem->why.empty() ? outcome.problem->what : outcome.problem->what + ": " + outcome.problem->why;
    at->remedy = outcome.problem->remedy;
    return states;
  }
  at->quarantined = {};
  at->code.clear();
  at->why.clear();
  at->remedy.clear();
  // A claim of the file never makes it newer than now; an older file does not take back what a newer one told.
  Instant told = std::min(outcome.told_up_to.value_or(outcome.now), outcome.now);
  at->data_to = outcome.told_up_to ? std::max(at->data_to, told) : told;
  return states;
}

}  // namespace ginnel
