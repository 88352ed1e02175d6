// SPDX-License-Identifier: Apache-2.0
// docs/openapi.json as something that answers are held against: enough of JSON Schema for what the document uses, and a
// fault for a keyword that it does not know, so that nothing of the document goes unread.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ginnel {

class OpenApi {
 public:
  using Json = nlohmann::json;

  static const OpenApi& get();
  const Json& document() const { return *document_; }

  // Follows a $ref within the document.
  const Json& resolved(const Json& node) const;

  // The documented operation that answers this method and path; nothing: none does.
  const Json* operation(const std::string& method, const std::string& path) const;

  // What is wrong with an answer, or with a request that was taken; empty: nothing.
  std::vector<std::string> faults_of_exchange(const std::string& method, const std::string& target,
                                              const std::string& request, unsigned status,
                                              const std::string& content_type, const std::string& answer) const;

 private:
  OpenApi();
  ~OpenApi();
  void check(const Json& schema, const Json& value, const std::string& at, std::vector<std::string>& faults) const;
  void check_object(const Json& schema, const Json& value, const std::string& at,
                    std::vector<std::string>& faults) const;
  void check_array(const Json& schema, const Json& value, const std::string& at,
                   std::vector<std::string>& faults) const;

  std::unique_ptr<Json> document_;
};

}  // namespace ginnel
