// SPDX-License-Identifier: Apache-2.0
// The files of node/web/templates and node/web/assets, put into the program when it is built (node/web/embed.cmake).
#pragma once

#include <string_view>
#include <vector>

namespace ginnel {

struct EmbeddedFile {
  std::string_view name;  // "templates/find.html", "assets/ginnel.css"
  std::string_view bytes;
};

// By name.
const std::vector<EmbeddedFile>& embedded_files();

// Empty if there is none of that name. The name is looked up as it stands: there are no folders to climb out of.
std::string_view embedded_file(std::string_view name);

}  // namespace ginnel
