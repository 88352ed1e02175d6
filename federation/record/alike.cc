// SPDX-License-Identifier: Apache-2.0
#include "federation/record/alike.h"

#include <algorithm>
#include <array>

namespace ginnel {
namespace {

constexpr double winkler_scale = 0.1;  // of Winkler's definition, as is the length of the common start
constexpr std::size_t winkler_start_max = 4;

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) {
  a = a.substr(0, alike_bytes_max);
  b = b.substr(0, alike_bytes_max);
  if (a == b) return 1;
  if (a.empty() || b.empty()) return 0;
  const std::size_t longer = std::max(a.size(), b.size());
  const std::size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::array<bool, alike_bytes_max> used{};
  std::array<char, alike_bytes_max> common{};
  std::size_t matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t from = i > reach ? i - reach : 0, until = std::min(b.size(), i + reach + 1);
    for (std::size_t j = from; j < until; ++j) {
      if (used[j] || a[i] != b[j]) continue;
      used[j] = true;
      common[matches++] = a[i];
      break;
    }
  }
  if (matches == 0) return 0;
  std::size_t out_of_order = 0;
  for (std::size_t j = 0, k = 0; j < b.size(); ++j)
    if (used[j] && b[j] != common[k++]) ++out_of_order;
  const auto m = static_cast<double>(matches);
  const double jaro = (m / double(a.size()) + m / double(b.size()) + (m - double(out_of_order) / 2) / m) / 3;
  std::size_t start = 0;
  while (start < std::min({a.size(), b.size(), winkler_start_max}) && a[start] == b[start]) ++start;
  return jaro + double(start) * winkler_scale * (1 - jaro);
}

bool is_one_edit(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || a == b) return false;
  std::size_t start = 0;
  while (start < a.size() && a[start] == b[start]) ++start;
  const std::string_view rest_a = a.substr(start), rest_b = b.substr(start);
  if (a.size() < b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() > 1 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace ginnel
