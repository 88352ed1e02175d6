// SPDX-License-Identifier: Apache-2.0
// Where the tests find the project's own files: examples, vectors, documents.
#pragma once

#include <filesystem>
#include <string>

namespace ginnel {

// The root of the source tree that the tests were built from.
const std::filesystem::path& source_tree();

std::string content_of(const std::filesystem::path& file);

}  // namespace ginnel
