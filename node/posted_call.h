// SPDX-License-Identifier: Apache-2.0
// How the Service's calls reach the loop; for the .cc files that implement them.
#pragma once

#include <memory>
#include <utility>

#include "node/node.h"

namespace ginnel {

// Posts `work`, which returns what `done` gets once the turn is durable.
template <class T, class Do>
void call(Node& node, Done<T> done, Do work) {
  auto shared = std::make_shared<Done<T>>(std::move(done));
  node.post(
      [shared, work = std::move(work)](Work& w) {
        auto result = std::make_shared<Expected<T>>(work(w));
        w.after([shared, result](const Expected<void>& committed) {
          (*shared)(committed ? std::move(*result) : tl::unexpected(committed.error()));
        });
      },
      [shared](const Error& error) { (*shared)(tl::unexpected(error)); });
}

}  // namespace ginnel
