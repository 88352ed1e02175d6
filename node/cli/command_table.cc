// SPDX-License-Identifier: Apache-2.0
#include "node/cli/command_table.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <set>

#include "adapters/suggest.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"

namespace ginnel {
namespace {

namespace po = boost::program_options;

constexpr std::size_t help_column = 30;
constexpr const char* exit_codes_help =
    "exit     0 done, 1 failed, 2 usage, 3 refused by policy, 4 partial (somebody silent, rows rejected), 75 try "
    "again\n";

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 2), ' ');
  return text;
}

std::string usage_of(const Command& command) {
  std::string out = "ginnel " + command.name();
  for (const OptionSpec& option : command.options)
    if (option.is_needed) out += " --" + option.name + (option.value.empty() ? "" : " " + option.value);
  bool has_more = std::any_of(command.options.begin(), command.options.end(), [](auto& o) { return !o.is_needed; });
  if (has_more) out += " [options]";
  return command.arguments.empty() ? out : out + " " + command.arguments;
}

ExitCode wrong_usage(Streams& streams, std::string what, std::string why, std::string remedy) {
  print_error(streams.err, {"usage", std::move(what), std::move(why), std::move(remedy)});
  return ExitCode::usage;
}

ExitCode unknown_command(std::span<const Command> table, const std::vector<std::string>& words, Streams& streams) {
  std::vector<std::string> names;
  for (const Command& command : table) names.push_back(command.name());
  std::string given = words.size() > 1 && !words[1].starts_with("-") ? words[0] + " " + words[1] : words[0];
  auto meant = nearest(given, names);
  return wrong_usage(
      streams, "there is no command `" + given + "`", {},
      meant ? "did you mean `ginnel " + *meant + "`? All commands: ginnel --help" : "all commands: ginnel --help");
}

// The longest fit: "demo stop" before "demo". `used` tells how many words it took.
const Command* find_command(std::span<const Command> table, const std::vector<std::string>& words, std::size_t& used) {
  const Command* noun_alone = nullptr;
  for (const Command& command : table) {
    if (command.noun != words[0]) continue;
    if (command.verb.empty()) noun_alone = &command;
    if (!command.verb.empty() && words.size() > 1 && command.verb == words[1]) {
      used = 2;
      return &command;
    }
  }
  used = 1;
  return noun_alone;
}

po::options_description described(const Command& command) {
  po::options_description out;
  for (const OptionSpec& option : command.options) {
    if (option.value.empty())
      out.add_options()(option.name.c_str(), po::bool_switch());
    else
      out.add_options()(option.name.c_str(), po::value<std::vector<std::string>>());
  }
  return out;
}

// Throws po::error.
Invocation parsed(const Command& command, const std::vector<std::string>& words, Streams streams) {
  po::options_description description = described(command);
  description.add_options()("arguments", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("arguments", -1);
  int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing &
              ~po::command_line_style::allow_short;
  po::variables_map values;
  po::store(po::command_line_parser(words).options(description).positional(positional).style(style).run(), values);

  std::map<std::string, std::vector<std::string>, std::less<>> options;
  for (const OptionSpec& option : command.options) {
    if (option.value.empty()) {
      if (values[option.name].as<bool>()) options[option.name] = {};
    } else if (values.count(option.name)) {
      options[option.name] = values[option.name].as<std::vector<std::string>>();
    } else if (!option.otherwise.empty()) {
      options[option.name] = {option.otherwise};
    }
  }
  std::vector<std::string> arguments;
  if (values.count("arguments")) arguments = values["arguments"].as<std::vector<std::string>>();
  return Invocation(streams, std::move(arguments), std::move(options));
}

// What is wrong with the call, beyond what the parser finds.
std::optional<Error> usage_error(const Command& command, const Invocation& invocation) {
  std::string cannot = "cannot run `ginnel " + command.name() + "`";
  for (const OptionSpec& option : command.options) {
    if (option.is_needed && !invocation.has(option.name))
      return Error{"usage", cannot, "--" + option.name + " is missing", "usage: " + usage_of(command)};
    if (!option.repeats && invocation.texts(option.name).size() > 1)
      return Error{"usage", cannot, "--" + option.name + " was given more than once", "give it once"};
  }
  if (invocation.arguments.size() < command.arguments_min)
    return Error{"usage", cannot, command.arguments + " is missing", "usage: " + usage_of(command)};
  if (invocation.arguments.size() > command.arguments_max)
    return Error{"usage", cannot, "`" + invocation.arguments[command.arguments_max] + "` is one argument too many",
                 "usage: " + usage_of(command)};
  return std::nullopt;
}

ExitCode run_command(const Command& command, const std::vector<std::string>& words, Streams& streams) {
  if (std::find(words.begin(), words.end(), "--help") != words.end()) {
    streams.out << help_of(command);
    return ExitCode::done;
  }
  try {
    Invocation invocation = parsed(command, words, streams);
    if (auto error = usage_error(command, invocation))
      return wrong_usage(streams, error->what, error->why, error->remedy);
    return command.run(invocation);
  } catch (const po::unknown_option& unknown) {
    std::vector<std::string> names;
    for (const OptionSpec& option : command.options) names.push_back("--" + option.name);
    auto meant = nearest(unknown.get_option_name(), names);
    return wrong_usage(streams, "cannot run `ginnel " + command.name() + "`",
                       "it has no option " + unknown.get_option_name(),
                       meant ? "did you mean " + *meant + "?" : "its options: ginnel " + command.name() + " --help");
  } catch (const po::error& error) {
    return wrong_usage(streams, "cannot run `ginnel " + command.name() + "`", error.what(),
                       "usage: " + usage_of(command));
  }
}

bool is_help(const std::string& word) { return word == "help" || word == "--help" || word == "-h"; }

}  // namespace

