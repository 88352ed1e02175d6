// SPDX-License-Identifier: Apache-2.0
// Everything that a store holds, read again and tried: for operators, and shown to nobody.
#include "node/store/codec.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<LedgerReport> StoreReader::verify(const std::function<bool()>& go_on) const {
  const LedgerHead head{parts_->store.head.member, parts_->store.head.incarnation, parts_->frontier};
  return verify_ledger(
      parts_->kv, head, [this](const KeyId& id) { return parts_->data_key(id); },
      [this](const KeyId& id) { return parts_->store.indexes.is_erased(parts_->kv, id); }, go_on);
}

namespace {

class Problems {
 public:
  explicit Problems(StoredReport& report) : report_(report) {}
  void add(const std::string& what, const Error& error, bool is_index) {
    report_.only_indexes = report_.only_indexes && is_index;
    if (report_.problem_count++ < limits::ledger_problems_max) report_.problems.push_back(what + ": " + error.why);
  }

 private:
  StoredReport& report_;
};

constexpr std::array<std::string_view, side_table_count> side_names = {
    "users", "sessions",       "replay ids", "tokens",   "peers",     "idempotency", "settings",      "outbox",
    "inbox", "received files", "kept views", "erasures", "transfers", "recalls",     "transfer parts"};

}  // namespace

StoredReport StoreReader::verify_stored(const std::function<bool()>& go_on) const {
  StoredReport report;
  Problems problems(report);
  auto cut_short = [&] {
    report.whole = !go_on || go_on();
    return !report.whole;
  };
  for (const auto& line : indexes) {
    if (!line.has_buckets) continue;
    if (cut_short()) return report;
    if (auto checked = parts_->store.indexes.check(parts_->kv, line.index); !checked)
      problems.add("index " + std::string(line.name), checked.error(), true);
  }
  for (std::uint8_t side = 1; side <= side_table_count; ++side) {
    if (cut_short()) return report;
    if (auto read = side_all(SideTable(side)); !read)
      problems.add("side table " + std::string(side_names[side - 1u]), read.error(), false);
  }
  for (std::uint64_t sequence = 0; sequence < parts_->frontier.size(); ++sequence) {
    if (sequence % 64 == 0 && cut_short()) return report;
    auto entry = read_entry(parts_->kv, sequence);
    auto header = entry ? decode_header(*entry) : tl::unexpected(entry.error());
    if (!header) continue;  // verify() tells of it
    const bool is_person = header->kind == EntryKind::person, is_file = header->kind == EntryKind::attachment;
    if (!is_person && !is_file) continue;
    auto body = parts_->open_body(sequence);
    if (!body) continue;  // erased, or verify() tells of it
    const std::string at = "ledger entry " + std::to_string(sequence);
    if (is_person) {
      auto version = decode_person_version(*body);
      auto head = version ? parts_->head_of(version->person.ref) : tl::unexpected(version.error());
      // Of each version of somebody, the newest is enough.
      if (!head || head->latest != sequence) continue;
      auto records = parts_->store.indexes.records_of(parts_->kv, version->person.ref, *head);
      if (!records) problems.add("index person-records, the person of " + at, records.error(), true);
      continue;
    }
    auto kept = decode_attachment_kept(*body);
    if (!kept) continue;
    if (auto file = parts_->open_file(kept->record, kept->attachment); !file && file.error().code != "no-record")
      problems.add("file of record " + kept->record.hex() + " (" + at + ")", file.error(),
                   file.error().code == "index-mismatch");
  }
  return report;
}

}  // namespace ginnel
