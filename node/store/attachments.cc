// SPDX-License-Identifier: Apache-2.0
// The files of records: sealed rows of the ledger's own environment, so that one commit keeps a record and its files,
// or neither (docs/decisions/0039-attachments-in-the-ledgers-environment.md).
#include <algorithm>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/base/crypto/seal.h"
#include "node/store/codec.h"
#include "node/store/index_work.h"
#include "node/store/store_parts.h"

namespace ginnel {
namespace {

tl::unexpected<Error> no_file() {
  return fail("no-record", "cannot read the attachment", "the record has no such file", "");
}

tl::unexpected<Error> damaged() {
  return fail("blob-damaged", "cannot read the attachment", "it is not there, or is not what was kept",
              "restore it from a backup; the record and its other files are not touched by this");
}

// SECURITY: under the record's own key, so that equal files of two people have nothing in common that the store tells.
AttachmentId attachment_id(const SecretKey& record_key, const Hash& sha256) {
  const Hash mac = hmac_sha256(derive_key(record_key, "ginnel attachment id v1").bytes(), sha256);
  return *AttachmentId::from(ByteView(mac).first(AttachmentId::size));
}

Bytes context_of(const AttachmentId& id) {
  Bytes context = copy_of(view_of("ginnel attachment v1"));
  append(context, id.bytes());
  return context;
}

Bytes context_of(const Hash& sha256) {
  Bytes context = copy_of(view_of("ginnel attachment v2"));
  append(context, sha256);
  return context;
}

}  // namespace

SealedContent seal_content(ByteView content, Random& random) {
  SealedContent out{content.size(), sha256(content), SecretKey::make(random), {}};
  out.sealed = seal(out.key, content, context_of(out.sha256), random);
  return out;
}

Expected<std::optional<KeyId>> StoreReader::Parts::key_of(const RecordId& record) const {
  auto sequence = store.indexes.record(kv, record);
  if (!sequence) return tl::unexpected(sequence.error());
  if (!*sequence) return std::optional<KeyId>();
  auto entry = read_entry(kv, **sequence);
  if (!entry) return tl::unexpected(entry.error());
  auto header = decode_header(*entry);
  if (!header) return tl::unexpected(header.error());
  return std::optional(header->data_key);
}

Expected<std::optional<AttachmentId>> StoreReader::attachment_of(const RecordId& record, const Hash& sha256) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto key_id = parts_->key_of(record);
  if (!key_id) return tl::unexpected(key_id.error());
  if (!*key_id) return std::optional<AttachmentId>();
  auto key = parts_->data_key(**key_id);
  if (!key) return tl::unexpected(key.error());
  const AttachmentId id = attachment_id(*key, sha256);
  auto kept = parts_->store.indexes.sequences(parts_->kv, Index::attachment, attachment_key(id));
  if (!kept) return tl::unexpected(kept.error());
  return kept->empty() ? std::optional<AttachmentId>() : std::optional(id);
}

Expected<KeptFile> StoreReader::read_attachment(const Permit& permit, const AttachmentId& attachment) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  // SECURITY: as the names of its files, which a record shows at content and above.
  if (permit.step() < Step::content) return no_file();
  return parts_->open_file(permit.record(), attachment);
}

Expected<KeptFile> StoreReader::Parts::open_file(const RecordId& record, const AttachmentId& attachment) const {
  auto sequences = store.indexes.sequences(kv, Index::attachment, attachment_key(attachment));
  if (!sequences) return tl::unexpected(sequences.error());
  std::optional<AttachmentKept> wanted;
  std::optional<SecretKey> key;  // of whoever kept the same content last: the row is theirs
  bool is_own_key = false;
  for (const auto sequence : *sequences) {
    EntryHeader header;
    auto body = open_body(sequence, &header);
    if (!body && body.error().code == "erased") continue;
    if (!body) return tl::unexpected(body.error());
    auto kept = decode_attachment_kept(*body);
    if (!kept) return tl::unexpected(kept.error());
    is_own_key = !kept->content_key.empty();
    key = SecretKey::from(kept->content_key);
    if (!is_own_key) {
      auto of_record = data_key(header.data_key);
      if (!of_record) return tl::unexpected(of_record.error());
      key = *of_record;
    }
    if (!wanted && kept->record == record) wanted = std::move(*kept);
  }
  if (!wanted) return no_file();
  auto sealed = kv.get(Table::blobs, attachment.bytes());
  if (!sealed) return tl::unexpected(sealed.error());
  if (!*sealed || !key) return damaged();
  auto content = open_sealed(*key, **sealed, is_own_key ? context_of(wanted->sha256) : context_of(attachment));
  if (!content || sha256(*content) != wanted->sha256) return damaged();
  return KeptFile{std::move(*wanted), std::move(*content)};
}

Expected<AttachmentId> Turn::put_attachment(const RecordId& record, const Attachment& file,
                                            const SealedContent& content, const ActorId& actor) {
  constexpr const char* cannot = "cannot keep the attachment";
  CHECK(!parts_->committed);
  if (content.size_bytes > limits::attachment_bytes_max)
    return fail("too-large", cannot, "it is over the limit of one file", "send it in parts, or link to it");
  auto sequence = parts_->store.indexes.record(parts_->kv, record);
  if (!sequence) return tl::unexpected(sequence.error());
  if (!*sequence) return fail("no-record", cannot, "the node holds no such record", "");
  auto said = parts_->record_at(**sequence, record);
  if (!said) return tl::unexpected(said.error());
  const bool is_named = std::find(said->attachments.begin(), said->attachments.end(), file) != said->attachments.end();
  if (!is_named || content.size_bytes != file.size_bytes || content.sha256 != file.sha256)
    return fail("bad-attachment", cannot, "the record names no such file, or its content is another", "");
  auto key_id = parts_->key_of(record);
  if (!key_id) return tl::unexpected(key_id.error());
  auto key = parts_->data_key(**key_id);
  if (!key) return tl::unexpected(key.error());
  const AttachmentId id = attachment_id(*key, file.sha256);
  AttachmentKept kept{
      id, record, {}, file.name, file.media_type, file.size_bytes, file.sha256, copy_of(content.key.bytes())};
  for (const auto& subject : said->subjects) kept.people.push_back(subject.person);
  auto appended = append(EntryKind::attachment, actor, **key_id, encode(kept));
  if (!appended) return tl::unexpected(appended.error());
  // INVARIANT: the file and the entry that tells of it are in one commit; there is never one without the other.
  auto put = parts_->write->put(Table::blobs, id.bytes(), content.sealed);
  if (!put) {
    if (!parts_->failed) parts_->failed = put.error();
    if (is_engine_error(put.error())) parts_->store.latch(put.error());
    return tl::unexpected(put.error());
  }
  return id;
}

Expected<void> StoreReader::Parts::erase_blobs(const PersonRef& person, const std::vector<KeyId>& lost) {
  auto sequences = store.indexes.sequences(kv, Index::attachment, attachments_of_key(person));
  if (!sequences) return tl::unexpected(sequences.error());
  for (const auto sequence : *sequences) {
    EntryHeader header;
    auto body = open_body(sequence, &header);
    if (!body) return tl::unexpected(body.error());
    if (std::find(lost.begin(), lost.end(), header.data_key) == lost.end()) continue;
    auto kept = decode_attachment_kept(*body);
    if (!kept) return tl::unexpected(kept.error());
    if (auto erased = write->erase(Table::blobs, kept->attachment.bytes()); !erased) return erased;
  }
  return {};
}

}  // namespace ginnel
