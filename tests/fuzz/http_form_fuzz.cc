// SPDX-License-Identifier: Apache-2.0
// What browsers send: forms, cookies, escapes and paths. None may read outside of it, and what is read is UTF-8.
#include "federation/base/check.h"
#include "node/web/chronology_api.h"
#include "node/web/http_message.h"
#include "node/web/own_people_api.h"
#include "node/web/refusal_form.h"
#include "node/web/retention_page.h"
#include "node/web/router.h"
#include "node/web/transfer_page.h"
#include "node/web/view_form.h"
#include "node/web/when_form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Router router({{1, "GET", "/case-views/{id}"}});
  for (const auto& parameter : router.match("GET", text).parameters) CHECK(parameter.find('/') == std::string::npos);
  if (auto cookies = read_cookies(text)) CHECK(!cookies->contains(""));
  std::vector<SketchFault> faults;
  const auto sketch = read_sketch(text, text, text, text, text, faults);
  CHECK(sketch.nhs_number.empty() || sketch.nhs_number.size() == 10);
  if (auto form = read_form(text)) {
    for (const auto& [name, value] : form->all) CHECK(is_utf8(name) && is_utf8(value));
    if (auto request = read_view_form(*form)) CHECK(!request->purpose.empty() && !request->reason.empty());
    (void)read_search_form(*form);
    if (const auto when = read_when(*form, "")) CHECK(!when->is_set() || to_iso(*when).size() >= 10);
    const DecisionWords words{{}, {}, {}, {}, {{"court", "A court", "", false}}};
    if (auto consent = read_consent_form(PersonRef(), *form, words))
      CHECK(!consent->entry.categories.empty() && !consent->entry.note.empty());
    if (auto refusal = read_refusal_form(PersonRef(), *form)) CHECK(!refusal->entry.reason.empty());
    if (auto review = read_review_form(RefusalId(), *form)) CHECK(!review->reason.empty());
    if (auto saying = read_saying_form(TransferId(), *form))
      CHECK(saying->said != "conference" || saying->held.is_set());
    const auto mark = read_significance_form(*form);
    CHECK(!mark.mistakes.empty() || !mark.entry.record.empty());
    if (auto wish = read_retention_form(*form)) CHECK(!wish->hold || !wish->hold->reason.empty());
  }
  return 0;
}
