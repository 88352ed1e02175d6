// SPDX-License-Identifier: Apache-2.0
// A sealed agreement that is chosen in a form, held against the one in force.
#include <algorithm>
#include <optional>

#include "node/web/handlers.h"
#include "node/web/multipart.h"
#include "node/web/page_parts.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

// The file of the form. `bad-multipart`, `too-large`; empty: none was chosen.
Expected<std::string> agreement_in(const HttpRequest& request) {
  const auto boundary = multipart_boundary(request.header("content-type"));
  if (!boundary)
    return fail("bad-multipart", "cannot read the form", "it is not multipart/form-data", "open the page again");
  MultipartLimits part_limits;
  part_limits.parts_max = 2;  // the file, and the form's token
  part_limits.part_bytes_max = limits::agreement_upload_bytes_max;
  auto parts = read_multipart(*boundary, request.body, part_limits);
  if (!parts) return tl::unexpected(parts.error());
  for (auto& part : *parts)
    if (part.header.name == "agreement") return std::move(part.content);
  return std::string();
}

// Every fault of every file is a line of `why`.
std::vector<FormFault> faults_of(const Error& error) {
  const std::vector<std::string> lines = lines_of(error.why);
  if (lines.size() < 2)
    return {{"agreement", "The agreement cannot be read: " + error.why,
             error.remedy.empty() ? "choose the file that ginnel policy seal wrote" : error.remedy}};
  std::vector<FormFault> out{{"agreement", "The agreement has " + std::to_string(lines.size()) + " faults",
                              "have them mended and sealed anew"}};
  for (std::size_t i = 0; i < std::min(lines.size(), limits::agreement_faults_shown_max); ++i)
    out.push_back({"agreement", lines[i], ""});
  if (const auto shown = out.size() - 1; lines.size() > shown)
    out.push_back({"", "And " + std::to_string(lines.size() - shown) + " more: ginnel policy check tells all", ""});
  return out;
}

void show_comparison_again(WebCore& web, const WebCallPtr& call, unsigned status,
                           const std::vector<FormFault>& faults) {
  auto made = web.pages.comparison(call->session, nullptr, faults);
  if (made) made->status = status;
  web.answer_page(call, std::move(made));
}

// Reads what was sent; nothing, and the call is answered, where it cannot be read.
std::optional<OfferedAgreement> offered_in(WebCore& web, const WebCallPtr& call,
                                           const std::shared_ptr<const Bundle>& in_force,
                                           const std::shared_ptr<ComparisonClaim>& claim) {
  std::vector<FormFault> faults;
  unsigned status = 422;
  if (auto file = agreement_in(call->request); !file) {
    status = status_of(file.error());
    faults.push_back({"agreement", "The file cannot be taken: " + file.error().why, file.error().remedy});
  } else if (file->empty()) {
    faults.push_back({"agreement", "Choose the file of a sealed agreement", ""});
  } else {
    auto offered = read_offered(view_of(*file), in_force);
    if (offered) return std::move(*offered);
    faults = faults_of(offered.error());
  }
  claim->let_go();
  show_comparison_again(web, call, status, faults);
  return std::nullopt;
}

void compare_with(WebCore& web, const WebCallPtr& call, const std::shared_ptr<const Bundle>& in_force,
                  const std::shared_ptr<ComparisonClaim>& claim) {
  auto offered = offered_in(web, call, in_force, claim);
  if (!offered) return;
  const auto then = [&web, call, in_force, claim, offered = *offered](const Expected<TriedAgreement>& tried) {
    if (!tried) {
      claim->let_go();
      return web.refuse(call, tried.error());
    }
    AgreementComparison out{offered, {}, *tried};
    const Instant until = web.clock.now() + limits::agreement_compare_ms_max;
    out.compared = compare_offered(*in_force, out.offered, [&web, until] { return web.clock.now() >= until; });
    auto made = web.pages.comparison(call->session, &out, {});
    claim->let_go();
    web.answer_page(call, std::move(made));
  };
  web.service.try_agreement(call->token, offered->bundle, web.with_result<TriedAgreement>(call, then));
}

}  // namespace

void show_comparison(WebCore& web, const WebCallPtr& call) {
  const auto then = [&web, call](const std::shared_ptr<const Bundle>&) {
    web.answer_page(call, web.pages.comparison(call->session, nullptr, {}));
  };
  web.service.bundle_in_force(call->token, web.on_worker<std::shared_ptr<const Bundle>>(call, then));
}

// Reads it as adopting it would, and does not adopt it.
void compare_agreement(WebCore& web, const WebCallPtr& call) {
  const auto then = [&web, call](const std::shared_ptr<const Bundle>& in_force) {
    const auto claim = web.claim_comparison();
    if (!claim)
      return show_comparison_again(web, call, 429,
                                   {{"", "Somebody else compares an agreement now", "try again in a minute"}});
    compare_with(web, call, in_force, claim);
  };
  web.service.bundle_in_force(call->token, web.on_worker<std::shared_ptr<const Bundle>>(call, then));
}

}  // namespace ginnel
