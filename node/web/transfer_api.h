// SPDX-License-Identifier: Apache-2.0
// The API's JSON about transfers of the lead. Reading is as strict as node/web/requests.h has it.
//
// Thread: any; pure. Errors: `bad-json`, `bad-field`. Texts name the field, never its value.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/transfer/transfer_view.h"

namespace ginnel {

// {process, to, move, why}
Expected<NewLeadOffer> read_new_lead_offer(std::string_view json);
// {said, text?, held?}; held: the day of a conference, and of nothing else.
Expected<TransferSaying> read_transfer_saying(const TransferId& transfer, std::string_view json);

// A list names nobody; the one transfer has the child and what came of the file.
std::string to_json(const TransferList& list);
std::string to_json(const TransferDetail& detail);

}  // namespace ginnel
