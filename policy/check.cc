// SPDX-License-Identifier: Apache-2.0
#include "policy/check.h"

#include "policy/limits.h"
#include "policy/validate.h"

namespace ginnel::policy {

PolicyCheck check_policies(std::string_view text, std::string_view file_name, const Schema& schema,
                           const ParseOptions& options) {
  auto read = read_policies(text, file_name, options);
  auto found = validate(read.whole, schema);
  PolicyCheck out{std::move(read.mistakes), {}};
  for (auto& error : found.errors) out.errors.push_back(std::move(error.what));
  for (auto& warning : found.warnings) out.warnings.push_back(std::move(warning.what));
  sort_by_place(out.errors);
  sort_by_place(out.warnings);
  if (out.errors.size() > limits::diagnostics_max) out.errors.resize(limits::diagnostics_max);
  return out;
}

}  // namespace ginnel::policy
