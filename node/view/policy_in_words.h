// SPDX-License-Identifier: Apache-2.0
// A policy bundle as somebody who answers for sharing reads it: each rule in plain words, and how the cases beside the
// rules come out. No case data: a bundle is about nobody.
//
// Thread: any; a bundle never changes, so PolicyReading does the work once, for whoever asks first, and the others wait
// for it. Ask it from a worker, not from the loop: it decides every case.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ginnel {

struct Bundle;

struct RuleInWords {
  enum class Does : std::uint8_t { permits, refuses, hides };
  Does does = Does::permits;
  std::string id, title;
  std::string says;   // the whole of it, one sentence
  std::string basis;  // law, guidance or agreement that it rests on
  std::string ask;    // whom to ring where it decided; may be empty, as the rest
  std::string shown_as;
  bool is_own = false;  // of the agency alone, over the agreement
};

struct CaseInWords {
  std::string file, name;
  std::vector<std::string> differences;  // a sentence each; empty: it comes out as it says
};

struct PolicyInWords {
  std::string name, edition;  // of the agreement; of its lists of words
  std::uint64_t version = 0;
  std::string fingerprint;         // "sha256:" and the whole hash: equal at every agency that has the same bundle
  std::vector<RuleInWords> rules;  // in the bundle's order
  std::vector<CaseInWords> cases;  // likewise
  std::size_t passed = 0;          // of the cases
  std::vector<std::string> unreadable_cases;  // why the cases could not be read; then there are none
  std::string own_words;                      // which own policies lie over it, who answers for them; empty: none do
};

PolicyInWords in_words(const std::shared_ptr<const Bundle>& bundle);

class PolicyReading {
 public:
  explicit PolicyReading(std::shared_ptr<const Bundle> bundle) : bundle_(std::move(bundle)) {}
  const PolicyInWords& get() const {
    std::call_once(once_, [this] { read_ = in_words(bundle_); });
    return read_;
  }

 private:
  std::shared_ptr<const Bundle> bundle_;
  mutable std::once_flag once_;
  mutable PolicyInWords read_;  // written once, under once_
};

}  // namespace ginnel
