// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {

void tell_vocabulary(WebCore& web, const WebCallPtr& call) {
  web.answer(call, json_answer(200, web.settings.vocabulary_json));
}

}  // namespace ginnel
