// SPDX-License-Identifier: Apache-2.0
// One element of an XML file as a plain value. The home of pugixml is this folder.
//
// Names come without their namespace's prefix. Nothing outside the text is ever read: a document type, its entities and
// external references stand for nothing.
//
// Thread: any; pure. Failure: `bad-xml`, with the line; the text itself is never quoted.
// Limits: limits::xml_*.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

struct XmlElement {
  std::string name;
  std::string text;  // its own, without outer space and control characters
  std::uint32_t line = 0;
  bool has_stray_text = false;  // text stands between its elements; it is left out
  std::vector<XmlElement> children;

  // The first child of the name, letters in either case; null if there is none.
  const XmlElement* find(std::string_view child) const;
  bool is(std::string_view other_name) const;
};

// `first_line` is where the text starts in its file.
Expected<XmlElement> parse_xml_element(std::string_view utf8, std::uint32_t first_line = 1);

// A text as it stands between tags.
std::string xml_escaped(std::string_view text);

}  // namespace ginnel
