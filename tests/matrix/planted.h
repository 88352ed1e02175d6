// SPDX-License-Identifier: Apache-2.0
// A child with words that occur nowhere else, to look for where no case data may be.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/node/store_for_tests.h"

namespace ginnel::matrix {

inline constexpr const char* planted_nhs_number = "9990000018";

inline constexpr const char* planted_words[] = {"Quillfeather", "Zephyrine",     "9990000018", "2014-02-27",
                                                "27/02/2014",   "Larkspur Nook", "BD9 9ZZ",    "marzipan"};

inline Person planted_person() {
  Person person;
  person.identifiers = {{"source:planted", "P-1", true}, {"nhs", planted_nhs_number, true}};
  person.names = {{"Zephyrine", "Quillfeather", "usual", {}, {}}};
  person.birth = {{2014, 2, 27}, Precision::day};
  person.addresses = {{{"4 Larkspur Nook"}, "BD9 9ZZ", "", {}, {}, false}};
  return person;
}

inline Record planted_record(const PersonRef& person) {
  Record record = visit_to({person}, "Visit about the marzipan");
  record.label.sensitivity = 1;
  return record;
}

inline void expect_no_case_data(const std::string& text, const std::string& where) {
  for (const auto* word : planted_words)
    EXPECT_EQ(text.find(word), std::string::npos) << where << " tells `" << word << "`";
}

}  // namespace ginnel::matrix
