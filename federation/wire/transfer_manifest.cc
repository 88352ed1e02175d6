// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/transfer_manifest.h"

#include <algorithm>
#include <set>

#include "federation/wire/codec.h"
#include "federation/wire/identity_codec.h"
#include "federation/wire/record_codec.h"
#include "federation/wire/transfer_manifest.capnp.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_manifest{"bad-payload", "cannot read the manifest of a transfer"};
constexpr codec::Failure bad_child_part{"bad-payload", "cannot read whom a transfer is about"};
constexpr codec::Failure bad_process_part{"bad-payload", "cannot read the process of a transfer"};

void check_part(const TransferPart& part, codec::Checker& check) {
  check.require(part.kind != TransferPartKind::none, "parts.kind", "is nothing");
  check.require(part.size_bytes >= 1 && part.size_bytes <= limits::file_bytes_max, "parts.sizeBytes",
                "is none or too high");
  check.require(part.record.empty() == (part.kind != TransferPartKind::attachment), "parts.record",
                "does not fit `kind`");
}

void check_parts(const std::vector<TransferPart>& parts, codec::Checker& check) {
  std::set<Hash> hashes;
  std::uint64_t size_bytes = 0;
  for (const auto& part : parts) {
    check.require(hashes.insert(part.sha256).second, "parts.sha256", "stands there twice");
    size_bytes += part.size_bytes;  // each was held against its limit
  }
  check.require(size_bytes <= limits::transfer_file_bytes_max, "parts.sizeBytes", "are too much together");
  const auto count_of = [&](TransferPartKind kind) {
    return std::count_if(parts.begin(), parts.end(), [&](const TransferPart& part) { return part.kind == kind; });
  };
  check.require(count_of(TransferPartKind::child) == 1, "parts", "has not exactly one for the child");
  check.require(count_of(TransferPartKind::process) >= 1, "parts", "has none for the process");
}

// All that is not as it must be of the child's part but the person.
void check_child_part(const TransferChildPart& part, codec::Checker& check) {
  check.require(part.salt != Salt{}, "salt", "is all zero");
  check.require(part.child != Identity{}, "identity", "is nobody");
  codec::check_identity(part.child, check);
}

}  // namespace

Bytes encode_manifest(const TransferManifest& manifest) {
  return codec::encode_as<wire::TransferManifest>(manifest.parts.size() * 96 + 64,
                                                  [&](wire::TransferManifest::Builder to) {
                                                    to.setTransfer(codec::data_of(manifest.transfer));
                                                    auto parts = to.initParts(capnp::uint(manifest.parts.size()));
                                                    for (capnp::uint i = 0; i < parts.size(); ++i) {
                                                      const TransferPart& part = manifest.parts[i];
                                                      parts[i].setKind(static_cast<wire::TransferPartKind>(part.kind));
                                                      parts[i].setSha256(codec::data_of(part.sha256));
                                                      parts[i].setSizeBytes(part.size_bytes);
                                                      parts[i].setRecord(codec::data_of(part.record));
                                                    }
                                                  });
}

Expected<TransferManifest> decode_manifest(ByteView bytes) {
  return codec::decode_as<wire::TransferManifest, TransferManifest>(
      bytes, limits::file_bytes_max, bad_manifest, [](wire::TransferManifest::Reader from, codec::Checker& check) {
        TransferManifest out{check.id<TransferId>(from.getTransfer(), "transfer"), {}};
        const auto parts = from.getParts();
        if (!check.walk(parts, limits::transfer_parts_max, "parts")) return out;
        for (auto part : parts) {
          out.parts.push_back({check.closed(part.getKind(), TransferPartKind::attachment, "parts.kind"),
                               check.fixed<32>(part.getSha256(), "parts.sha256"), part.getSizeBytes(),
                               check.id<RecordId>(part.getRecord(), "parts.record", codec::Empty::allowed)});
          check_part(out.parts.back(), check);
          if (!check.good()) return out;
        }
        check_parts(out.parts, check);
        return out;
      });
}

Expected<Bytes> encode_child_part(const TransferChildPart& part) {
  codec::Checker check;
  check_child_part(part, check);
  if (!check.good()) return tl::unexpected(check.error("cannot give whom a transfer is about"));
  auto person = encode_person(part.person);
  if (!person) return person;
  return codec::encode_as<wire::TransferChildPart>(person->size() + 1024, [&](wire::TransferChildPart::Builder to) {
    to.setSalt(codec::data_of(part.salt));
    codec::write_identity(part.child, to.initIdentity());
    to.setPerson(codec::data_of(*person));
  });
}

Expected<TransferChildPart> decode_child_part(ByteView bytes) {
  return codec::decode_as<wire::TransferChildPart, TransferChildPart>(
      bytes, limits::file_bytes_max, bad_child_part, [](wire::TransferChildPart::Reader from, codec::Checker& check) {
        TransferChildPart out;
        out.salt = check.fixed<16>(from.getSalt(), "salt");
        out.child = codec::read_identity_of(from.getIdentity(), check);
        const auto encoded = from.getPerson();
        if (auto person = decode_person({encoded.begin(), encoded.size()}))
          out.person = std::move(*person);
        else
          check.refuse("person", "is not well formed");
        check_child_part(out, check);
        return out;
      });
}

Bytes encode_process_part(const TransferProcessPart& part) {
  std::size_t bytes_expected = 64;
  for (const auto& record : part.records) bytes_expected += record.size() + 16;
  return codec::encode_as<wire::TransferProcessPart>(bytes_expected, [&](wire::TransferProcessPart::Builder to) {
    auto records = to.initRecords(capnp::uint(part.records.size()));
    for (capnp::uint i = 0; i < records.size(); ++i) records.set(i, codec::data_of(part.records[i]));
  });
}

Expected<TransferProcessPart> decode_process_part(ByteView bytes) {
  return codec::decode_as<wire::TransferProcessPart, TransferProcessPart>(
      bytes, limits::file_bytes_max, bad_process_part,
      [](wire::TransferProcessPart::Reader from, codec::Checker& check) {
        TransferProcessPart out;
        const auto records = from.getRecords();
        if (!check.walk(records, limits::transfer_process_records_max, "records")) return out;
        for (auto record : records) {
          check.require(record.size() >= 1 && record.size() <= limits::transfer_process_record_bytes_max, "records",
                        "has one that is empty or too long");
          if (!check.good()) return out;
          out.records.push_back(codec::bytes_of(record));
        }
        return out;
      });
}

}  // namespace ginnel
