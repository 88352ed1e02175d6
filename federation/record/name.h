// SPDX-License-Identifier: Apache-2.0
// Names in the form in which two agencies' spellings are compared.
#pragma once

#include <string>
#include <string_view>

namespace ginnel {

// Lower case a-z only: transliterated (ICU Any-Latin; Latin-ASCII), apostrophes and hyphens dropped, anything else
// that is no letter a single space. "O'Brien-Khan" -> "obrienkhan"; "Łukasz" -> "lukasz".
std::string normal_name(std::string_view text);

}  // namespace ginnel
