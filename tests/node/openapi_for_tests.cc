// SPDX-License-Identifier: Apache-2.0
#include "tests/node/openapi_for_tests.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/source_tree.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

void check_code(const Json& response, unsigned status, const Json& answer, std::vector<std::string>& faults) {
  const std::string code = answer["error"]["code"];
  for (const auto& known : response["x-codes"])
    if (known == code) return;
  if (status != 422 || !code.starts_with("bad-")) faults.push_back("code `" + code + "` is not documented");
}

void check_text(const Json& schema, const std::string& text, const std::string& at, std::vector<std::string>& faults) {
  if (schema.contains("pattern") && !std::regex_search(text, std::regex(schema["pattern"].get<std::string>())))
    faults.push_back(at + " does not match its pattern");
  if (text.size() > schema.value("maxLength", std::size_t(SIZE_MAX))) faults.push_back(at + " is too long");
  if (text.size() < schema.value("minLength", std::size_t(0))) faults.push_back(at + " is too short");
}

void check_number(const Json& schema, double number, const std::string& at, std::vector<std::string>& faults) {
  if (schema.contains("minimum") && number < schema["minimum"].get<double>()) faults.push_back(at + " is too small");
  if (schema.contains("maximum") && number > schema["maximum"].get<double>()) faults.push_back(at + " is too large");
}

bool fits(const Json& type, const Json& value) {
  if (type.is_array()) {
    for (const auto& one : type)
      if (fits(one, value)) return true;
    return false;
  }
  const std::string name = type;
  return (name == "object" && value.is_object()) || (name == "array" && value.is_array()) ||
         (name == "string" && value.is_string()) || (name == "boolean" && value.is_boolean()) ||
         (name == "integer" && value.is_number_integer()) || (name == "number" && value.is_number()) ||
         (name == "null" && value.is_null());
}

}  // namespace

OpenApi::OpenApi() : document_(std::make_unique<Json>()) {
  std::ifstream in(source_tree() / "docs/openapi.json");
  *document_ = Json::parse(in);
}
OpenApi::~OpenApi() = default;

const OpenApi& OpenApi::get() {
  static const OpenApi made;
  return made;
}

const OpenApi::Json& OpenApi::resolved(const Json& node) const {
  if (!node.is_object() || !node.contains("$ref")) return node;
  return document_->at(Json::json_pointer(node["$ref"].get<std::string>().substr(1)));
}

const OpenApi::Json* OpenApi::operation(const std::string& method, const std::string& path) const {
  std::string name = method;
  for (char& c : name) c = char(std::tolower(c));
  const Json* found = nullptr;
  for (const auto& [pattern, operations] : (*document_)["paths"].items()) {
    const std::regex form(std::regex_replace(pattern, std::regex("\\{[a-z]+\\}"), "[^/]+"));
    if (!operations.contains(name) || !std::regex_match(path, form)) continue;
    if (!found || pattern == path) found = &operations[name];  // a word of its own goes before a parameter
  }
  return found;
}

std::vector<std::string> OpenApi::faults_of_exchange(const std::string& method, const std::string& target,
                                                     const std::string& request, unsigned status,
                                                     const std::string& content_type, const std::string& answer) const {
  const std::string path = target.substr(0, target.find('?'));
  const Json* op = operation(method, path);
  const bool is_api = path.starts_with("/api/") || path == "/livez" || path == "/readyz" || path == "/metrics";
  if (!is_api || method == "HEAD" || (!op && (status == 404 || status == 405 || status == 401))) return {};
  if (!op) return {method + " " + path + " answers, and docs/openapi.json does not know it"};
  const std::string code = std::to_string(status);
  // What is our own mistake can come from anywhere and is described once.
  const Json& responses = status == 500 ? (*document_)["components"]["responses"] : (*op)["responses"];
  if (!responses.contains(code)) return {method + " " + path + " does not document its " + code};
  std::vector<std::string> faults;
  const Json& response = resolved(responses[code]);
  if (response.contains("content")) {
    if (!response["content"].contains(content_type.substr(0, content_type.find(';'))))
      faults.push_back("content type " + content_type);
    else if (content_type.starts_with("application/json"))
      check(resolved(response["content"]["application/json"]["schema"]), Json::parse(answer), "answer", faults);
  }
  if (response.contains("x-codes") && status != 500) check_code(response, status, Json::parse(answer), faults);
  if (status < 300 && op->contains("requestBody")) {
    const Json& body = resolved((*op)["requestBody"]);
    if (body["content"].contains("application/json"))
      check(resolved(body["content"]["application/json"]["schema"]), Json::parse(request, nullptr, false), "request",
            faults);
  }
  for (std::string& fault : faults) fault = method + " " + path + " " + code + ": " + fault;
  return faults;
}

void OpenApi::check(const Json& schema, const Json& value, const std::string& at,
                    std::vector<std::string>& faults) const {
  static const std::set<std::string> known{"type",        "required", "additionalProperties",
                                           "properties",  "items",    "enum",
                                           "const",       "pattern",  "maxLength",
                                           "maxItems",    "minimum",  "maximum",
                                           "description", "format",   "minItems",
                                           "minLength"};
  for (const auto& [keyword, ignored] : schema.items())
    if (!known.contains(keyword)) faults.push_back(at + ": the document uses `" + keyword + "`, which nobody checks");
  if (schema.contains("type") && !fits(schema["type"], value)) {
    faults.push_back(at + " is not of type " + schema["type"].dump());
    return;
  }
  if (schema.contains("const") && schema["const"] != value) faults.push_back(at + " is not " + schema["const"].dump());
  if (schema.contains("enum") && std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
    faults.push_back(at + " is " + value.dump() + ", which is not of its list");
  if (value.is_string()) check_text(schema, value.get<std::string>(), at, faults);
  if (value.is_number()) check_number(schema, value.get<double>(), at, faults);
  if (value.is_object()) check_object(schema, value, at, faults);
  if (value.is_array()) check_array(schema, value, at, faults);
}

void OpenApi::check_object(const Json& schema, const Json& value, const std::string& at,
                           std::vector<std::string>& faults) const {
  for (const auto& name : schema.value("required", Json::array()))
    if (!value.contains(name.get<std::string>())) faults.push_back(at + " lacks `" + name.get<std::string>() + "`");
  const Json properties = schema.value("properties", Json::object());
  const Json others = schema.value("additionalProperties", Json(true));
  for (const auto& [name, inner] : value.items()) {
    if (properties.contains(name))
      check(resolved(properties[name]), inner, at + "." + name, faults);
    else if (others.is_object())
      check(resolved(others), inner, at + "." + name, faults);
    else if (others == false)
      faults.push_back(at + " has `" + name + "`, which is not documented");
  }
}

void OpenApi::check_array(const Json& schema, const Json& value, const std::string& at,
                          std::vector<std::string>& faults) const {
  if (value.size() > schema.value("maxItems", std::size_t(SIZE_MAX))) faults.push_back(at + " has too many");
  if (value.size() < schema.value("minItems", std::size_t(0))) faults.push_back(at + " has too few");
  if (!schema.contains("items")) return;
  for (std::size_t i = 0; i < value.size(); ++i)
    check(resolved(schema["items"]), value[i], at + "[" + std::to_string(i) + "]", faults);
}

}  // namespace ginnel
