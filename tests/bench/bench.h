// SPDX-License-Identifier: Apache-2.0
// What the parts of ginnel_bench share: what fails ends the program, and each measure is a line of JSON.
#pragma once

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "federation/base/error.h"
#include "node/gate/bundle.h"
#include "tests/source_tree.h"

namespace ginnel::bench {

template <class Value>
Value need(Expected<Value> value) {
  if (value) return std::move(*value);
  std::cerr << value.error().text() << "\n";
  std::exit(1);
}
inline void need(const Expected<void>& done) {
  if (done) return;
  std::cerr << done.error().text() << "\n";
  std::exit(1);
}

inline double ms_of(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

inline void tell(const std::string& what, const std::string& side, double value) {
  std::cout << nlohmann::json{{"what", what}, {"side", side}, {"value", value}} << std::endl;
}

inline std::shared_ptr<const Bundle> agreement() {
  static const auto bundle = need(read_bundle(source_tree() / "config-examples/policies/west-yorkshire"));
  return bundle;
}

}  // namespace ginnel::bench
