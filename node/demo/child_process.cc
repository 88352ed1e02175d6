// SPDX-License-Identifier: Apache-2.0
#include "node/demo/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

namespace ginnel {
namespace {

constexpr std::chrono::milliseconds poll_every{20};
constexpr int could_not_run = 127;

// Between fork and exec only what is safe in a copy of a process with threads.
[[noreturn]] void become(char* const* argv, int log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(could_not_run);  // it went before prctl
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // A group of its own: Ctrl-C on the terminal reaches the demonstration, which then stops its nodes in order.
  ::setpgid(0, 0);
  int empty = ::open("/dev/null", O_RDONLY);
  ::dup2(empty, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(argv[0], argv);
  ::_exit(could_not_run);
}

}  // namespace

Expected<ChildProcess> ChildProcess::start(const std::vector<std::string>& argv, const std::filesystem::path& log) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  int log_file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_file < 0)
    return fail("cannot-start", "cannot start " + argv[0], "its log " + log.string() + ": " + std::strerror(errno));
  pid_t parent = ::getpid();
  pid_t pid = ::fork();
  if (pid == 0) become(words.data(), log_file, parent);
  int error = errno;
  ::close(log_file);
  if (pid < 0) return fail("cannot-start", "cannot start " + argv[0], std::strerror(error));
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(std::move(other.status_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0 || exit_status()) return;
  ask_to_stop();
  stop(limits::child_stop_ms);
}

std::optional<int> ChildProcess::exit_status() {
  if (status_ || pid_ < 0) return status_;
  int raw = 0;
  pid_t ended = ::waitpid(pid_, &raw, WNOHANG);
  if (ended == pid_) status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return status_;
}

int ChildProcess::wait() {
  while (!exit_status()) std::this_thread::sleep_for(poll_every);
  return *status_;
}

void ChildProcess::ask_to_stop() {
  if (!exit_status()) ::kill(pid_, SIGTERM);
}

int ChildProcess::stop(std::int64_t left_ms) {
  auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(left_ms);
  while (!exit_status() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(poll_every);
  if (!exit_status()) ::kill(pid_, SIGKILL);
  return wait();
}

}  // namespace ginnel
