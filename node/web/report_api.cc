// SPDX-License-Identifier: Apache-2.0
#include "node/web/report_api.h"

#include <nlohmann/json.hpp>

#include "node/web/json_value.h"

namespace ginnel {

using OrderedJson = nlohmann::ordered_json;

Expected<int> read_return_request(std::string_view text) {
  auto json = read_json(text);
  if (!json) return tl::unexpected(json.error());
  const JsonValue* year = json->find("year");
  const bool is_year = year && year->kind == JsonValue::Kind::integer && year->integer >= 1900 && year->integer < 3000;
  if (!is_year || json->object.size() != 1)
    return bad_field("year", not_as_it_should_be, "send the year in which the collection ends, and nothing else");
  return int(year->integer);
}

std::string to_json(const CinReturn& made) {
  OrderedJson gaps = OrderedJson::array();
  for (const auto& gap : made.gaps) {
    OrderedJson row{{"child", gap.child}, {"event", gap.event}};
    if (gap.day.is_set()) row["date"] = gap.day.iso();
    row["what"] = gap.what;
    gaps.push_back(std::move(row));
  }
  return OrderedJson{{"year", made.year},         {"from", made.from.iso()}, {"to", made.to.iso()},
                     {"children", made.children}, {"gaps", std::move(gaps)}, {"gapsNotTold", made.gaps_not_told},
                     {"return", made.file}}
      .dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
