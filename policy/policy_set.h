// SPDX-License-Identifier: Apache-2.0
// Policies as parsed from text, and the set of them that decides.
//
// Policies are immutable once parsed and share their trees, so that sets, merges and links are cheap to copy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "policy/ast.h"
#include "policy/diagnostic.h"

namespace ginnel::policy {

enum class Effect : std::uint8_t { permit, forbid };

struct Annotation {
  std::string name, value;  // `@name` alone has an empty value
};

struct SourceText {
  std::string file, text;
};

struct Policy {
  std::string id;
  Effect effect = Effect::permit;
  std::vector<Annotation> annotations;  // in the order written, each name once
  ScopeConstraint principal, action, resource;
  std::shared_ptr<const std::vector<Clause>> clauses;  // never null
  std::shared_ptr<const SourceText> source;            // never null
  Span span;                                           // from the first annotation to the `;`
  Position at;                                         // where `permit` or `forbid` stands
  std::string template_id;                             // of a linked policy; else empty

  bool is_template() const { return principal.slot || resource.slot; }
  const std::string* annotation(std::string_view name) const;  // null: not there
  std::string_view text(Span part) const;                      // as written
  Position position(Span part) const;
};

// What a template's open places become; those that it does not have must stay empty.
struct Slots {
  std::optional<EntityUid> principal, resource;
};

class PolicySet {
 public:
  const std::vector<Policy>& policies() const { return policies_; }
  const std::vector<Policy>& templates() const { return templates_; }  // decide nothing until linked
  const Policy* find(std::string_view id) const;                       // policies only
  const Policy* find_template(std::string_view id) const;
  bool empty() const { return policies_.empty(); }

  // Ids are unique over policies and templates. Failure, with nothing changed: an id that is taken, or
  // limits::policies_max.
  tl::expected<void, std::string> add(Policy policy);
  tl::expected<void, std::string> merge(const PolicySet& other);
  // Makes a policy `link_id` of a template. Failure: no such template, slots that do not fit, `link_id` taken.
  tl::expected<void, std::string> link(std::string_view template_id, std::string link_id, const Slots& slots);

 private:
  tl::expected<void, std::string> check_free(const std::string& id) const;

  std::vector<Policy> policies_, templates_;
  std::unordered_map<std::string, std::size_t> numbers_;  // by id; templates count from their own zero
};

struct ParseOptions {
  bool ids_from_annotation = false;  // an `@id("...")` is the policy's id where there is one
  std::string id_prefix = "policy";  // otherwise the prefix and the position in the file: policy0, policy1, ...
};

struct PoliciesRead {
  PolicySet whole;       // those without a mistake; one whose id was taken stands here under `ID@LINE:COLUMN`
  Diagnostics mistakes;  // in order of place
};

// All that can be read of a text. After a mistake that breaks the syntax reading goes on behind the next `;`, or where
// a policy plainly begins.
PoliciesRead read_policies(std::string_view text, std::string_view file_name, const ParseOptions& options = {});

// Success: every policy of the text, in order. Failure: every mistake in it, as above.
tl::expected<PolicySet, Diagnostics> parse_policies(std::string_view text, std::string_view file_name,
                                                    const ParseOptions& options = {});

}  // namespace ginnel::policy
