# SPDX-License-Identifier: Apache-2.0
# Writes OUT, a C++ file with the text of FILE. Run by CMakeLists.txt here.
file(READ ${FILE} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "(................................................................)" "\\1\"\n\"" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" hex "${hex}")
set(text "// Made by adapters/write_link_rules.cmake.\n#include \"adapters/link_rules_reader.h\"\n\nnamespace ginnel {\n\n")
string(APPEND text "std::string_view default_link_rules_text() {\n  return {\"${hex}\", ${bytes}};\n}\n\n}  // namespace ginnel\n")
file(WRITE ${OUT} "${text}")
