// SPDX-License-Identifier: Apache-2.0
// Style sheets, scripts and pictures of the pages, each under an address that holds its content's hash: a browser keeps
// it for a year and asks again only when it changed.
//
// Thread: any; made once. Assets hold nothing about anybody. A script names another as "/assets/NAME", and is served
// with that asset's hashed address in its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/web/http_message.h"

namespace ginnel {

// "ginnel.css" -> "/assets/ginnel-3f2a9c01b7d45e68.css". CHECKs that there is such a file.
const std::string& asset_path(std::string_view name);

// What stands at /assets/NAME, with its type; nothing if there is none, or if the hash is another version's.
std::optional<HttpResponse> asset(std::string_view name);

}  // namespace ginnel
