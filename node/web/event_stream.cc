// SPDX-License-Identifier: Apache-2.0
#include "node/web/event_stream.h"

#include <utility>

#include "federation/base/check.h"

namespace ginnel {

std::string event_text(std::string_view id, std::string_view name, std::string_view data) {
  for (auto part : {id, name, data}) CHECK(part.find_first_of("\r\n") == part.npos);
  return "id: " + std::string(id) + "\nevent: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n";
}

bool EventStream::send(const std::string& event) {
  std::lock_guard lock(mutex_);
  if (is_over_ || is_closed_) return false;
  if (events_ >= limits::http_stream_events_max) {
    is_over_ = true;
  } else {
    waiting_ += event;
    ++events_;
  }
  if (wake_) wake_();
  return !is_over_;
}

void EventStream::close() {
  std::lock_guard lock(mutex_);
  is_closed_ = true;
  if (wake_) wake_();
}

bool EventStream::is_over() const {
  std::lock_guard lock(mutex_);
  return is_over_;
}

void EventStream::attach(std::function<void()> wake) {
  std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::string EventStream::take() {
  std::lock_guard lock(mutex_);
  events_ = 0;
  return std::exchange(waiting_, {});
}

bool EventStream::is_done() const {
  std::lock_guard lock(mutex_);
  return is_over_ || (is_closed_ && waiting_.empty());
}

void EventStream::end() {
  std::lock_guard lock(mutex_);
  is_over_ = true;
  wake_ = nullptr;
}

}  // namespace ginnel
