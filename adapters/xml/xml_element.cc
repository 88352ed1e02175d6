// SPDX-License-Identifier: Apache-2.0
#include "adapters/xml/xml_element.h"

#include <algorithm>
#include <pugixml.hpp>

#include "adapters/encoding.h"
#include "adapters/limits.h"

namespace ginnel {
namespace {

std::string_view without_prefix(std::string_view name) {
  auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

tl::unexpected<Error> bad(std::uint32_t line, std::string why) {
  return fail("bad-xml", "cannot read the XML", "line " + std::to_string(line) + ": " + std::move(why),
              "export the file again");
}

// Lines are counted forward only, because elements come in their order.
class Lines {
 public:
  Lines(std::string_view text, std::uint32_t first) : text_(text), line_(first) {}
  std::uint32_t at(std::ptrdiff_t offset) {
    if (offset < 0) return line_;
    std::size_t until = std::min(std::size_t(offset), text_.size());
    if (until > at_) {
      line_ += std::uint32_t(std::count(text_.begin() + long(at_), text_.begin() + long(until), '\n'));
      at_ = until;
    }
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_;
};

// Depth is limited, so recursion is too.
Expected<XmlElement> taken(const pugi::xml_node& node, Lines& lines, std::size_t depth, std::size_t& count) {
  XmlElement out;
  out.line = lines.at(node.offset_debug());
  if (depth > limits::xml_depth_max)
    return bad(out.line, "elements are nested deeper than " + std::to_string(limits::xml_depth_max));
  if (++count > limits::xml_elements_max)
    return bad(out.line, "more than " + std::to_string(limits::xml_elements_max) + " elements in one");
  out.name = without_prefix(node.name());
  for (pugi::xml_node child : node.children()) {
    if (child.type() == pugi::node_element) {
      auto made = taken(child, lines, depth + 1, count);
      if (!made) return made;
      out.children.push_back(std::move(*made));
    } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      out.text += child.value();
    }
  }
  std::string_view text = without_outer_space(out.text);
  out.has_stray_text = !out.children.empty() && !text.empty();
  if (text.size() > limits::xml_text_bytes_max)
    return bad(out.line, "a text has more than " + std::to_string(limits::xml_text_bytes_max) + " bytes");
  out.text = out.children.empty() ? without_control(text) : std::string();
  return out;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

}  // namespace

bool XmlElement::is(std::string_view other) const {
  return std::equal(name.begin(), name.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

const XmlElement* XmlElement::find(std::string_view child) const {
  for (const auto& one : children)
    if (one.is(child)) return &one;
  return nullptr;
}

Expected<XmlElement> parse_xml_element(std::string_view utf8, std::uint32_t first_line) {
  pugi::xml_document document;
  // SECURITY: parse_default keeps no document type and knows no entity but XML's own five and numbers.
  auto parsed = document.load_buffer(utf8.data(), utf8.size(), pugi::parse_default, pugi::encoding_utf8);
  Lines lines(utf8, first_line);
  if (!parsed) return bad(lines.at(parsed.offset), parsed.description());
  pugi::xml_node root = document.document_element();
  if (!root) return bad(first_line, "there is no element");
  std::size_t count = 0;
  return taken(root, lines, 1, count);
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace ginnel
