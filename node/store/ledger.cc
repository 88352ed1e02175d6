// SPDX-License-Identifier: Apache-2.0
#include "node/store/ledger.h"

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/base/crypto/seal.h"
#include "node/store/limits.h"

namespace ginnel {
namespace {

constexpr std::uint16_t ledger_head_version = 1;
constexpr std::size_t head_fixed_bytes = 24;
constexpr std::string_view head_label = "ginnel ledger head v1";
const Bytes ledger_head_key = {'l', 'e', 'd', 'g', 'e', 'r'};

// Subtrees of fewer leaves are computed from entries when a proof wants them: an eighth of a row an entry, not two.
constexpr unsigned stored_level_min = 4;

Bytes sequence_key(std::uint64_t sequence) {
  Bytes key;
  put_u64(key, sequence);
  return key;
}

Bytes subtree_key(unsigned level, std::uint64_t index) {
  Bytes key = {std::uint8_t(level)};
  put_u64(key, index);
  return key;
}

std::string at(std::uint64_t sequence) { return "ledger entry " + std::to_string(sequence); }

tl::unexpected<Error> damaged(std::uint64_t sequence, const char* why) {
  return fail("entry-damaged", "cannot read " + at(sequence), why,
              "run `ginnel ledger verify`, and restore the node from a backup");
}

}  // namespace

Bytes encode_header(const EntryHeader& header) {
  Bytes out;
  out.reserve(EntryHeader::size);
  put_u16(out, EntryHeader::format_version);
  put_u16(out, std::uint16_t(header.kind));
  put_u32(out, 0);
  put_u64(out, header.incarnation);
  put_u64(out, header.sequence);
  put_u64(out, std::uint64_t(header.time.ms));
  append(out, header.actor.bytes());
  append(out, header.data_key.bytes());
  CHECK(out.size() == EntryHeader::size);
  return out;
}

Expected<EntryHeader> decode_header(ByteView entry) {
  auto bad = [](const char* why) { return fail("entry-damaged", "cannot read a ledger entry", why, ""); };
  if (entry.size() < EntryHeader::size + seal_overhead_bytes) return bad("it is too short");
  if (read_u16(entry, 0) != EntryHeader::format_version) return bad("its format is not known to this version");
  const auto kind = entry_kind_from(*read_u16(entry, 2));
  if (!kind) return bad("its kind is not known to this version");
  if (read_u32(entry, 4) != 0u) return bad("its reserved bytes are not zero");
  EntryHeader header;
  header.kind = *kind;
  header.incarnation = *read_u64(entry, 8);
  header.sequence = *read_u64(entry, 16);
  header.time = Instant{std::int64_t(*read_u64(entry, 24))};
  header.actor = *ActorId::from(entry.subspan(32, ActorId::size));
  header.data_key = *KeyId::from(entry.subspan(48, KeyId::size));
  return header;
}

Bytes seal_entry(const EntryHeader& header, ByteView body, const SecretKey& key, Random& random) {
  Bytes entry = encode_header(header);
  const Bytes sealed = seal(key, body, entry, random);
  append(entry, sealed);
  return entry;
}

Expected<Bytes> open_entry(const EntryHeader& header, ByteView entry, const SecretKey& key) {
  auto body = open_sealed(key, entry.subspan(EntryHeader::size), encode_header(header));
  if (!body) return damaged(header.sequence, "its body is not what was sealed");
  return std::move(*body);
}

// version u16 | member's length u16 | zero u32 | incarnation u64 | size u64 | member | peaks | HMAC-SHA-256.
Bytes encode_ledger_head(const LedgerHead& head, const SecretKey& root) {
  Bytes row;
  put_u16(row, ledger_head_version);
  put_u16(row, std::uint16_t(head.member.text().size()));
  put_u32(row, 0);
  put_u64(row, head.incarnation);
  put_u64(row, head.frontier.size());
  append(row, view_of(head.member.text()));
  for (const auto& peak : head.frontier.peaks()) append(row, peak);
  append(row, hmac_sha256(derive_key(root, head_label).bytes(), row));
  return row;
}

Expected<LedgerHead> read_ledger_head(const KvRead& kv, const SecretKey& root) {
  auto row = kv.get(Table::meta, ledger_head_key);
  if (!row) return tl::unexpected(row.error());
  if (!*row)
    return fail("not-a-store", "cannot open the ledger", "there is none here", "make the node: `ginnel node init`");
  auto bad = [] {
    return fail("ledger-damaged", "cannot open the ledger", "its head is not what was written",
                "restore the node from a backup");
  };
  const ByteView bytes = **row;
  if (bytes.size() < head_fixed_bytes + sizeof(Hash)) return bad();
  const ByteView signed_part = bytes.first(bytes.size() - sizeof(Hash));
  if (!equal_in_constant_time(hmac_sha256(derive_key(root, head_label).bytes(), signed_part), bytes.last(sizeof(Hash))))
    return bad();
  const std::size_t member_bytes = *read_u16(bytes, 2);
  if (read_u16(bytes, 0) != ledger_head_version || signed_part.size() < head_fixed_bytes + member_bytes) return bad();
  const ByteView peak_bytes = signed_part.subspan(head_fixed_bytes + member_bytes);
  if (peak_bytes.size() % sizeof(Hash) != 0) return bad();
  std::vector<Hash> peaks(peak_bytes.size() / sizeof(Hash));
  for (std::size_t i = 0; i < peaks.size(); ++i)
    std::copy_n(peak_bytes.begin() + std::ptrdiff_t(i * sizeof(Hash)), sizeof(Hash), peaks[i].begin());
  auto member = MemberId::parse(text_of(signed_part.subspan(head_fixed_bytes, member_bytes)));
  auto frontier = Frontier::of(*read_u64(bytes, 16), std::move(peaks));
  if (!member || !frontier) return bad();
  return LedgerHead{*member, *read_u64(bytes, 8), std::move(*frontier)};
}

Expected<void> write_ledger_head(KvWrite& kv, const LedgerHead& head, const SecretKey& root) {
  return kv.put(Table::meta, ledger_head_key, encode_ledger_head(head, root));
}

Expected<void> append_entry(KvWrite& kv, Frontier& frontier, ByteView entry) {
  if (auto put = kv.put(Table::entries, sequence_key(frontier.size()), entry); !put) return put;
  Expected<void> stored;
  frontier.append(leaf_hash(entry), [&](unsigned level, std::uint64_t index, const Hash& hash) {
    if (stored && level >= stored_level_min) stored = kv.put(Table::tree, subtree_key(level, index), hash);
  });
  return stored;
}

Expected<Bytes> read_entry(const KvRead& kv, std::uint64_t sequence) {
  auto row = kv.get(Table::entries, sequence_key(sequence));
  if (!row) return tl::unexpected(row.error());
  if (!*row)
    return fail("entry-missing", "cannot read " + at(sequence), "it is not in the store",
                "run `ginnel ledger verify`, and restore the node from a backup");
  if ((*row)->size() < EntryHeader::size || read_u64(**row, 16) != sequence)
    return damaged(sequence, "another entry stands in its place");
  return std::move(**row);
}

Subtree stored_subtrees(const KvRead& kv) {
  return [&kv](unsigned level, std::uint64_t index) -> Expected<Hash> {
    if (level >= stored_level_min) {
      auto row = kv.get(Table::tree, subtree_key(level, index));
      if (!row) return tl::unexpected(row.error());
      Hash hash;
      if (!*row || (*row)->size() != hash.size())
        return fail("ledger-damaged", "cannot prove", "a stored hash is missing", "run `ginnel ledger verify`");
      std::copy((*row)->begin(), (*row)->end(), hash.begin());
      return hash;
    }
    Frontier leaves;
    for (std::uint64_t sequence = index << level; sequence < (index + 1) << level; ++sequence) {
      auto entry = read_entry(kv, sequence);
      if (!entry) return tl::unexpected(entry.error());
      leaves.append(leaf_hash(*entry), [](unsigned, std::uint64_t, const Hash&) {});
    }
    return leaves.root();
  };
}

namespace {

constexpr std::uint64_t entries_between_questions = 1024;

class Verifier {
 public:
  Verifier(const KvRead& kv, const LedgerHead& head, const std::function<Expected<SecretKey>(const KeyId&)>& open_key,
           const std::function<Expected<bool>(const KeyId&)>& is_erased, const std::function<bool()>& go_on)
      : kv_(kv), head_(head), open_key_(open_key), is_erased_(is_erased), go_on_(go_on) {}

