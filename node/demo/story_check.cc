// SPDX-License-Identifier: Apache-2.0
#include "node/demo/story_check.h"

#include <algorithm>
#include <set>

namespace ginnel {
namespace {

std::string said(const std::string& status, const std::set<std::string>& categories) {
  std::string out = status;
  for (const std::string& category : categories) out += (out.size() == status.size() ? " " : ", ") + category;
  return out;
}

std::string shown(const ViewPart& part, const CaseView& view) {
  std::set<std::string> categories;
  for (const ViewItem& item : view.items)
    if (item.agency == part.agency) categories.insert(item.category);
  return said(std::string(name_of(part.status)), categories);
}

}  // namespace

std::vector<std::string> differences(const PlantedChild& child, const CaseView& view) {
  std::vector<std::string> out;
  std::set<std::string> expected_nodes;
  for (const StoryExpectation& expect : child.expect) {
    expected_nodes.insert(expect.node);
    std::string wanted = said(expect.status, {expect.categories.begin(), expect.categories.end()});
    auto part = std::find_if(view.parts.begin(), view.parts.end(),
                             [&](const ViewPart& p) { return p.agency.text() == expect.node; });
    std::string got = part == view.parts.end() ? "no part" : shown(*part, view);
    if (got == wanted) continue;
    if (part != view.parts.end() && !part->reason.empty()) got += " (" + part->reason + ")";
    out.push_back(expect.node + ": " + got + "; expected " + wanted);
  }
  for (const ViewPart& part : view.parts)
    if (!expected_nodes.contains(part.agency.text()))
      out.push_back(part.agency.text() + ": " + shown(part, view) + "; expected no part");
  return out;
}

}  // namespace ginnel
