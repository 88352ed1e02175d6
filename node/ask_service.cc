// SPDX-License-Identifier: Apache-2.0
// The asks of other members: decided once, answered as often as they arrive.
#include "node/node.h"
#include "node/view/peer_ask.h"

namespace ginnel {

std::optional<Drop> Node::answer(const Message& message, Turn& turn) {
  const MemberId& from = message.header.from;
  auto ask = decode_ask(message.payload);
  if (!ask) return Drop::bad_payload;
  const AnswerEngine::Given* given = given_before(from, ask->id, turn);
  if (!given) {
    auto made = make_answer(from, *ask, turn);
    if (!made) {
      turn_error_ = made.error();
      return std::nullopt;
    }
    if (!ask->break_glass_reason.empty() && !made->person.empty() &&
        (!made->answer.items.empty() || !made->answer.withheld.empty())) {
      const Member* member = p_.book.find(from);
      auto opened = reviews_.break_glass_of(member ? member->name : from.text(), ask->id, made->person,
                                            ask->break_glass_reason, turn);
      if (!opened) {
        turn_error_ = opened.error();
        return std::nullopt;
      }
    }
    AnswerEngine::Given fresh;
    fresh.person = made->person;
    for (const auto& item : made->answer.items) fresh.told.push_back(item.record);
    fresh.tells_something = !made->answer.items.empty() || !made->answer.withheld.empty();
    for (const auto& page : paginate(made->answer))
      if (auto bytes = encode_answer(page)) fresh.pages.push_back(std::move(*bytes));
    // What it stands on cannot be said: it is made anew whenever it is asked for again.
    fresh.as_known_at = ask->as_known_at;
    fresh.standing = parts_.standing(fresh.person, fresh.told, turn, fresh.as_known_at).value_or(Hash{});
    answers_.keep(from, ask->id, std::move(fresh), turn.now());
    given = answers_.find(from, ask->id);
    ++asks_answered_;
  }
  if (given && !given->pages.empty()) reply_page(message, *given, 0, turn.now());
  return std::nullopt;
}

void Node::reply_page(const Message& to, const AnswerEngine::Given& given, std::size_t page, Instant now) {
  reply(to, Kind::answer, given.pages[page], now);
  // SECURITY: a child who is concealed takes longer to decide about than one whom nobody holds.
  if (!given.tells_something) outgoing_.back().not_before = now + limits::nothing_told_ms;
}

// SECURITY: nobody knows whether the first time arrived. What has been concealed, marked or taken back since is not
// given a second time: the ask is decided anew.
const AnswerEngine::Given* Node::given_before(const MemberId& from, const AskId& ask, Turn& turn) {
  const AnswerEngine::Given* given = answers_.find(from, ask);
  if (!given) return nullptr;
  const auto standing = parts_.standing(given->person, given->told, turn, given->as_known_at);
  if (standing && *standing == given->standing) return given;
  answers_.forget(from, ask);
  return nullptr;
}

std::optional<Drop> Node::answer_page(const Message& message, Turn& turn) {
  auto request = decode_page_request(message.payload);
  if (!request) return Drop::bad_payload;
  const AnswerEngine::Given* given = given_before(message.header.from, request->ask, turn);
  // Not remembered: the asker sends its ask again and gets a first page, whose count it goes on with.
  if (!given || request->page >= given->pages.size()) return Drop::unsolicited;
  reply_page(message, *given, request->page, turn.now());
  return std::nullopt;
}

Expected<MadePart> Node::make_answer(const MemberId& from, const Ask& ask, Turn& turn) {
  PartAsk part = part_ask_of(from, ask, p_.book, turn.now());
  part.access.in_shadow = settings_.in_shadow;
  const OwnPart own = own_part();
  const auto* about = std::get_if<Identity>(&ask.about);
  const auto refuse = [&](std::string code, std::string why, std::string remedy) {
    return parts_.refuse(part, {std::move(code), "", std::move(why), std::move(remedy)}, own, turn);
  };
  if (!is_good(p_.book.standing(from, ask.claims.purpose, turn.now())))
    return refuse("not-in-standing", "this member may not be served for this purpose now", "ring the agency");
  if (!about) return refuse("no-lookup", "this node gave out no handles", "ask by name");
  return parts_.make(part, own, turn);
}

}  // namespace ginnel
