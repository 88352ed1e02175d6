// SPDX-License-Identifier: Apache-2.0
// What a command is: a row of the table from which help, usage errors and completions come (DESIGN 14).
//
// Data goes to `out`, everything else to `err`. Names, birth dates and secrets come from `in` or from files, never from
// arguments: other users of the machine can read those.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

enum class ExitCode : int {
  done = 0,
  failed = 1,
  usage = 2,
  refused = 3,  // by policy
  partial = 4,  // somebody silent, rows rejected
  try_again = 75,
};

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

struct OptionSpec {
  std::string name;   // without its dashes
  std::string value;  // how help names its value: "DIR"; empty: a switch
  std::string help;
  bool is_needed = false;
  std::string otherwise = {};  // the value when it is not given; empty: none
  bool repeats = false;
};

// --dir of a command that works on a node's own folder.
inline OptionSpec node_dir_option() { return {"dir", "DIR", "the node's folder", true}; }

// One call of a command, its options checked against the table: names that the table lacks are a bug here.
class Invocation {
 public:
  Invocation(Streams streams, std::vector<std::string> arguments,
             std::map<std::string, std::vector<std::string>, std::less<>> options)
      : streams(streams), arguments(std::move(arguments)), options_(std::move(options)) {}

  bool has(std::string_view option) const { return options_.contains(option); }
  std::string text(std::string_view option) const {
    auto found = options_.find(option);
    return found == options_.end() || found->second.empty() ? std::string() : found->second.front();
  }
  std::vector<std::string> texts(std::string_view option) const {
    auto found = options_.find(option);
    return found == options_.end() ? std::vector<std::string>() : found->second;
  }
  // Nothing, and the usage error is told, unless it is a whole number from `least` to `most`.
  std::optional<std::int64_t> number(std::string_view option, std::int64_t least, std::int64_t most);

  Streams streams;
  std::vector<std::string> arguments;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> options_;
};

struct Command {
  std::string noun, verb = {};  // verb may be empty: "ginnel import"
  std::string arguments = {};   // as help shows them: "FILE..."
  std::size_t arguments_min = 0, arguments_max = 0;
  std::string title = {};    // one line of help
  std::string details = {};  // what else a person should know; may be empty
  std::vector<OptionSpec> options = {};
  ExitCode (*run)(Invocation& invocation) = nullptr;

  std::string name() const { return verb.empty() ? noun : noun + " " + verb; }
};

}  // namespace ginnel
