// SPDX-License-Identifier: Apache-2.0
#include "node/transfer/transfer_intake.h"

#include <algorithm>
#include <set>

#include "adapters/adapter.h"
#include "federation/base/crypto/hash.h"
#include "node/store/codec.h"
#include "node/store/sealed_content.h"
#include "node/view/part_maker.h"
#include "node/view/transfer_words.h"

namespace ginnel {
namespace {

tl::unexpected<Error> file_unusable(std::string why) {
  return fail("transfer-file-unusable", "cannot take in the file of a transfer", std::move(why),
              "ring the authority that gave it; a note in the transfer says so to them in writing");
}

std::string transfer_system_of(const TransferLog& log) {
  return std::string(transfer_source_prefix) + log.originator().text();
}

// Its parts as what a source system says: the child first, then each record.
class TransferFileAdapter : public Adapter {
 public:
  TransferFileAdapter(const TransferLog& log, const ReadTransferFile& file, const MemberId& owner)
      : system_(transfer_system_of(log)), key_(log.offer().process.hex()), owner_(owner) {
    SourcePerson person;
    person.system = system_;
    person.key = key_;
    person.person = file.child.person;
    person.person.ref = {};
    auto& ids = person.person.identifiers;
    ids.insert(ids.begin(), {"source:" + system_, key_, true});
    for (const auto& answer : file.answers)
      person.person.markings_by_source.insert(answer.markings.begin(), answer.markings.end());
    Bytes content = encode_child_part(file.child).value_or(Bytes());
    for (const auto& marking : person.person.markings_by_source) append(content, view_of(marking));
    person.content_hash = sha256(content);
    items_.push_back(std::move(person));
    for (const auto& answer : file.answers)
      for (const auto& item : answer.items) items_.push_back(record_from(item));
  }

  Expected<std::optional<SourceItem>> next() override {
    if (next_ == items_.size()) return std::optional<SourceItem>();
    return std::optional(items_[next_++]);
  }
  bool complete() const override { return false; }  // it tells of one child, and of what may be told

 private:
  SourceRecord record_from(const Item& item) const {
    SourceRecord out;
    out.subjects.push_back({key_, item.subject_role});
    Record& record = out.record;
    record.kind = item.kind;
    record.occurred = item.occurred;
    record.recorded_at_source = item.recorded;
    record.headline = item.headline;
    record.fields = item.fields;
    record.narrative = item.narrative;
    record.assertion = item.assertion;
    record.label = item.label;
    record.label.owner = owner_;  // it answers for the child now
    record.label.addressed_to = {};
    record.author = item.author;
    record.source.system = system_;
    record.source.key = item.record.hex();
    record.source.content_hash = item_hash(item);
    record.attachments = item.attachments;
    return out;
  }

