// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without a fuzzer: every file of its corpus, every truncation of the short ones, and mutations of
// all from a fixed seed. Ends well if nothing crashed; the same run every time.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "federation/base/clock.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;
constexpr std::size_t mutations_per_input = 300;
constexpr std::size_t truncated_bytes_max = 4096;

std::vector<Input> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Input> inputs;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

// A few bytes changed, a stretch doubled, dropped, or taken from another input.
Input mutated(Input input, const Input& other, ginnel::SeededRandom& random) {
  for (std::uint64_t changes = 1 + random.below(8); changes > 0; --changes) {
    if (input.empty()) input.push_back(std::uint8_t(random.next()));
    const std::size_t at = random.below(input.size());
    const std::size_t length = 1 + random.below(std::min<std::size_t>(16, input.size() - at));
    switch (random.below(4)) {
      case 0:
        input[at] = std::uint8_t(random.next());
        break;
      case 1:
        input[at] ^= std::uint8_t(1u << random.below(8));
        break;
      case 2:
        input.erase(input.begin() + long(at), input.begin() + long(at + length));
        break;
      default:
        if (!other.empty()) {
          const std::size_t from = random.below(other.size());
          const std::size_t count = std::min<std::size_t>(32, other.size() - from);
          input.insert(input.begin() + long(at), other.begin() + long(from), other.begin() + long(from + count));
        }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
    return 2;
  }
  const auto corpus = read_corpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s holds no inputs\n", argv[1]);
    return 1;
  }
  ginnel::SeededRandom random(1);
  std::size_t runs = 0;
  for (const auto& input : corpus) {
    LLVMFuzzerTestOneInput(input.data(), input.size());
    if (input.size() <= truncated_bytes_max)
      for (std::size_t size = 0; size < input.size(); ++size, ++runs) LLVMFuzzerTestOneInput(input.data(), size);
    for (std::size_t i = 0; i < mutations_per_input; ++i, ++runs) {
      const Input changed = mutated(input, corpus[random.below(corpus.size())], random);
      LLVMFuzzerTestOneInput(changed.data(), changed.size());
    }
  }
  std::printf("%zu inputs from %zu in the corpus\n", runs, corpus.size());
  return 0;
}
