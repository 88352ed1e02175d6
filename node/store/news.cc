// SPDX-License-Identifier: Apache-2.0
#include "node/store/news.h"

#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t news_layout = 2, news_layout_without_by = 1;

}  // namespace

const NumberedRows& news_rows() {
  static const NumberedRows rows(SideTable::outbox, "news");
  return rows;
}

Bytes encode(const News& news) {
  RowWriter row(news_layout);
  row.id(news.record).id(news.replaces).text(news.category).text(news.kind).text(news.reason);
  row.number(news.is_new ? 1 : 0).number(news.people.size());
  for (const auto& person : news.people) row.id(person);
  row.number(news.also_replaced.size());
  for (const auto& version : news.also_replaced) row.id(version);
  row.id(news.by);
  return row.take();
}

Expected<News> decode_news(ByteView bytes) {
  const bool has_by = bytes.empty() || bytes[0] != news_layout_without_by;
  RowReader row(bytes, has_by ? news_layout : news_layout_without_by);
  News news;
  news.record = row.id<RecordId>();
  news.replaces = row.id<RecordId>();
  news.category = row.text();
  news.kind = row.text();
  news.reason = row.text();
  news.is_new = row.number() == 1;
  for (std::uint64_t left = row.number(); left > 0 && row.good(); --left) news.people.push_back(row.id<PersonRef>());
  for (std::uint64_t left = row.number(); left > 0 && row.good(); --left)
    news.also_replaced.push_back(row.id<RecordId>());
  if (has_by) news.by = row.id<UserId>();
  if (!row.at_end()) return fail("index-mismatch", "cannot read what happened", "the row has another layout", "");
  return news;
}

}  // namespace ginnel
