// SPDX-License-Identifier: Apache-2.0
// One <Child> of a CIN census: its person and its dated records, in this order. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/statutory/item_maker.h"
#include "adapters/xml/xml_element.h"

namespace ginnel::cin {

struct ChildFile {
  std::string name;  // of the file
  Date ends;         // its reference date
};

class ChildReader {
 public:
  // `format` outlives the reader.
  ChildReader(const statutory::Format& format, const MemberId& owner);

  // A Rejected alone if the child has no key. Flags of the element as a whole (stray text, unknown elements) are the
  // person's.
  std::vector<SourceItem> items_of(const XmlElement& child, const ChildFile& file) const;

 private:
  const statutory::Format& format_;
  const statutory::ItemMaker maker_;
  const std::set<std::string> known_;  // names that the format reads or expects, in lower case
};

}  // namespace ginnel::cin
