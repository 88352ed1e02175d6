// SPDX-License-Identifier: Apache-2.0
// A source system's file as a list of rows: what an import of a run reads.
#pragma once

#include <utility>
#include <vector>

#include "adapters/adapter.h"

namespace ginnel::sim {

class FileOfRows : public Adapter {
 public:
  explicit FileOfRows(std::vector<SourceItem> rows) : rows_(std::move(rows)) {}
  Expected<std::optional<SourceItem>> next() override {
    if (at_ == rows_.size()) return std::optional<SourceItem>();
    return std::optional(rows_[at_++]);
  }
  bool complete() const override { return false; }

 private:
  std::vector<SourceItem> rows_;
  std::size_t at_ = 0;
};

}  // namespace ginnel::sim
