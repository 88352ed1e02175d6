// SPDX-License-Identifier: Apache-2.0
#include "policy/names.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

bool names_a_file(const std::string& policy) { return names_entity_of(test::parse(policy).policies().front(), "File"); }

TEST(Names, an_entity_in_any_place_of_a_policy) {
  for (
      const char* policy : {
          R"(permit(principal, action, resource == File::"a");)",
          R"(permit(principal, action, resource in File::"a");)",
          R"(permit(principal, action, resource is Paper in File::"a");)",
          R"(permit(principal, action, resource) when { true } unless { resource == File::"a" };)",
          R"(permit(principal, action, resource) when { if context.x then resource in [User::"b", File::"a"] else true };)",
          R"(permit(principal, action, resource) when { {"f": [File::"a"]}.f.contains(resource) };)",
          R"(permit(principal, action, resource) when { File::"a".size > 3 };)",
          R"(permit(principal, action, resource) when { context.count + 1 > 2 && !(resource has x || File :: "a" == resource) };)",
      })
    EXPECT_TRUE(names_a_file(policy)) << policy;
}

TEST(Names, neither_a_type_nor_another_types_entity) {
  for (
      const char* policy : {
          "permit(principal, action, resource is File);",
          R"(permit(principal == User::"File", action, resource) when { resource is File && resource.name == "File::\"a\"" };)",
          R"(permit(principal, action, resource == Old::File::"a");)",
      })
    EXPECT_FALSE(names_a_file(policy)) << policy;
}

}  // namespace
}  // namespace ginnel::policy
