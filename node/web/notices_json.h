// SPDX-License-Identifier: Apache-2.0
// Notices and corrections as the API gives and takes them. Reading is strict, as in node/web/requests.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/notices/inbox_view.h"
#include "node/service.h"

namespace ginnel {

std::string to_json(const InboxList& list);
std::string to_json(const InboxItem& item);
std::string to_json(const SentList& list);
std::string to_json(const SentNotice& notice);
std::string to_json(const std::vector<Reliance>& relied);
std::string to_json(const CorrectionMade& made);

// `bad-json`, `bad-field`. An empty body is no note.
Expected<std::string> read_acknowledgement(std::string_view json);
Expected<CorrectionRequest> read_correction(std::string_view json);

}  // namespace ginnel
