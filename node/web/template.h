// SPDX-License-Identifier: Apache-2.0
// Pages from templates: Mustache that always escapes, and never leaves a hole where a word should be.
//
// Thread: any; pure. A name that a template uses and the data lacks is an Error here, not an empty place: on these
// pages an empty place could read as "nothing is known". Only escaped variables are allowed; `{{{` and `{{&` are
// refused. Failure: `bad-template`, a mistake of ours, found by the tests of every page.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

// A text, yes or no, a list or an object. `{{#name}}` walks lists, enters objects and asks yes or no.
class TemplateData {
 public:
  using List = std::vector<TemplateData>;
  using Object = std::map<std::string, TemplateData>;

  TemplateData() : value_(Object()) {}
  TemplateData(std::string text) : value_(std::move(text)) {}  // NOLINT: implicit, so that data reads like JSON
  TemplateData(std::string_view text) : value_(std::string(text)) {}
  TemplateData(const char* text) : value_(std::string(text)) {}
  TemplateData(bool yes) : value_(yes) {}
  template <class Number>
  requires std::is_arithmetic_v<Number> &&(!std::is_same_v<Number, bool>)
      TemplateData(Number) = delete;  // would else become a yes or no: write the number as people read it
  TemplateData(List list) : value_(std::move(list)) {}
  TemplateData(Object object) : value_(std::move(object)) {}

  // CHECKs that this is an object.
  TemplateData& set(const std::string& name, TemplateData value);
  // The text `name`, and `has_name`: whether it is there.
  TemplateData& set_text(const std::string& name, std::string value);
  // The list `name`, and `has_name`: whether it has entries.
  TemplateData& set_list(const std::string& name, List list);

  const std::variant<std::string, bool, List, Object>& value() const { return value_; }

 private:
  std::variant<std::string, bool, List, Object> value_;
};

// Renders templates/NAME.html; `{{> other}}` takes templates/other.html.
Expected<std::string> render_template(std::string_view name, const TemplateData& data);

// The same for a template's text, with the partials of the program.
Expected<std::string> render_text(std::string_view text, const TemplateData& data);

}  // namespace ginnel
