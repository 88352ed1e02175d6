// SPDX-License-Identifier: Apache-2.0
// XML from anybody: pieces come in order and end, and what is taken for an element has a name and keeps the limits.
#include <sstream>

#include "adapters/limits.h"
#include "adapters/xml/xml_element.h"
#include "adapters/xml/xml_stream.h"
#include "federation/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  XmlStream stream(in, "Child", "Children");
  XmlStream::Piece piece;
  for (std::uint32_t line = 0; stream.next(piece).value_or(false); line = piece.line) {
    CHECK(piece.line >= line && piece.text.empty() == !piece.fault.empty());
    CHECK(piece.text.size() <= 2 * limits::xml_element_bytes_max);
    if (auto element = parse_xml_element(piece.text, piece.line)) CHECK(!element->name.empty());
  }
  return 0;
}
