// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/bundle_codec.h"

#include "federation/wire/bundle.capnp.h"
#include "federation/wire/codec.h"
#include "federation/wire/limits.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_bundle{"bad-sealed-bundle", "cannot read a sealed policy bundle"};
constexpr const char* cannot_write = "cannot seal the policy bundle";

void check_document(const BundleDocument& document, codec::Checker& check) {
  check.text(document.name, limits::line_bytes_max, "name", codec::Empty::refused);
  check.require(document.version > 0, "version", "is zero");
  check.count(document.files.size(), limits::bundle_files_max, "files");
  std::set<std::string_view> names;
  for (const BundleFile& file : document.files) {
    check.require(is_bundle_file_name(file.name), "file.name", "is no path that stays within the bundle");
    check.require(names.insert(file.name).second, "file.name", "stands twice");
    check.text(file.text, limits::bundle_file_bytes_max, "file.text");
  }
}

Bytes written(const BundleDocument& document) {
  std::size_t expected = document.name.size() + 256;
  for (const BundleFile& file : document.files) expected += file.name.size() + file.text.size() + 64;
  return codec::encode_as<wire::BundleDocument>(expected, [&](wire::BundleDocument::Builder to) {
    to.setName(codec::text_of(document.name));
    to.setVersion(document.version);
    auto files = to.initFiles(capnp::uint(document.files.size()));
    for (capnp::uint i = 0; i < files.size(); ++i) {
      files[i].setName(codec::text_of(document.files[i].name));
      files[i].setText(codec::text_of(document.files[i].text));
    }
  });
}

tl::unexpected<Error> too_long() {
  return fail("too-long", cannot_write, "it is longer than a sealed bundle may be (4 MiB)",
              "split no sentence: take cases out that another covers");
}

}  // namespace

Expected<Bytes> encode_bundle_document(const BundleDocument& document) {
  codec::Checker check;
  check_document(document, check);
  if (!check.good()) return tl::unexpected<Error>(check.error(cannot_write));
  Bytes bytes = written(document);
  if (bytes.size() > limits::sealed_bundle_bytes_max) return too_long();
  return bytes;
}

Expected<BundleDocument> decode_bundle_document(ByteView bytes) {
  auto document = codec::decode_as<wire::BundleDocument, BundleDocument>(
      bytes, limits::sealed_bundle_bytes_max, bad_bundle, [](wire::BundleDocument::Reader from, codec::Checker& check) {
        BundleDocument out;
        out.name = codec::string_of(from.getName());
        out.version = from.getVersion();
        if (check.walk(from.getFiles(), limits::bundle_files_max, "files"))
          for (auto file : from.getFiles())
            out.files.push_back({codec::string_of(file.getName()), codec::string_of(file.getText())});
        check_document(out, check);
        return out;
      });
  if (!document) return document;
  // SECURITY: bytes that mean the same and are not the same would carry what no reader was shown.
  const Bytes same = written(*document);
  if (!std::equal(same.begin(), same.end(), bytes.begin(), bytes.end()))
    return fail(bad_bundle.code, bad_bundle.what, "it is not written as such a document is",
                "have it sealed anew, with the same version of the program");
  return document;
}

Expected<Bytes> encode_sealed_bundle(const SealedBundle& sealed) {
  Bytes bytes = codec::encode_as<wire::SealedBundle>(
      sealed.bytes.size() + sealed.endorsements.size() * 160 + 256, [&](wire::SealedBundle::Builder to) {
        to.setBytes(codec::data_of(sealed.bytes));
        auto endorsements = to.initEndorsements(capnp::uint(sealed.endorsements.size()));
        for (capnp::uint i = 0; i < endorsements.size(); ++i) {
          endorsements[i].setTrustee(codec::text_of(sealed.endorsements[i].trustee.text()));
          endorsements[i].setSignature(codec::data_of(sealed.endorsements[i].signature));
        }
      });
  if (bytes.size() > limits::sealed_bundle_bytes_max) return too_long();
  return bytes;
}

Expected<SealedBundle> decode_sealed_bundle(ByteView bytes) {
  return codec::decode_as<wire::SealedBundle, SealedBundle>(
      bytes, limits::sealed_bundle_bytes_max, bad_bundle, [](wire::SealedBundle::Reader from, codec::Checker& check) {
        SealedBundle value;
        value.bytes = codec::bytes_of(from.getBytes());
        check.require(!value.bytes.empty(), "bytes", "is empty");
        if (check.walk(from.getEndorsements(), limits::endorsements_max, "endorsements"))
          for (auto endorsement : from.getEndorsements())
            value.endorsements.push_back({check.member(endorsement.getTrustee(), "endorsement.trustee"),
                                          check.fixed<64>(endorsement.getSignature(), "endorsement.signature")});
        return value;
      });
}

}  // namespace ginnel
