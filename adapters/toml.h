// SPDX-License-Identifier: Apache-2.0
// toml++ as this program uses it: without exceptions, and compiled once (toml.cc). Its one home.
//
// One program has one form of toml++: with two, the linker mixes them and files read as empty.
#pragma once

// toml++ 3.3 asserts, or lets the compiler assume, that a table's name begins well, and then reports that it does not:
// `[*"]` would end a debug build. Found by mapping_fuzz.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
