// SPDX-License-Identifier: Apache-2.0
#include "federation/record/name.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace ginnel {
namespace {

TEST(Name, apostrophes_and_hyphens_join_and_spaces_part) {
  EXPECT_EQ(normal_name("O'Brien-Khan"), "obrienkhan");
  EXPECT_EQ(normal_name("O’Brien"), "obrien");
  EXPECT_EQ(normal_name("  Mary   Ann "), "mary ann");
  EXPECT_EQ(normal_name("Smith, (Jnr)"), "smith jnr");
}

TEST(Name, letters_of_other_alphabets_become_their_latin_neighbours) {
  EXPECT_EQ(normal_name("Łukasz"), "lukasz");
  EXPECT_EQ(normal_name("Żółć"), "zolc");
  EXPECT_EQ(normal_name("José"), "jose");
  EXPECT_EQ(normal_name("Jose\u0301"), "jose");  // the same, decomposed
  EXPECT_EQ(normal_name("Straße"), "strasse");
  EXPECT_EQ(normal_name("Иван"), "ivan");
}

TEST(Name, names_in_any_script_give_only_small_letters_and_single_spaces) {
  for (const char* name : {"محمد علی", "ਗੁਰਪ੍ਰੀਤ ਕੌਰ", "আয়েশা", "李小龍", "Ngũgĩ wa Thiong'o"}) {
    std::string form = normal_name(name);
    EXPECT_FALSE(form.empty()) << name;
    EXPECT_EQ(form.find_first_not_of("abcdefghijklmnopqrstuvwxyz "), std::string::npos) << form;
    EXPECT_EQ(form.find("  "), std::string::npos) << form;
    EXPECT_EQ(normal_name(form), form) << name;
  }
}

TEST(Name, what_holds_no_letter_is_empty) {
  for (const char* text : {"", " ", "12", "-", "??", "\xff\xfe"}) EXPECT_EQ(normal_name(text), "") << text;
}

TEST(Name, several_threads_may_ask_at_once) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&count] {
      for (int i = 0; i < 200; ++i) count += normal_name("Żółć Łukasz") != "zolc lukasz";
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace ginnel
