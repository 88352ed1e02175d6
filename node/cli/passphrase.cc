// SPDX-License-Identifier: Apache-2.0
#include "node/cli/passphrase.h"

#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

namespace ginnel {

Expected<std::string> read_secret_file(const std::string& file, const std::string& what) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line) || line.empty())
    return fail("no-passphrase", "cannot read " + what + " from " + file, "it is missing, unreadable or empty",
                "its first line is " + what);
  return line;
}

Expected<std::string> type_secret(const std::string& prompt) {
  termios before{};
  if (!::isatty(STDIN_FILENO) || ::tcgetattr(STDIN_FILENO, &before) != 0)
    return fail("no-passphrase", "cannot ask for the " + prompt, "standard input is no terminal",
                "name a file that holds it: --passphrase-file, --share-file or --password-file");
  termios silent = before;
  silent.c_lflag &= ~tcflag_t(ECHO);
  std::cerr << prompt << ": " << std::flush;
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  std::string typed;
  std::getline(std::cin, typed);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  std::cerr << "\n";
  return typed;
}

AskSecret ask_secret_of(const Invocation& call) {
  const std::string passphrase = call.text("passphrase-file");
  const std::vector<std::string> shares = call.texts("share-file");
  return [passphrase, shares](Secret which) -> Expected<std::string> {
    if (which == Secret::passphrase)
      return passphrase.empty() ? type_secret("passphrase of this node")
                                : read_secret_file(passphrase, "the passphrase");
    const std::size_t at = which == Secret::first_share ? 0 : 1;
    if (at < shares.size()) return read_secret_file(shares[at], "a key share");
    return type_secret(at == 0 ? "key share of the first person" : "key share of the second person");
  };
}

OptionSpec share_option() {
  return {"share-file", "FILE", "its first line is a key share; twice, for two people; else they are asked for",
          false,        "",     true};
}

OptionSpec passphrase_option() {
  return {"passphrase-file", "FILE", "its first line is the passphrase; else it is asked for on the terminal"};
}

}  // namespace ginnel
