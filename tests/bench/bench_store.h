// SPDX-License-Identifier: Apache-2.0
// A store on a real disk, and what this program takes of memory; for parts of ginnel_bench.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "federation/base/clock.h"
#include "node/store/lmdb_kv.h"
#include "node/store/store.h"
#include "tests/bench/bench.h"
#include "tests/bench/recording_kv.h"
#include "tests/node/temp_directory.h"

namespace ginnel::bench {

struct BenchStore {
  TempDirectory directory;
  std::unique_ptr<Random> random = system_random();
  std::unique_ptr<Clock> clock = system_clock();
  SecretKey root = SecretKey::make(*random);
  RecordingKv ledger{open("ledger")}, keys{open("keys")};
  std::unique_ptr<Store> store;

  BenchStore() {
    need(Store::create(ledger, keys, root, *random, *MemberId::parse("bradford-csc"), 1, clock->now()));
    store = need(Store::open(ledger, keys, root, *random));
    forget();
  }
  std::unique_ptr<Kv> open(const std::string& name) const { return need(open_lmdb(directory.path() + "/" + name)); }
  void reopen() {
    store.reset();
    ledger.reopen([&] { return open("ledger"); });
    keys.reopen([&] { return open("keys"); });
    store = need(Store::open(ledger, keys, root, *random));
  }
  void forget() {
    ledger.commits.clear();
    keys.commits.clear();
  }
};

// Of this process, without what is mapped from files.
inline double resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:")) return std::stod(line.substr(8));
  return 0;
}

}  // namespace ginnel::bench
