// SPDX-License-Identifier: Apache-2.0
// Transfers of the lead and one of them as the data of their pages: what waits for this authority first.
//
// Thread: any; pure. What people and other authorities wrote is passed through as text, and the template escapes it.
#pragma once

#include "node/transfer/transfer_view.h"
#include "node/web/http_message.h"
#include "node/web/template.h"
#include "node/web/view_form.h"

namespace ginnel {

void add_transfers(TemplateData& data, const TransferList& list);

// `filled`: what was typed the last time, and what is to be mended in it.
void add_transfer(TemplateData& data, const TransferDetail& detail, const FormFields& filled,
                  const std::vector<FormFault>& faults);

// The form for one statement: said, text, held, sure. Its controls' ids end with what is said: "text-decline".
tl::expected<TransferSaying, std::vector<FormFault>> read_saying_form(const TransferId& transfer,
                                                                      const FormFields& form);

}  // namespace ginnel
