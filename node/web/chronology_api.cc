// SPDX-License-Identifier: Apache-2.0
#include "node/web/chronology_api.h"

#include "federation/base/text.h"
#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

NewSignificance made_of(const std::string& entry, const std::string& reason) {
  NewSignificance mark;
  if (auto named = EntryRef::parse(entry))
    mark.entry = *named;
  else
    mark.mistakes.emplace_back("`entry` must name an entry of the view, AGENCY/RECORD");
  mark.reason = trimmed(reason);
  return mark;
}

}  // namespace

Expected<NewSignificance> read_significance(std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only({"entry", "reason"});
  auto mark = made_of(reader.needed_text("entry", limits::api_name_bytes_max),
                      reader.needed_text("reason", limits::api_reason_bytes_max));
  if (const auto* fault = reader.first_fault()) return tl::unexpected(*fault);
  return mark;
}

NewSignificance read_significance_form(const FormFields& form) {
  auto mark = made_of(form.get("entry"), form.get("reason"));
  if (has_controls(form.get("reason"), false)) mark.mistakes.emplace_back("`reason` has control characters");
  return mark;
}

}  // namespace ginnel
