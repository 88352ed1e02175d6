// SPDX-License-Identifier: Apache-2.0
#include "node/cli/output.h"

#include <array>

#include "federation/base/clock.h"
#include "node/cli/http_client.h"

namespace ginnel {
namespace {

// Short enough to be read out on the telephone, random enough to be found in a log.
std::string error_id() {
  static constexpr std::string_view letters = "23456789abcdefghjkmnpqrstuvwxyz";
  auto random = system_random();
  std::string id = "cmd-";
  for (int i = 0; i < 8; ++i) id += letters[random->below(letters.size())];
  return id;
}

// Continuation lines stand under the first.
void print_part(std::ostream& err, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  std::string indented;
  for (char c : text) indented += c == '\n' ? std::string("\n          ") : std::string(1, c);
  err << "  " << name << std::string(8 - name.size(), ' ') << indented << "\n";
}

}  // namespace

void print_error(std::ostream& err, const Error& error) {
  err << "ginnel: " << error.what << "\n";
  print_part(err, "why", error.why);
  print_part(err, "do", error.remedy);
  // A usage error is the reader's own business: nobody else has a trace of it.
  if (error.code != "usage") print_part(err, "id", error_id());
}

ExitCode exit_code_for(const Error& error) {
  for (std::string_view code : {"bad-config", "usage", "bad-mapping", "bad-plan", "bad-bundle", "no-bundle",
                                "bad-vocabulary", "no-vocabulary", "bad-policy", "bad-link-rules", "bad-retention"})
    if (error.code == code) return ExitCode::usage;
  for (std::string_view code : {"store-in-use", "admin-timeout", "node-stopping", "disk-full"})
    if (error.code == code) return ExitCode::try_again;
  return ExitCode(exit_code_of(error));
}

ExitCode failed_with(Streams& streams, const Error& error) {
  print_error(streams.err, error);
  return exit_code_for(error);
}

ExitCode failed_with(Streams& streams, const std::vector<Error>& errors) {
  for (const Error& error : errors) print_error(streams.err, error);
  return errors.empty() ? ExitCode::failed : exit_code_for(errors.front());
}

std::string program_version() { return "0.1.0"; }

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace ginnel
