// SPDX-License-Identifier: Apache-2.0
#include "node/web/assets.h"
#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {

void show_asset(WebCore& web, const WebCallPtr& call) {
  auto found = asset(call->parameters.front());
  if (!found) return web.refuse(call, not_found_error());
  web.answer(call, std::move(*found));
}

}  // namespace ginnel
