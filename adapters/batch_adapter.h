// SPDX-License-Identifier: Apache-2.0
// An adapter that reads several items at a time: what one row or element of its file gives.
//
// Thread: any, one at a time.
#pragma once

#include <deque>

#include "adapters/adapter.h"

namespace ginnel {

class BatchAdapter : public Adapter {
 public:
  Expected<std::optional<SourceItem>> next() final {
    while (ready_.empty()) {
      auto more = read_more();
      if (!more) return tl::unexpected(more.error());
      if (!*more) return std::optional<SourceItem>();
    }
    std::optional<SourceItem> item(std::move(ready_.front()));
    ready_.pop_front();
    return item;
  }

 protected:
  // Puts the items of the next piece into ready_, which may be none; false at the end.
  virtual Expected<bool> read_more() = 0;

  std::deque<SourceItem> ready_;
};

}  // namespace ginnel
