// SPDX-License-Identifier: Apache-2.0
#include "node/web/page_parts.h"
#include "node/web/pages.h"
#include "node/web/transfer_page.h"

namespace ginnel {

Expected<HttpResponse> Pages::transfers(const Session& session, const TransferList& list) const {
  auto data = frame("Transfers", &session);
  data.set("at_transfers", true);
  add_transfers(data, list);
  return page("transfers", data, 200);
}

Expected<HttpResponse> Pages::transfer(const Session& session, const TransferDetail& detail, const FormFields& filled,
                                       const std::vector<FormFault>& faults) const {
  auto data = frame("Transfer", &session);
  data.set("at_transfers", true);
  add_transfer(data, detail, filled, faults);
  set_errors(data, faults);
  return page("transfer", data, faults.empty() ? 200 : 422);
}

}  // namespace ginnel
