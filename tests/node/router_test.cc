// SPDX-License-Identifier: Apache-2.0
#include "node/web/router.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const Router router({{1, "GET", "/"},
                     {2, "GET", "/views/{id}"},
                     {3, "POST", "/views"},
                     {4, "DELETE", "/views/{id}"},
                     {5, "GET", "/views/{id}/parts/{part}"}});

TEST(Router, finds_the_route_of_a_method_and_a_path) {
  EXPECT_EQ(router.match("GET", "/").route->id, 1);
  EXPECT_EQ(router.match("POST", "/views").route->id, 3);
  EXPECT_EQ(router.match("DELETE", "/views/7").route->id, 4);
  auto both = router.match("GET", "/views/a%20b/parts/c");
  ASSERT_NE(both.route, nullptr);
  EXPECT_EQ(both.route->id, 5);
  EXPECT_EQ(both.parameters, (std::vector<std::string>{"a b", "c"}));
}

TEST(Router, what_is_nearly_a_path_is_none) {
  for (const char* path :
       {"", "views", "/views/", "/views/7/", "//views", "/views/7/parts", "/Views/7", "/views//parts/1"})
    EXPECT_EQ(router.match("GET", path).route, nullptr) << path;
}

TEST(Router, a_segment_cannot_climb_or_split) {
  for (const char* id : {"..", ".", ".hidden", "%2e%2e", "a%2fb", "a%5cb", "%00", "%", "%zz", "%ff"})
    EXPECT_EQ(router.match("GET", "/views/" + std::string(id)).route, nullptr) << id;
}

TEST(Router, another_method_names_those_allowed) {
  auto match = router.match("PUT", "/views/7");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.methods_allowed, (std::vector<std::string>{"GET", "DELETE"}));
  EXPECT_TRUE(router.match("PUT", "/other").methods_allowed.empty());
}

}  // namespace
}  // namespace ginnel
