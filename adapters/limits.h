// SPDX-License-Identifier: Apache-2.0
// The limits of reading what an agency's systems export. What is over one is refused with its line, never cut short.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ginnel::limits {

inline constexpr std::size_t csv_field_bytes_max = 256 * 1024;
inline constexpr std::size_t csv_row_bytes_max = 1024 * 1024;
inline constexpr std::size_t csv_columns_max = 512;
inline constexpr std::size_t csv_read_bytes = 64 * 1024;  // one read of the file

inline constexpr std::size_t xml_element_bytes_max = 1024 * 1024;  // one repeated element: a child
inline constexpr std::size_t xml_prolog_bytes_max = 256 * 1024;    // what stands before the first of them
inline constexpr std::size_t xml_tag_bytes_max = 64 * 1024;
inline constexpr std::size_t xml_broken_max = 100;            // tags and comments without an end, in one file
inline constexpr std::size_t xml_text_bytes_max = 16 * 1024;  // between two tags
inline constexpr std::size_t xml_depth_max = 16;
inline constexpr std::size_t xml_elements_max = 10'000;  // inside one repeated element

inline constexpr std::size_t mapping_file_bytes_max = 1024 * 1024;
inline constexpr std::size_t mapping_tables_max = 64;
inline constexpr std::size_t import_files_max = 1024;               // files of one import
inline constexpr std::size_t source_key_bytes_max = 128;            // a source's own key of a person or a row
inline constexpr std::size_t source_relations_max = 1'000'000;      // kept in memory while their people are read
inline constexpr std::size_t person_relations_max = 64;             // of one person
inline constexpr std::size_t source_keys_compared_max = 1'000'000;  // of one import, to find a key used twice
inline constexpr std::size_t headline_bytes_max = 400;
inline constexpr std::size_t code_sets_max = 256;               // of one statutory format
inline constexpr std::size_t statutory_field_bytes_max = 2000;  // one field's values together
inline constexpr std::size_t list_header_rows_max = 10;         // looked at for the line of column names

inline constexpr std::size_t link_rules_file_bytes_max = 1024 * 1024;
inline constexpr std::size_t link_rules_groups_max = 10'000;  // lines of names that are one
inline constexpr std::size_t link_rows_max = 2'000'000;       // of one file of `ginnel link`
inline constexpr std::size_t link_value_bytes_max = 200;      // of a value; the rest is not compared

inline constexpr std::size_t synth_children_max =
    400'000;  // as many as there are numbers of the 999 range for them and their parents

}  // namespace ginnel::limits