std::optional<std::int64_t> Invocation::number(std::string_view option, std::int64_t least, std::int64_t most) {
  std::string given = text(option);
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
  if (error == std::errc() && end == given.data() + given.size() && value >= least && value <= most) return value;
  print_error(streams.err, {"usage",
                            "cannot use --" + std::string(option) + " `" + given + "`",
                            "it is no whole number from " + std::to_string(least) + " to " + std::to_string(most),
                            {}});
  return std::nullopt;
}

const std::vector<Command>& command_table() {
  static const std::vector<Command> table = [] {
    std::vector<Command> all;
    for (auto part :
         {demo_commands,     node_commands,   member_commands,  import_commands,  case_commands,    find_commands,
          work_commands,     store_commands,  user_commands,    policy_commands,  process_commands, link_commands,
          person_commands,   report_commands, sharing_commands, consent_commands, refusal_commands, retention_commands,
          conflict_commands, notice_commands, transfer_commands})
      for (Command& command : part()) all.push_back(std::move(command));
    return all;
  }();
  return table;
}

int run_command_line(const std::vector<std::string>& words, Streams streams) {
  return run_command_line(command_table(), words, streams);
}

int run_command_line(std::span<const Command> table, const std::vector<std::string>& words, Streams streams) {
  if (words.empty() || (words.size() == 1 && is_help(words[0]))) {
    (words.empty() ? streams.err : streams.out) << overview(table);
    return int(words.empty() ? ExitCode::usage : ExitCode::done);
  }
  if (words[0] == "--version") {
    streams.out << "ginnel " << program_version() << "\n";
    return 0;
  }
  if (words[0] == "completions") {
    streams.out << bash_completions(table);
    return 0;
  }
  std::size_t used = 0;
  const Command* command = find_command(table, words, used);
  if (!command && words.size() > 1 && is_help(words[1])) {
    std::vector<Command> of_noun;
    for (const Command& row : table)
      if (row.noun == words[0]) of_noun.push_back(row);
    if (!of_noun.empty()) {
      streams.out << overview(of_noun);
      return 0;
    }
  }
  if (!command) return int(unknown_command(table, words, streams));
  return int(run_command(*command, {words.begin() + std::ptrdiff_t(used), words.end()}, streams));
}

std::string overview(std::span<const Command> table) {
  std::string out =
      "ginnel: each agency keeps its own records; nodes answer each other under policy\n\nusage    ginnel NOUN [VERB] "
      "[options]\n\n";
  for (const Command& command : table) {
    std::string shown = command.arguments.empty() ? command.name() : command.name() + " " + command.arguments;
    out += "  " + padded(shown, help_column) + command.title + "\n";
  }
  return out + "\nmore     ginnel NOUN VERB --help · ginnel completions (for bash) · ginnel --version\n" +
         exit_codes_help;
}

std::string help_of(const Command& command) {
  std::string out = command.title + "\n\nusage    " + usage_of(command) + "\n";
  if (!command.details.empty()) out += "\n" + command.details + "\n";
  if (!command.options.empty()) out += "\n";
  for (const OptionSpec& option : command.options) {
    std::string left = "--" + option.name + (option.value.empty() ? "" : " " + option.value);
    std::string right = option.help;
    if (!option.otherwise.empty()) right += " (otherwise " + option.otherwise + ")";
    if (option.is_needed) right += " (needed)";
    if (option.repeats) right += " (may be repeated)";
    out += "  " + padded(left, help_column) + right + "\n";
  }
  return out + "\n" + exit_codes_help;
}

std::string bash_completions(std::span<const Command> table) {
  std::set<std::string> nouns;
  std::map<std::string, std::string> after;  // "node" -> verbs, "node run" -> options
  for (const Command& command : table) {
    nouns.insert(command.noun);
    if (!command.verb.empty()) after[command.noun] += command.verb + " ";
    for (const OptionSpec& option : command.options) after[command.name()] += "--" + option.name + " ";
  }
  std::string out = "# bash completions of ginnel, made from its command table\n_ginnel() {\n  local words=\"\"\n";
  out += "  local two=\"${COMP_WORDS[1]} ${COMP_WORDS[2]}\"\n  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"";
  for (const std::string& noun : nouns) out += noun + " ";
  out += "\"\n  else\n    case \"$two\" in\n";
  for (const auto& [name, words] : after)
    if (name.find(' ') != std::string::npos) out += "      \"" + name + "\") words=\"" + words + "\" ;;\n";
  out += "      *)\n        case \"${COMP_WORDS[1]}\" in\n";
  for (const auto& [name, words] : after)
    if (name.find(' ') == std::string::npos) out += "          " + name + ") words=\"" + words + "\" ;;\n";
  out += "        esac ;;\n    esac\n  fi\n";
  out += "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -f -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n";
  return out + "complete -F _ginnel ginnel\n";
}

}  // namespace ginnel
