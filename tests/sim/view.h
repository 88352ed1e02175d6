// SPDX-License-Identifier: Apache-2.0
// A case view as a scenario speaks of it. Each expectation reads the view again when the world has moved on since.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string>

#include "federation/base/error.h"
#include "node/view/case_view.h"

namespace ginnel::sim {

class World;

class View {
 public:
  using At = std::source_location;

  // What the node's callback gave; nothing: it was never called.
  struct Shown {
    std::optional<Expected<CaseView>> result;
  };
  View(World& world, std::string node, std::string user, std::shared_ptr<Shown> shown);

  // It was shown just now: nothing has to be read again.
  void is_fresh();
  bool is_shown() const { return shown_->result.has_value(); }
  // What the callback gave, without reading again.
  bool was_given() const { return is_shown() && shown_->result->has_value(); }
  const CaseView& as_given() const { return **shown_->result; }
  const ViewId& id();
  const CaseView& now(At at = At::current());
  const ViewPart& part(const std::string& agency, At at = At::current());
  const Error& error(At at = At::current());

  View& expect_part(const std::string& agency, PartStatus status, At at = At::current());
  View& expect_complete(At at = At::current()) { return expect_completeness(true, at); }
  View& expect_incomplete(At at = At::current()) { return expect_completeness(false, at); }
  View& expect_refused(const std::string& code, At at = At::current());
  // It was shown once, and is nobody's any more.
  View& expect_gone(At at = At::current());
  View& expect_shown(const std::string& agency, const std::string& kind, Step step, At at = At::current());
  View& expect_not_shown(const std::string& agency, const std::string& kind, At at = At::current());
  // Counted under that category, with this in the reason.
  View& expect_withheld(const std::string& agency, const std::string& category, const std::string& reason,
                        At at = At::current());

 private:
  View& expect_completeness(bool is_complete, At at);
  void refresh();

  World& world_;
  std::string node_, user_;
  std::shared_ptr<Shown> shown_;
  std::uint64_t seen_runs_;
};

}  // namespace ginnel::sim
