// SPDX-License-Identifier: Apache-2.0
// A store on disk with some hundreds of records, shut, and everything that its ordinary readers say of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/node/store_for_tests.h"

namespace ginnel {

// What a question was answered with; an answer that begins with "?" is an error: nothing is claimed.
using Answers = std::map<std::string, std::string>;

class FilledStore {
 public:
  FilledStore();
  // The folder with `ledger` and `keys` in it.
  std::string directory() const { return store_.directory(); }
  const Answers& right() const { return right_; }
  const SecretKey& root() const { return store_.root(); }

  // The same questions to any opened copy, and the reasons of those that were not answered.
  Answers ask(Store& store) const;

 private:
  StoreForTests store_{StoreForTests::Engine::lmdb};
  std::vector<PersonRef> people_;
  std::vector<RecordId> records_;
  std::vector<std::pair<RecordId, AttachmentId>> files_;
  Answers right_;
};

// Filled once, for every test of a program.
const FilledStore& filled();

inline constexpr std::size_t page_bytes = 4096;  // of LMDB

// What became of one damaged copy.
struct Outcome {
  std::string refused;  // why it would not open
  std::size_t right = 0, unknown = 0;
  std::vector<std::string> wrong;     // question: answer instead of the right one
  std::vector<std::string> told;      // reasons of the unknown ones, each once
  std::vector<std::string> problems;  // what verification names
  bool died = false;                  // by a signal
  std::string how;                    // it died
};

// Opens the copy in a process of its own, asks everything and verifies.
Outcome examine_copy(const FilledStore& original, const std::string& copy);

}  // namespace ginnel
