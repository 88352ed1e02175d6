// SPDX-License-Identifier: Apache-2.0
// The asking side of a case view: asks peers in parallel, asks again until they answer, and puts pages together.
//
// Sans-I/O: start(), receive() and tick() take the time and give the messages to send; the caller seals and sends them
// after its commit. An ask keeps one id for its life while every transmission is a fresh message, so a resent ask is
// answered once (DESIGN 8).
//
// Thread: the loop. Ownership: plain values. Failure: what does not belong to an open ask is a Drop and changes
// nothing; a peer that answers nonsense harms its own part only. Limits: limits::ask_*.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/id.h"
#include "federation/wire/answer.h"
#include "federation/wire/ask.h"
#include "federation/wire/envelope.h"
#include "federation/wire/outgoing.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t ask_resend_ms_first = 400;          // doubles with every transmission ...
inline constexpr std::int64_t ask_resend_ms_max = 5 * second_ms;  // ... up to this
inline constexpr std::int64_t ask_message_life_ms = 30 * second_ms;
inline constexpr std::int64_t view_open_after_deadline_ms = 10 * minute_ms;  // late answers join until then
inline constexpr std::size_t ask_pages_in_flight_max = 4;
inline constexpr std::size_t asks_open_max = 4096;        // over all views of a node, not answered yet
inline constexpr std::size_t asks_known_max = 64 * 1024;  // those too that were answered, while late frames may come
inline constexpr std::size_t ask_messages_remembered_max = 16;  // per ask, to know what an error is about
}  // namespace limits

// One peer's whole part, or why there will be none.
struct PartArrived {
  ViewId view;
  MemberId from;
  Answer answer;  // pages merged; page and pages are 0 and 1
};

class AskEngine {
 public:
  explicit AskEngine(Random& random) : random_(random) {}

  // Begins one ask. Its deadline is in `ask`; it stays open limits::view_open_after_deadline_ms longer. `too-busy` when
  // limits::asks_open_max are open; `too-long` or `bad-text` if the ask cannot be encoded.
  Expected<void> start(const ViewId& view, const MemberId& to, const Ask& ask, Instant now);

  // An opened answer or problem from an authenticated member. Nothing: accepted (perhaps a page that was here already).
  std::optional<Drop> receive(const MemberId& from, const Answer& page, Instant now);
  std::optional<Drop> receive_problem(const MemberId& from, const MessageId& correlation, const Problem& problem,
                                      Instant now);

  // Sends again what was not answered, and closes what has been open long enough.
  void tick(Instant now);
  // What was to be sent again at a moment that is now further away than anybody meant goes out at the next tick.
  void clock_went_back(Instant now);

  // What the last calls gave; emptied by the taking.
  std::vector<Outgoing> take_outgoing();
  std::vector<PartArrived> take_parts();

  bool is_waiting(const ViewId& view) const;  // some ask of the view has no whole part yet
  void close(const ViewId& view);             // forgets the view's asks
  void clear();                               // forgets everything: a turn that was not kept may have begun some of it
  std::size_t open_asks() const { return asks_.size(); }  // the answered ones too, until they close
  // When tick() has something to do; nothing: when something arrives.
  std::optional<Instant> next_tick() const { return due_.empty() ? std::nullopt : std::optional(due_.begin()->first); }

 private:
  struct OpenAsk {
    ViewId view;
    MemberId to;
    Ask ask;
    Bytes payload;
    Instant closes, next_send;
    std::int64_t resend_ms = limits::ask_resend_ms_first;
    std::vector<std::optional<Answer>> pages;  // empty: none came yet
    std::vector<MessageId> sent;               // newest last
    Instant answered_at;                       // of the pages here
    bool is_stalled = false;                   // no page came since the missing ones were asked for
    bool whole = false;
    Instant due() const { return whole ? closes : std::min(closes, next_send); }
  };
  // INVARIANT: an ask stands in asks_, by_view_ and due_, or in none of them.
  void add(const AskId& id, OpenAsk open);
  void erase(const AskId& id);
  // Changes what an ask waits for, and with it when it is looked at again.
  template <class Change>
  void change(const AskId& id, OpenAsk& open, Change how) {
    due_.erase({open.due(), id});
    how();
    due_.insert({open.due(), id});
  }
  void send_again(OpenAsk& open, Instant now);
  void send_ask(OpenAsk& open, Instant now);
  void ask_for_missing_pages(OpenAsk& open, Instant now);
  void ask_for_page(OpenAsk& open, std::size_t page, Instant now);
  void wait_longer(OpenAsk& open, Instant now);
  void push(OpenAsk& open, Kind kind, Bytes payload, Instant now);
  void finish(OpenAsk& open, Answer answer);

  Random& random_;
  std::map<AskId, OpenAsk> asks_;
  std::map<ViewId, std::vector<AskId>> by_view_;
  std::set<std::pair<Instant, AskId>> due_;
  std::size_t unanswered_ = 0;
  std::vector<Outgoing> outgoing_;
  std::vector<PartArrived> parts_;
};

}  // namespace ginnel
