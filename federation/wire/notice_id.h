// SPDX-License-Identifier: Apache-2.0
// The id of a notice, for whom its contents do not concern.
#pragma once

#include "federation/base/id.h"

namespace ginnel {

using NoticeId = Id<struct NoticeTag>;  // one notice to one member; the same in every transmission

}  // namespace ginnel
