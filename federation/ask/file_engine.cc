// SPDX-License-Identifier: Apache-2.0
#include "federation/ask/file_engine.h"

#include <algorithm>
#include <utility>

#include "federation/ask/ask_engine.h"
#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr const char* cannot = "cannot fetch the file";

}  // namespace

Expected<void> FileEngine::start(const MemberId& from, const FileName& file, std::uint64_t size_bytes, Instant now) {
  const Key key{from, file};
  if (files_.contains(key)) return {};
  if (files_.size() >= limits::files_fetched_max)
    return fail("too-busy", cannot, "too many files are being fetched", "try again in a minute");
  const std::uint32_t pages = size_bytes == file_size_unknown ? 1 : file_pages(size_bytes);
  if (pages == 0)
    return fail("file-not-given", cannot, "it is empty, or larger than a file may be that travels", "ring the agency");
  Fetching fetching;
  fetching.size_bytes = size_bytes;
  fetching.pages.resize(pages);
  fetching.gives_up = now + limits::file_wait_ms;
  Fetching& begun = files_.emplace(key, std::move(fetching)).first->second;
  // The first alone: whether there will be others, the holder has yet to decide.
  ask_for(key, begun, begun.next++, now);
  begun.next_send = now + begun.resend_ms;
  return {};
}

std::optional<Drop> FileEngine::receive(const MemberId& from, const FilePage& page, Instant now) {
  const Key key{from, page.file};
  const auto found = files_.find(key);
  // SECURITY: only the member that was asked may give it.
  if (found == files_.end()) return Drop::unsolicited;
  Fetching& fetching = found->second;
  if (page.pages != fetching.pages.size()) return Drop::bad_payload;
  if (fetching.pages[page.page]) return std::nullopt;
  fetching.pages[page.page] = page.content;
  fetching.resend_ms = limits::file_resend_ms_first;
  fetching.next_send = now + fetching.resend_ms;
  const auto missing = std::size_t(std::count(fetching.pages.begin(), fetching.pages.end(), std::nullopt));
  if (missing == 0) {
    Bytes whole;
    if (fetching.size_bytes != file_size_unknown) whole.reserve(fetching.size_bytes);
    for (const auto& part : fetching.pages) append(whole, *part);
    const bool has_size = fetching.size_bytes == file_size_unknown || whole.size() == fetching.size_bytes;
    if (has_size && sha256(whole) == page.file.sha256) {
      finish(key, std::move(whole));
      return std::nullopt;
    }
    finish(key, fail("file-altered", cannot, "what came is not the file that its agency named", "ring the agency"));
    return std::nullopt;
  }
  const std::size_t unasked = fetching.pages.size() - fetching.next;
  for (std::size_t in_flight = missing - unasked;
       in_flight < limits::file_pages_in_flight_max && fetching.next < fetching.pages.size(); ++in_flight)
    ask_for(key, fetching, fetching.next++, now);
  return std::nullopt;
}

bool FileEngine::receive_problem(const MemberId& from, const MessageId& correlation, const Problem& problem) {
  for (const auto& [key, fetching] : files_) {
    if (key.first != from) continue;
    if (std::find(fetching.sent.begin(), fetching.sent.end(), correlation) == fetching.sent.end()) continue;
    const bool is_older = problem.code == unsupported_kind_code;
    finish(Key(key), fail("file-not-given", cannot,
                          is_older ? "its agency's node is of a version that gives no files"
                                   : "its agency does not give it, or not any more",
                          "ring the agency"));
    return true;
  }
  return false;
}

void FileEngine::tick(Instant now) {
  std::vector<Key> silent;
  for (auto& [key, fetching] : files_) {
    if (now >= fetching.gives_up) {
      silent.push_back(key);
      continue;
    }
    if (now < fetching.next_send) continue;
    std::size_t asked = 0;
    for (std::size_t page = 0; page < fetching.next && asked < limits::file_pages_in_flight_max; ++page) {
      if (fetching.pages[page]) continue;
      ask_for(key, fetching, page, now);
      ++asked;
    }
    fetching.resend_ms = std::min(fetching.resend_ms * 2, limits::file_resend_ms_max);
    fetching.next_send = now + fetching.resend_ms;
  }
  for (const auto& key : silent)
    finish(key, fail("agency-silent", cannot, "its agency did not send it in time", "try again, or ring the agency"));
}

std::vector<Outgoing> FileEngine::take_outgoing() { return std::exchange(outgoing_, {}); }
std::vector<FileArrived> FileEngine::take_files() { return std::exchange(arrived_, {}); }

void FileEngine::clear() {
  files_.clear();
  outgoing_.clear();
  arrived_.clear();
}

std::optional<Instant> FileEngine::next_tick() const {
  std::optional<Instant> next;
  for (const auto& [key, fetching] : files_) {
    const Instant due = std::min(fetching.gives_up, fetching.next_send);
    if (!next || due < *next) next = due;
  }
  return next;
}

void FileEngine::ask_for(const Key& key, Fetching& fetching, std::size_t page, Instant now) {
  Outgoing message = outgoing_to(key.first, Kind::file_request, encode_file_request({key.second, std::uint32_t(page)}),
                                 now + limits::ask_message_life_ms, random_);
  fetching.sent.push_back(message.id);
  if (fetching.sent.size() > limits::file_messages_remembered_max) fetching.sent.erase(fetching.sent.begin());
  outgoing_.push_back(std::move(message));
}

void FileEngine::finish(const Key& key, Expected<Bytes> content) {
  arrived_.push_back({key.first, key.second, std::move(content)});
  files_.erase(key);
}

std::size_t FileEngine::transfer_parts() const {
  return std::size_t(std::count_if(files_.begin(), files_.end(),
                                   [](const auto& fetching) { return !fetching.first.second.transfer.empty(); }));
}

}  // namespace ginnel
