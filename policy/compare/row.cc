// SPDX-License-Identifier: Apache-2.0
#include "policy/compare/row.h"

#include <algorithm>
#include <map>

namespace ginnel::policy {

namespace {

using Kind = Question::Kind;
using Values = Diagrams::Values;

std::string list_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : ", ") + texts[i];
  return out + "]";
}

// Told by what it is not: where that is shorter, or the only way.
bool is_negative(const Question& question, const Values& values) {
  if (question.others) return values.back();
  const auto in = static_cast<std::size_t>(std::count(values.begin(), values.end(), true));
  return in > 1 && values.size() - in < in;
}

std::string among(const Question& question, const std::string& path, const Values& values) {
  std::vector<std::string> in, out;
  for (std::size_t i = 0; i < question.values.size(); ++i) (values[i] ? in : out).push_back(question.values[i].text());
  if (is_negative(question, values)) {
    return out.size() == 1 ? path + " != " + out[0] : "!" + list_of(out) + ".contains(" + path + ")";
  }
  return in.size() == 1 ? path + " == " + in[0] : list_of(in) + ".contains(" + path + ")";
}

std::string types(const Question& question, const std::string& variable, const Values& values) {
  std::string out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < question.values.size(); ++i) {
    if (!values[i]) continue;
    out += (count++ == 0 ? "" : " || ") + variable + " is " + *question.values[i].as_string();
  }
  return count > 1 ? "(" + out + ")" : out;
}

std::string intervals(const Question& question, const Values& values) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < values.size();) {
    if (!values[i]) {
      ++i;
      continue;
    }
    auto end = i;
    while (end < values.size() && values[end]) ++end;
    const bool from = i > 0, to = end < values.size();
    const auto low = from ? std::to_string(question.cuts[i - 1]) : "";
    if (from && to && question.cuts[end - 1] == question.cuts[i - 1] + 1) {
      parts.push_back(question.text + " == " + low);
    } else {
      parts.push_back((from ? question.text + " >= " + low : "") + (from && to ? " && " : "") +
                      (to ? question.text + " < " + std::to_string(question.cuts[end - 1]) : ""));
    }
    i = end;
  }
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : " || ") + parts[i];
  return parts.size() > 1 ? "(" + out + ")" : out;
}

bool is_operation(const std::string& text) { return text.find(' ') != std::string::npos; }

std::string truth(const std::string& text, bool value) {
  if (value) return is_operation(text) ? "(" + text + ")" : text;
  return is_operation(text) ? "!(" + text + ")" : "!" + text;
}

}  // namespace

std::size_t length_of(const Question& question, const Values& values) {
  std::size_t out = 0;
  if (question.kind == Kind::order) {
    for (std::size_t i = 0; i < values.size(); ++i) out += values[i] && (i == 0 || !values[i - 1]) ? 1 : 0;
  } else {
    const bool told = !is_negative(question, values);
    for (std::size_t i = 0; i < question.values.size(); ++i) out += values[i] == told ? 1 : 0;
  }
  return out;
}

std::vector<std::string> conditions_of(const RowOfValues& row, const Questions& questions) {
  std::vector<std::string> out;
  // What a set holds and lacks is told together, where the first of it stands.
  std::map<std::pair<std::string, bool>, std::pair<std::size_t, std::vector<std::string>>> members;
  for (const auto& [number, values] : row) {
    const auto& question = questions.all()[number];
    switch (question.kind) {
      case Kind::action:
        out.push_back(among(question, "action", values));
        break;
      case Kind::principal_type:
        out.push_back(types(question, "principal", values));
        break;
      case Kind::resource_type:
        out.push_back(types(question, "resource", values));
        break;
      case Kind::value:
        out.push_back(among(question, question.text, values));
        break;
      case Kind::order:
        out.push_back(intervals(question, values));
        break;
      case Kind::member: {
        auto [entry, fresh] = members.try_emplace({question.text, values[1]}, out.size(), std::vector<std::string>());
        if (fresh) out.emplace_back();
        entry->second.second.push_back(question.values[0].text());
        break;
      }
      case Kind::within:
        out.push_back(truth(question.text + " in " + question.values[0].text(), values[1]));
        break;
      case Kind::empty:
        out.push_back(truth(question.text + ".isEmpty()", values[1]));
        break;
      case Kind::same:
      case Kind::truth:
      case Kind::other:
        out.push_back(truth(question.text, values[1]));
        break;
    }
  }
  for (const auto& [set, place] : members) {
    const auto& [name, holds] = set;
    const auto& [at, elements] = place;
    const bool one = elements.size() == 1;
    out[at] = std::string(holds ? "" : "!") + name +
              (one     ? ".contains("
               : holds ? ".containsAll("
                       : ".containsAny(") +
              (one ? elements[0] : list_of(elements)) + ")";
  }
  return out;
}

}  // namespace ginnel::policy
