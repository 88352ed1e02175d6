// SPDX-License-Identifier: Apache-2.0
// The bytes of every message are pinned in tests/vectors/wire/*.hex: a change of one is a change of the protocol.
// GINNEL_REGENERATE=1 writes them anew; say in the commit which peers can still read the old ones.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "federation/base/crypto/hash.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/record_codec.h"
#include "federation/wire/signed.h"
#include "federation/wire/transfer.h"
#include "tests/federation/wire_samples.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

SigningKey golden_key() { return SigningKey::from_seed(*SecretKey::from(Bytes(32, 0x07))); }

void expect_golden(const std::string& name, const Bytes& encoded) {
  const std::string path = source_tree().string() + "/tests/vectors/wire/" + name + ".hex";
  if (std::getenv("GINNEL_REGENERATE") != nullptr) {
    std::ofstream out(path);
    const std::string hex = to_hex(encoded);
    for (std::size_t at = 0; at < hex.size(); at += 112) out << hex.substr(at, 112) << "\n";
  }
  std::ifstream in(path);
  ASSERT_TRUE(in) << path;
  std::string hex, line;
  while (std::getline(in, line)) hex += line;
  EXPECT_EQ(hex, to_hex(encoded)) << name << " is not encoded as it was";
}

TEST(GoldenBytes, an_ask_by_handle) {
  const Bytes bytes = encode_ask(samples::ask_by_handle()).value();
  expect_golden("ask-by-handle", bytes);
  EXPECT_EQ(decode_ask(bytes).value(), samples::ask_by_handle());
}

TEST(GoldenBytes, an_ask_by_name) {
  const Bytes bytes = encode_ask(samples::ask_by_name()).value();
  expect_golden("ask-by-name", bytes);
  EXPECT_EQ(decode_ask(bytes).value(), samples::ask_by_name());
}

TEST(GoldenBytes, a_page_request) {
  const Bytes bytes = encode_page_request(samples::page_request());
  expect_golden("page-request", bytes);
  EXPECT_EQ(decode_page_request(bytes).value(), samples::page_request());
}

TEST(GoldenBytes, a_file_request_and_a_page_of_a_file) {
  const Bytes request = encode_file_request(samples::file_request()), page = encode_file_page(samples::file_page());
  expect_golden("file-request", request);
  expect_golden("file-page", page);
  EXPECT_EQ(decode_file_request(request).value(), samples::file_request());
  EXPECT_EQ(decode_file_page(page).value(), samples::file_page());
}

TEST(GoldenBytes, a_request_for_a_part_of_a_transfer_and_a_page_of_it) {
  const Bytes request = encode_file_request(samples::transfer_part_request());
  const Bytes page = encode_file_page(samples::transfer_part_page());
  expect_golden("file-request-of-a-transfer", request);
  expect_golden("file-page-of-a-transfer", page);
  EXPECT_EQ(decode_file_request(request).value(), samples::transfer_part_request());
  EXPECT_EQ(decode_file_page(page).value(), samples::transfer_part_page());
}

TEST(GoldenBytes, the_file_of_a_transfer) {
  const Bytes manifest = encode_manifest(samples::transfer_manifest());
  const Bytes child = encode_child_part(samples::transfer_child_part()).value();
  const Bytes process = encode_process_part(samples::transfer_process_part());
  expect_golden("transfer-manifest", manifest);
  expect_golden("transfer-child-part", child);
  expect_golden("transfer-process-part", process);
  EXPECT_EQ(decode_manifest(manifest).value(), samples::transfer_manifest());
  EXPECT_EQ(decode_child_part(child).value(), samples::transfer_child_part());
  EXPECT_EQ(decode_process_part(process).value(), samples::transfer_process_part());
}

// What a node of version 2 writes: to a peer of version 1, and to one of its own.
TEST(GoldenBytes, frames_of_the_next_version) {
  Message message{samples::header(), encode_page_request(samples::page_request())};
  message.header.speaks = 2;
  expect_golden("frame-of-2-to-1", seal_message(message, {golden_key(), 7}).value());
  message.header.speaks = 0;
  message.header.version = 2;
  expect_golden("frame-of-2", seal_message(message, {golden_key(), 7}).value());
}

TEST(GoldenBytes, an_answer) {
  const Bytes bytes = encode_answer(samples::answer()).value();
  expect_golden("answer", bytes);
  EXPECT_EQ(decode_answer(bytes).value(), samples::answer());
}

TEST(GoldenBytes, notices) {
  const Bytes bytes = encode_notices({samples::notice()}).value();
  expect_golden("notices", bytes);
  EXPECT_EQ(decode_notices(bytes).value(), std::vector{samples::notice()});
}

TEST(GoldenBytes, a_receipt) {
  const Bytes bytes = sign_receipt(samples::receipt(), golden_key(), 7).value();
  expect_golden("receipt-signed", bytes);
  EXPECT_EQ(decode_receipt(decode_signed(bytes).value().bytes).value(), samples::receipt());
}

