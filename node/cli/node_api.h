// SPDX-License-Identifier: Apache-2.0
// A command as a worker's side of their own node: its options for reaching it, calls of its API, and what an answer
// says.
//
// Thread: one at a time; blocks. Failure: HttpClient's and the API's own errors; `bad-answer` where an answer is not of
// the form that the API gives. SECURITY: text_in() and words_in() make harmless what a peer may have written.
#pragma once

#include <cstdint>
#include <istream>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/cli/command.h"

namespace ginnel {

inline constexpr std::int64_t node_api_timeout_ms = 30'000;

// --url, --token-file and --ca, then `more`.
std::vector<OptionSpec> node_api_options(const std::vector<OptionSpec>& more = {});

// The body of a good answer.
Expected<std::string> get_from_node(const Invocation& call, const std::string& path,
                                    std::int64_t timeout_ms = node_api_timeout_ms);
Expected<std::string> post_to_node(const Invocation& call, const std::string& path, const nlohmann::json& body,
                                   std::int64_t timeout_ms = node_api_timeout_ms);
// As it was typed: a name that stands there twice is for the node to refuse.
Expected<std::string> post_text_to_node(const Invocation& call, const std::string& path, const std::string& json,
                                        std::int64_t timeout_ms = node_api_timeout_ms);

// An answer's object, which holds a list of this name if one is given.
Expected<nlohmann::json> object_of(const std::string& body, const char* list = nullptr);

// What is missing or of another type reads as empty, zero, and an empty list.
std::string text_in(const nlohmann::json& json, const char* name);
std::uint64_t number_in(const nlohmann::json& json, const char* name);
std::string words_in(const nlohmann::json& json, const char* name);  // "police, health"
const nlohmann::json& list_in(const nlohmann::json& json, const char* name);
// As a person reads it; what is no instant, as it came.
std::string moment_in(const nlohmann::json& json, const char* name);

// A reason may name somebody: it comes from standard input. `usage` if none does; `cannot` begins its text.
Expected<std::string> reason_from(std::istream& in, const std::string& cannot);

}  // namespace ginnel
