// SPDX-License-Identifier: Apache-2.0
// How the Service's calls reach the loop, and have their effect once; for the .cc files that implement them.
#pragma once

#include <memory>
#include <utility>

#include "node/node.h"
#include "node/outcomes.h"

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

// The same for what has an effect: `work` is given the worker's session too, and runs once for a caller's key. What it
// returned is kept in the commit of its effect (node/outcomes.h).
template <class T, class Do>
void call_once(Node& node, Caller caller, Done<T> done, Do work) {
  call<T>(node, std::move(done), [&node, caller = std::move(caller), work = std::move(work)](Work& w) -> Expected<T> {
    auto session = node.session_of(caller.token, w.turn, w.now);
    if (!session) return tl::unexpected(session.error());
    if (!caller.once) return work(w, *session);
    auto before = find_outcome(w.turn, session->user, *caller.once);
    if (!before) return tl::unexpected(before.error());
    if (*before)
      if (auto outcome = read_outcome(**before, static_cast<const T*>(nullptr))) return *outcome;
    Expected<T> result = work(w, *session);
    if (!result) return result;
    auto kept = keep_outcome(w.turn, session->user, *caller.once, outcome_bytes(*result));
    if (kept) return result;
    w.fail(kept.error());  // the effect must not stand without it
    return tl::unexpected(kept.error());
  });
}

}  // namespace ginnel
