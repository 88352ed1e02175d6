// SPDX-License-Identifier: Apache-2.0
// An answer that goes on: server-sent events, from any thread to one connection.
//
//   maker: send(), send(), close()        connection: attach(), take() ... until is_done(), end()
//
// Thread: any. Ownership: the answer, then the connection, hold it; a maker holds a weak_ptr, so that what nobody reads
// is forgotten. Failure: a reader that lets more than limits::http_stream_events_max events wait is given up.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "node/web/limits.h"

namespace ginnel {

// One event as it goes over the wire. CHECKs that no part of it has a line end.
std::string event_text(std::string_view id, std::string_view name, std::string_view data);

class EventStream {
 public:
  // False: it is over, or this reader is too slow, which ends it.
  bool send(const std::string& event);
  // No more will be sent; what waits still goes out.
  void close();
  bool is_over() const;  // ended by the connection's side, or given up

  // The connection's side. `wake` is called from the maker's thread whenever there is something to do.
  void attach(std::function<void()> wake);
  std::string take();    // all that waits
  bool is_done() const;  // nothing waits and nothing will come
  void end();            // `wake` is not called any more

 private:
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::string waiting_;
  std::size_t events_ = 0;  // in waiting_
  bool is_closed_ = false, is_over_ = false;
};

}  // namespace ginnel
