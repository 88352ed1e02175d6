// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "node/cli/command_table.h"

int main(int argc, char** argv) {
  // A file that may not grow is an error like a full disk, which the store handles, and no reason to die.
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  std::vector<std::string> words(argv + 1, argv + argc);
  return ginnel::run_command_line(words, {std::cin, std::cout, std::cerr});
}
