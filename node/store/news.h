// SPDX-License-Identifier: Apache-2.0
// What happened to records about people whom somebody asked about: rows that a turn leaves in its own commit, so that
// whoever is to be told is told, whatever wrote the record and whenever the node runs next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/store/numbered_rows.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t news_unmarked_max = 64;  // versions, one for each change of a record's markings
}  // namespace limits

// The word of the list `notice_kind` for what takes the place of something that was right when it stood.
inline constexpr std::string_view progress_news = "progress";

struct News {
  RecordId record;                      // the new one; empty: none takes the place of `replaces`
  RecordId replaces;                    // what no longer holds; empty: nothing
  std::vector<RecordId> also_replaced;  // earlier versions that differ from `replaces` in markings alone
  std::string category;
  std::vector<PersonRef> people;  // whom either is about
  std::string kind;               // word of the list `notice_kind`
  std::string reason;             // for people; may be empty
  bool is_new = true;             // also for those who know nothing of what it replaces
  UserId by{};                    // whose act it was; empty: an import's
  bool operator==(const News&) const = default;
};

// Oldest first, in the table `outbox`.
const NumberedRows& news_rows();
Bytes encode(const News& news);
Expected<News> decode_news(ByteView bytes);

}  // namespace ginnel
