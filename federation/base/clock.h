// SPDX-License-Identifier: Apache-2.0
// Two seams: where time and chance come from. Engines are given both; only the edge has the real ones.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "federation/base/time.h"

namespace ginnel {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

// Cryptographically strong in production; seeded in the simulator.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
  std::uint64_t below(std::uint64_t limit);  // uniform in [0, limit); limit > 0
};

std::unique_ptr<Clock> system_clock();
std::unique_ptr<Random> system_random();  // libsodium's generator, seeded by the kernel

// SplitMix64 from one seed: for tests, `synth` and the simulator, never for keys of a real node.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;
  std::uint64_t next();

 private:
  std::uint64_t state_;
};

}  // namespace ginnel
