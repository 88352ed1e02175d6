// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/cin_export.h"

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/cin/cin_writer.h"

namespace ginnel::synth {
namespace {

struct Authority {
  const char* node;
  const char* code;
};
constexpr std::array authorities = {Authority{"bradford-csc", "380"}, Authority{"calderdale-csc", "381"},
                                    Authority{"kirklees-csc", "382"}, Authority{"leeds-csc", "383"},
                                    Authority{"wakefield-csc", "384"}};

// What the census asks for of the events that the case system knows; nothing if the child was never referred.
std::optional<CinEpisode> episode_of(const std::vector<Event>& events) {
  auto referral = std::find_if(events.begin(), events.end(), [](const Event& event) { return event.code == "R"; });
  if (referral == events.end()) return std::nullopt;
  CinEpisode episode;
  episode.referral = referral->date;
  episode.need = "N1";
  for (const Event& event : events) {
    if (event.date < episode.referral || !event.date_text.empty() || event.damage != RowDamage::none) continue;
    if (event.code == "AS") episode.assessments.push_back({event.date, {}, {}});
    if (event.code == "S47") episode.enquiries.push_back({event.date, {}, {}, false});
    if (event.code == "IC") {
      // Of the enquiry that led to it, where there is one.
      if (!episode.enquiries.empty())
        episode.enquiries.back().conference = event.date;
      else
        episode.conference = event.date;
    }
    if (event.code == "CP") episode.protection_plans.push_back({event.date, {}, "NEG", "NEG", 1, {}});
    if (event.code == "RC" && !episode.protection_plans.empty())
      episode.protection_plans.back().reviews.push_back(event.date);
    if (event.code == "CL") episode.closed = event.date;
  }
  if (episode.closed.is_set()) episode.closed_because = "RC7";
  return episode;
}

}  // namespace

CinExport::CinExport(const std::filesystem::path& out_dir, Date today) : out_dir_(out_dir), today_(today) {
  // Of an earlier world: an authority may have nobody to return in this one.
  std::error_code ignored;
  for (const Authority& one : authorities) std::filesystem::remove(census_file(one.node), ignored);
}

std::filesystem::path CinExport::census_file(const std::string& node) const {
  return out_dir_ / node / "source" / "cin-census.xml";
}

std::ofstream& CinExport::file_of(const std::string& node, const char* authority) {
  auto [at, is_new] = files_.try_emplace(node);
  if (is_new) {
    at->second.open(census_file(node), std::ios::binary | std::ios::trunc);
    at->second << cin_start({authority, today_, london_instant(today_, 12 * 60)});
  }
  return at->second;
}

void CinExport::add(const Part& part) {
  auto authority =
      std::find_if(authorities.begin(), authorities.end(), [&](const Authority& one) { return part.node == one.node; });
  if (authority == authorities.end()) return;
  // A sealed identity is in no return, and an expected birth has no birth date to return.
  if (part.child.shield == "AD" || part.child.is_unborn) return;
  auto episode = episode_of(part.events);
  if (!episode) return;
  CinChild child;
  child.key = part.child.key;
  child.upn = part.child.upn;
  if (child.upn.empty()) child.upn_unknown = "UN4";
  child.born = part.child.birth;
  child.sex = part.child.sex;
  child.episodes.push_back(std::move(*episode));
  file_of(part.node, authority->code) << cin_child(child);
}

bool CinExport::finish() {
  return std::all_of(files_.begin(), files_.end(), [](auto& file) {
    file.second << cin_end();
    file.second.flush();
    return bool(file.second);
  });
}

}  // namespace ginnel::synth
