// SPDX-License-Identifier: Apache-2.0
// What only a definition as a whole can tell: words that nothing introduces, steps that nothing leads to, ends that
// cannot be reached, clocks that nobody would be told of.
#pragma once

#include "adapters/toml_section.h"
#include "node/process/engine/definition.h"

namespace ginnel {

// `file` is what the definition was read from: mistakes are told at its lines.
void check_definition(const Definition& definition, const toml::table& file, TomlMistakes& mistakes);

}  // namespace ginnel
