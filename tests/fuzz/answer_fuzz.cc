// SPDX-License-Identifier: Apache-2.0
// Answers from anybody: what reads can be written, in pages too; so can records and people.
#include "federation/base/check.h"
#include "federation/wire/answer.h"
#include "federation/wire/record_codec.h"
#include "node/view/assemble.h"
#include "node/view/chronology.h"
#include "node/view/significance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto answer = decode_answer({data, size})) {
    for (auto& item : answer->items) item.label.retention.rule.clear();  // it stays at home
    for (const auto& page : paginate(*answer)) CHECK(encode_answer(page));
    CHECK(decode_answer(*encode_answer(*answer)).value() == *answer);
    // What a peer wrote becomes a chronology, and none of it is lost there.
    CaseView view;
    const MemberId peer = *MemberId::parse("wy-police");
    for (const auto& item : answer->items) view.items.push_back(view_item(peer, item, "police", item.step));
    attach_marks(view.items);
    std::size_t shown = view.items.size();
    for (const auto& item : view.items) shown += item.marks.size();
    CHECK(shown == answer->items.size());
    const Chronology chronology = chronology_of(view, "a worker");
    std::size_t sources = 0;
    for (const auto& entry : chronology.entries) sources += entry.sources.size();
    CHECK(sources == view.items.size());
    CHECK(!to_json(chronology).empty() && !to_csv(chronology).empty());
  }
  if (auto record = decode_record({data, size})) CHECK(decode_record(*encode_record(*record)).value() == *record);
  if (auto person = decode_person({data, size})) CHECK(decode_person(*encode_person(*person)).value() == *person);
  return 0;
}
