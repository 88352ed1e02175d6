// SPDX-License-Identifier: Apache-2.0
#include "node/demo/demo_nodes.h"

#include <chrono>
#include <fstream>
#include <thread>

#include "node/cli/http_client.h"

namespace ginnel {
namespace {

constexpr std::int64_t ready_within_ms = 60'000;
constexpr std::int64_t ready_request_ms = 2'000;
constexpr std::chrono::milliseconds ready_poll{50};
constexpr std::size_t log_lines_shown = 5;

std::string end_of(const std::filesystem::path& log) {
  std::ifstream in(log);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
    if (lines.size() > log_lines_shown) lines.erase(lines.begin());
  }
  std::string out;
  for (const std::string& line : lines) out += "\n" + line;
  return out;
}

}  // namespace

std::vector<std::string> DemoNodes::argv_of(const std::string& id) const {
  return {program_.string(), "node", "run", "--dir", paths_.node(id).string()};
}

Expected<void> DemoNodes::start(const std::string& id) {
  if (!state_.node(id))
    return fail("unknown-member", "cannot start `" + id + "`", "the demonstration has no such node",
                "its nodes stand in " + paths_.demo().string());
  auto found = processes_.find(id);
  if (found != processes_.end() && !found->second.exit_status()) return {};
  auto process = ChildProcess::start(argv_of(id), paths_.node(id) / "node.log");
  if (!process) return tl::unexpected(process.error());
  processes_.erase(id);
  processes_.emplace(id, std::move(*process));
  return {};
}

Expected<void> DemoNodes::start_all() {
  for (const DemoNode& node : state_.nodes)
    if (auto started = start(node.id); !started) return started;
  return {};
}

Expected<void> DemoNodes::stop(const std::string& id) {
  auto found = processes_.find(id);
  if (found == processes_.end() || found->second.exit_status())
    return fail("not-running", "cannot stop `" + id + "`", "it does not run");
  found->second.ask_to_stop();
  found->second.stop(limits::child_stop_ms);
  processes_.erase(found);
  return {};
}

void DemoNodes::stop_all() {
  for (auto& [id, process] : processes_) process.ask_to_stop();
  auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(limits::child_stop_ms);
  for (auto& [id, process] : processes_) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    process.stop(left.count());
  }
  processes_.clear();
}

Expected<void> DemoNodes::wait_until_ready(std::stop_token stop) {
  for (const DemoNode& node : state_.nodes)
    if (auto ready = wait_until_ready(stop, node.id); !ready) return ready;
  return {};
}

Expected<void> DemoNodes::wait_until_ready(std::stop_token stop, const std::string& id) {
  const DemoNode& node = *state_.node(id);
  auto log = paths_.node(node.id) / "node.log";
  auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ready_within_ms);
  HttpClientSettings settings;
  settings.url = node.url();
  settings.ca_file = paths_.ca().string();
  settings.timeout_ms = ready_request_ms;
  auto client = HttpClient::open(settings);
  if (!client) return tl::unexpected(client.error());
  while (std::chrono::steady_clock::now() < until) {
    if (stop.stop_requested()) return fail("stopped", "the demonstration was stopped before it was ready");
    auto& process = processes_.at(node.id);
    if (auto status = process.exit_status())
      return fail("not-ready", "the node " + node.id + " did not start",
                  "it ended with " + std::to_string(*status) + end_of(log), "its whole log: " + log.string());
    auto answer = client->get("/readyz");
    if (answer && answer->status == 200) return {};
    std::this_thread::sleep_for(ready_poll);
  }
  return fail("not-ready", "the node " + node.id + " is not ready",
              "it did not say so within " + std::to_string(ready_within_ms / 1000) + " s" + end_of(log),
              "its whole log: " + log.string());
}

void DemoNodes::tell_of_ended(std::ostream& err) {
  for (auto it = processes_.begin(); it != processes_.end();) {
    auto status = it->second.exit_status();
    if (!status) {
      ++it;
      continue;
    }
    err << it->first << " has ended (" << *status << "); start it again: ginnel demo start " << it->first << " --dir "
        << paths_.dir.string() << std::endl;
    it = processes_.erase(it);
  }
}

std::map<std::string, RunningNode> DemoNodes::how_they_run() const {
  std::map<std::string, RunningNode> out;
  for (const DemoNode& node : state_.nodes) out[node.id] = {0, argv_of(node.id)};
  for (const auto& [id, process] : processes_) out[id].pid = process.pid();
  return out;
}

}  // namespace ginnel