  Expected<LedgerReport> run() {
    std::uint64_t expected = 0;
    auto scanned = kv_.scan(Table::entries, {}, {}, [&](ByteView key, ByteView entry) {
      const auto sequence = read_u64(key, 0);
      if (key.size() != 8 || sequence != expected) {
        problem(at(expected) + " is missing");
        if (key.size() != 8) return true;
        expected = *sequence;
      }
      check_entry(expected, entry);
      ++expected;
      report_.whole = expected % entries_between_questions != 0 || !go_on_ || go_on_();
      return report_.whole;
    });
    if (!scanned) return tl::unexpected(scanned.error());
    if (!report_.whole) {
      report_.entries = frontier_.size();
      return report_;
    }
    if (expected != head_.frontier.size())
      problem("the head counts " + std::to_string(head_.frontier.size()) + " entries, the store holds " +
              std::to_string(expected));
    report_.entries = frontier_.size();
    report_.root = frontier_.root();
    if (report_.root != head_.frontier.root()) problem("the root hash is not that of the head");
    return report_;
  }

 private:
  void problem(std::string text) {
    if (report_.problem_count++ < limits::ledger_problems_max) report_.problems.push_back(std::move(text));
  }

  void check_entry(std::uint64_t sequence, ByteView entry) {
    frontier_.append(leaf_hash(entry), [&](unsigned level, std::uint64_t index, const Hash& hash) {
      if (level < stored_level_min) return;
      auto row = kv_.get(Table::tree, subtree_key(level, index));
      if (!row || !*row || !std::equal((*row)->begin(), (*row)->end(), hash.begin(), hash.end()))
        problem("the stored hash of the " + std::to_string(std::uint64_t{1} << level) + " entries to " +
                std::to_string(sequence) + " is not theirs");
    });
    auto header = decode_header(entry);
    if (!header) return problem(at(sequence) + ": " + header.error().why);
    if (header->sequence != sequence) return problem(at(sequence) + " says that it is another");
    if (header->incarnation != head_.incarnation) return problem(at(sequence) + " is of another incarnation");
    check_body(*header, entry);
  }

  void check_body(const EntryHeader& header, ByteView entry) {
    auto key = open_key_(header.data_key);
    if (!key) {
      auto erased = is_erased_(header.data_key);
      if (erased && *erased)
        ++report_.erased;
      else
        problem(at(header.sequence) + ": " + key.error().why);
      return;
    }
    if (open_entry(header, entry, *key))
      ++report_.opened;
    else
      problem(at(header.sequence) + ": its body is not what was sealed");
  }

  const KvRead& kv_;
  const LedgerHead& head_;
  const std::function<Expected<SecretKey>(const KeyId&)>& open_key_;
  const std::function<Expected<bool>(const KeyId&)>& is_erased_;
  const std::function<bool()>& go_on_;
  Frontier frontier_;
  LedgerReport report_;
};

}  // namespace

Expected<LedgerReport> verify_ledger(const KvRead& kv, const LedgerHead& head,
                                     const std::function<Expected<SecretKey>(const KeyId&)>& open_key,
                                     const std::function<Expected<bool>(const KeyId&)>& is_erased,
                                     const std::function<bool()>& go_on) {
  return Verifier(kv, head, open_key, is_erased, go_on).run();
}

}  // namespace ginnel