  std::string system_, key_;
  MemberId owner_;
  std::vector<SourceItem> items_;
  std::size_t next_ = 0;
};

Expected<TransferChildPart> read_child_part(const TransferLog& log, ByteView bytes) {
  auto child = decode_child_part(bytes);
  if (!child) return file_unusable(child.error().why);
  if (commit_to(child->child, child->salt) != log.offer().child)
    return file_unusable("it is about another child than the offer");
  return child;
}

// What was done in it is done; from there on it is the offer's.
Expected<void> check_process(const TransferLog& log, const std::vector<ProcessRecord>& records) {
  RunningProcess process;
  for (const auto& record : records)
    if (auto applied = process.apply(record); !applied) return file_unusable("its process: " + applied.error().why);
  if (!process.is_started() || process.has_ended()) return file_unusable("its process does not run");
  if (process.lead_member() != log.originator().text() || process.lead_epoch() != log.offer().epoch)
    return file_unusable("its process is led by another than who offers it, or in another epoch");
  return {};
}

// Two records under one id would be versions of one another.
Expected<void> check_records(const std::vector<Answer>& answers) {
  std::set<RecordId> ids;
  for (const auto& answer : answers)
    for (const auto& item : answer.items) {
      if (!ids.insert(item.record).second) return file_unusable("it holds two records of one id");
      if (item.step != ginnel::Step::copy_out) return file_unusable("it holds a record that is not to be kept");
    }
  return {};
}

Expected<void> add_process_part(const TransferLog& log, ByteView bytes, std::vector<ProcessRecord>& out) {
  auto part = decode_process_part(bytes);
  if (!part) return file_unusable(part.error().why);
  for (const auto& record : part->records) {
    auto entry = decode_process_entry(record);
    if (!entry) return file_unusable(entry.error().why);
    if (entry->process != log.offer().process) return file_unusable("it holds another process than the offer");
    out.push_back(std::move(entry->record));
  }
  return {};
}

}  // namespace

Expected<TransferManifest> read_file_manifest(const TransferLog& log, const Hash& hash, const Turn& turn) {
  auto bytes = find_part(log.id(), hash, turn);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return file_unusable("its manifest is not here");
  auto manifest = decode_manifest(**bytes);
  if (!manifest) return file_unusable(manifest.error().why);
  if (manifest->transfer != log.id()) return file_unusable("its manifest is of another transfer");
  return manifest;
}

Expected<ReadTransferFile> read_transfer_file(const TransferLog& log, const Hash& hash, const Turn& turn) {
  auto manifest = read_file_manifest(log, hash, turn);
  if (!manifest) return tl::unexpected(manifest.error());
  ReadTransferFile out;
  out.manifest = std::move(*manifest);
  for (const auto& part : out.manifest.parts) {
    if (part.kind == TransferPartKind::attachment) continue;
    auto bytes = find_part(log.id(), part.sha256, turn);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return file_unusable("a part of it is not here");
    Expected<void> done;
    if (part.kind == TransferPartKind::child) {
      auto child = read_child_part(log, **bytes);
      if (!child) return tl::unexpected(child.error());
      out.child = std::move(*child);
    } else if (part.kind == TransferPartKind::process) {
      done = add_process_part(log, **bytes, out.process);
    } else {
      auto answer = decode_answer(**bytes);
      if (!answer) return file_unusable(answer.error().why);
      out.answers.push_back(std::move(*answer));
    }
    if (!done) return tl::unexpected(done.error());
  }
  if (auto good = check_process(log, out.process); !good) return tl::unexpected(good.error());
  if (auto good = check_records(out.answers); !good) return tl::unexpected(good.error());
  return out;
}

Expected<SeenTransferFile> see_transfer_file(const TransferLog& log, const Hash& hash, const Turn& turn) {
  SeenTransferFile out;
  auto bytes = find_part(log.id(), hash, turn);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return out;
  auto manifest = read_file_manifest(log, hash, turn);
  if (!manifest) return tl::unexpected(manifest.error());
  out.parts = manifest->parts.size();
  for (const auto& part : manifest->parts) {
    out.size_bytes += part.size_bytes;
    auto has = has_part(log.id(), part.sha256, turn);
    if (!has) return tl::unexpected(has.error());
    if (!*has) continue;
    ++out.parts_here;
    if (part.kind != TransferPartKind::child && part.kind != TransferPartKind::records) continue;
    auto content = find_part(log.id(), part.sha256, turn);
    if (!content) return tl::unexpected(content.error());
    if (!*content) continue;
    if (part.kind == TransferPartKind::child) {
      auto child = read_child_part(log, **content);
      if (!child) return tl::unexpected(child.error());
      out.child = std::move(*child);
    } else if (auto answer = decode_answer(**content)) {
      out.answers.push_back(std::move(*answer));
    }
  }
  return out;
}

struct TransferIntake::Running {
  ReadTransferFile file;
  std::string system, key;
  std::unique_ptr<TransferFileAdapter> adapter;
  std::unique_ptr<Importer> importer;
  std::size_t next_part = 0;  // of the attachments
  bool is_imported = false;
};

Expected<std::unique_ptr<TransferIntake::Running>> TransferIntake::begin(const TransferLog& log,
                                                                         const Turn& turn) const {
  auto file = read_transfer_file(log, log.wanted_manifest(), turn);
  if (!file) return tl::unexpected(file.error());
  auto out = std::make_unique<Running>();
  out->file = std::move(*file);
  out->system = transfer_system_of(log);
  out->key = log.offer().process.hex();
  out->adapter = std::make_unique<TransferFileAdapter>(log, out->file, member_);
  out->importer =
      std::make_unique<Importer>(*out->adapter, ImportOptions{{}, "transfer " + log.id().hex(), out->system, rules_});
  return out;
}

// False: it is not here yet.
Expected<bool> TransferIntake::take_attachment(const Running& running, const TransferPart& part, Turn& turn) const {
  std::optional<Bytes> content;
  for (const auto& answer : running.file.answers)
    for (const auto& item : answer.items)
      for (const auto& file : item.attachments) {
        if (file.sha256 != part.sha256 || file.size_bytes != part.size_bytes) continue;
        auto record = turn.record_by_source(running.system, item.record.hex(), Hash{});
        if (!record) return tl::unexpected(record.error());
        if (!*record) continue;
        auto kept = turn.attachment_of((*record)->id, file.sha256);
        if (!kept) return tl::unexpected(kept.error());
        if (*kept) continue;
        if (!content) {
          auto bytes = find_part(running.file.manifest.transfer, part.sha256, turn);
          if (!bytes) return tl::unexpected(bytes.error());
          if (!*bytes) return false;
          content = std::move(**bytes);
        }
        auto put = turn.put_attachment((*record)->id, file, seal_content(*content, random_), ActorId());
        // A later version of the record names it no more: then it is no file of ours.
        if (!put && put.error().code != "bad-attachment") return tl::unexpected(put.error());
      }
  return true;
}

Expected<TransferIntake::Step> TransferIntake::step(const TransferLog& log, TransferFileRow& row, Turn& turn) {
  auto& running = running_[log.id()];
  if (!running) {
    auto begun = begin(log, turn);
    if (!begun) {
      running_.erase(log.id());
      return tl::unexpected(begun.error());
    }
    running = std::move(*begun);
  }
  if (!row.has_process && !running->is_imported) {
    auto more = running->importer->step(turn);
    if (!more) return tl::unexpected(more.error());
    running->is_imported = !*more;
    return Step::more;
  }
  if (!row.has_process) {
    auto person = turn.person_by_source(running->system, running->key, Hash{});
    if (!person) return tl::unexpected(person.error());
    if (!*person) return file_unusable("the child could not be recorded");
    auto taken = processes_.take_over(log.offer().process, (*person)->id, running->file.process, turn);
    if (!taken && taken.error().code == "bad-process") return file_unusable(taken.error().why);
    if (!taken) return tl::unexpected(taken.error());
    row.has_process = true;
    if (auto kept = put_file_row(row, turn); !kept) return tl::unexpected(kept.error());
    return Step::process;
  }
  const auto& parts = running->file.manifest.parts;
  for (; running->next_part < parts.size(); ++running->next_part) {
    const TransferPart& part = parts[running->next_part];
    if (part.kind != TransferPartKind::attachment) continue;
    auto taken = take_attachment(*running, part, turn);
    if (!taken) return tl::unexpected(taken.error());
    if (!*taken) return Step::waits;
    ++running->next_part;
    return Step::more;
  }
  row.is_own = true;
  if (auto kept = put_file_row(row, turn); !kept) return tl::unexpected(kept.error());
  // What has become records is not kept twice; the manifest stays, to prove by.
  for (const auto& part : parts)
    if (auto dropped = drop_part(log.id(), part.sha256, turn); !dropped) return tl::unexpected(dropped.error());
  running_.erase(log.id());
  return Step::done;
}

}  // namespace ginnel