TEST(GoldenBytes, an_error) {
  const Bytes bytes = encode_problem(samples::problem());
  expect_golden("error", bytes);
  EXPECT_EQ(decode_problem(bytes).value(), samples::problem());
}

// An offer and what the receiver's node answers, as one message; and a list of what is held.
TEST(GoldenBytes, a_transfer) {
  const TransferId id = *TransferId::from(Bytes(16, 0x44));
  TransferStatement offer;
  offer.transfer = id;
  offer.said = TransferAct::offer;
  offer.by = samples::member("bradford-csc");
  offer.number = 1;
  offer.at = samples::noon;
  offer.who = "A. Manager, team manager";
  offer.text = "moved to Leeds with the mother on 2 November";
  offer.offer = {
      *ProcessId::from(Bytes(16, 0x11)), 1, samples::member("leeds-csc"), "child-protection", "planned", Hash{7}};
  const SignedAct offered = sign_statement(offer, golden_key(), 7).value();
  TransferStatement received;
  received.transfer = id;
  received.said = TransferAct::received;
  received.by = samples::member("leeds-csc");
  received.number = 1;
  received.seen = offered.hash;
  received.at = samples::noon + 250;
  const SignedAct taken = sign_statement(received, golden_key(), 7).value();
  TransferStatement release = offer;
  release.said = TransferAct::release;
  release.number = 2;
  release.previous = offered.hash;
  release.seen = taken.hash;
  release.offer = {};
  release.manifest = Hash{9};
  const TransferMessage message{id, {offered.encoded}, {taken.encoded}, true};
  expect_golden("transfer-offer", encode_statement(offer));
  expect_golden("transfer-release", encode_statement(release));
  expect_golden("transfer", encode_transfer(message));
  expect_golden("transfer-recall", encode_recall());
  expect_golden("transfer-recalled", encode_recalled({{id, 1, 2}}));
  EXPECT_EQ(decode_statement(encode_statement(offer)).value(), offer);
  EXPECT_EQ(decode_statement(encode_statement(release)).value(), release);
  EXPECT_EQ(decode_transfer(encode_transfer(message)).value(), message);
}

TEST(GoldenBytes, a_process_head) {
  const Bytes bytes = issue_head(samples::process_head(), golden_key(), 7).value();
  expect_golden("process-head-signed", bytes);
  EXPECT_EQ(decode_head(decode_signed(bytes).value().bytes).value(), samples::process_head());
}

TEST(GoldenBytes, a_record) {
  const Bytes bytes = encode_record(samples::record()).value();
  expect_golden("record", bytes);
  EXPECT_EQ(decode_record(bytes).value(), samples::record());
}

TEST(GoldenBytes, a_person) {
  const Bytes bytes = encode_person(samples::person()).value();
  expect_golden("person", bytes);
  EXPECT_EQ(decode_person(bytes).value(), samples::person());
}

TEST(GoldenBytes, a_directory_with_an_endorsement) {
  const Bytes document = encode_directory(samples::directory());
  EXPECT_EQ(decode_directory(document).value(), samples::directory());
  const SignedDirectory whole{document, {endorse(document, samples::member("wy-police"), golden_key())}};
  const Bytes bytes = encode_signed_directory(whole);
  expect_golden("directory-signed", bytes);
  EXPECT_EQ(decode_signed_directory(bytes).value(), whole);
}

TEST(GoldenBytes, a_part_of_a_directory) {
  const DirectoryPart part{18, samples::bytes<32>(0x71), 1, 3, Bytes(11, 0x5c)};
  const Bytes bytes = encode_directory_part(part);
  expect_golden("directory-part", bytes);
  EXPECT_EQ(decode_directory_part(bytes).value(), part);
}

TEST(GoldenBytes, a_key_statement) {
  const Bytes bytes = sign_key_statement(samples::key_statement(), golden_key());
  expect_golden("key-statement-signed", bytes);
  EXPECT_EQ(decode_key_statement(decode_signed(bytes).value().bytes).value(), samples::key_statement());
}

TEST(GoldenBytes, a_frame) {
  const Message message{samples::header(), encode_page_request(samples::page_request())};
  const SigningKey key = golden_key();
  const Bytes frame = seal_message(message, {key, 7}).value();
  EXPECT_EQ(frame.size(), 1024u);
  expect_golden("frame", frame);
}

TEST(GoldenBytes, a_frame_of_a_batch) {
  const Unsealed one{{samples::header(), encode_page_request(samples::page_request())}, 0};
  const SigningKey key = golden_key();
  const auto frames = seal_messages(std::vector<Unsealed>{one, one, one}, {key, 7}).value();
  ASSERT_EQ(frames.size(), 3u);
  expect_golden("frame-of-a-batch", frames[2]);
}

}  // namespace
}  // namespace ginnel
