// SPDX-License-Identifier: Apache-2.0
#include "node/setup/node_clock.h"

#include <sys/stat.h>

#include <charconv>
#include <fstream>
#include <mutex>

#include "node/setup/private_file.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t clock_file_bytes_max = 64;

class ClockAhead : public Clock {
 public:
  explicit ClockAhead(fs::path file) : file_(std::move(file)), system_(system_clock()) {}

  Instant now() override {
    std::lock_guard lock(mutex_);
    look();
    return system_->now() + ahead_ms_;
  }

 private:
  void look() {
    struct stat is {};
    if (::stat(file_.c_str(), &is) != 0) is = {};
    // Its number too: two changes within one tick of the file system's clock are two files.
    if (is.st_ino == seen_.st_ino && is.st_mtim.tv_sec == seen_.st_mtim.tv_sec &&
        is.st_mtim.tv_nsec == seen_.st_mtim.tv_nsec)
      return;
    seen_ = is;
    if (auto ahead = read_clock_ahead_ms(file_)) ahead_ms_ = *ahead;
  }

  fs::path file_;
  std::unique_ptr<Clock> system_;
  std::mutex mutex_;
  struct stat seen_ {};
  std::int64_t ahead_ms_ = 0;
};

}  // namespace

std::unique_ptr<Clock> clock_of(const NodeConfig& config) {
  return config.clock_file.empty() ? system_clock() : clock_ahead_by(config.clock_file);
}

std::unique_ptr<Clock> clock_ahead_by(fs::path file) { return std::make_unique<ClockAhead>(std::move(file)); }

Expected<std::int64_t> read_clock_ahead_ms(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return 0;
  std::string text(clock_file_bytes_max, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(std::size_t(in.gcount()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  std::int64_t ahead_ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ahead_ms);
  if (error != std::errc() || end != text.data() + text.size() || ahead_ms < 0 || ahead_ms > limits::clock_ahead_ms_max)
    return fail(
        "bad-clock", "cannot read the clock " + file.string(), "it does not hold a number of milliseconds alone",
        "write how far ahead the demonstration's clock is, from 0 to " + std::to_string(limits::clock_ahead_ms_max));
  return ahead_ms;
}

Expected<void> write_clock_ahead_ms(const fs::path& file, std::int64_t ahead_ms) {
  return write_file(file, std::to_string(ahead_ms) + "\n");
}

}  // namespace ginnel
