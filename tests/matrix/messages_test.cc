// SPDX-License-Identifier: Apache-2.0
// What a node does with each kind of message by its sender's standing: messages.txt against production nodes.
#include "federation/wire/answer.h"
#include "federation/wire/ask.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/notice.h"
#include "tests/matrix/table.h"
#include "tests/node/node_for_tests.h"

namespace ginnel::matrix {
namespace {

constexpr Kind later_kind{60'000};

// Every kind that has a name, and one that a later version may have.
std::vector<Kind> all_kinds() {
  std::vector<Kind> out{later_kind};
  for (std::uint16_t number = 0; number < 1000; ++number)
    if (const Kind kind{number}; number == 0 || name_of(kind) != "unknown") out.push_back(kind);
  return out;
}
std::string word_of(Kind kind) {
  if (kind == later_kind) return "a-later-kind";
  return kind == Kind::none ? "none" : std::string(name_of(kind));
}

// A payload that its engine would take. A kind that gets an engine gets its sample here.
Bytes payload_of(Kind kind) {
  Ask ask = samples::ask_by_name();
  ask.claims.role = "practitioner";
  ask.claims.purpose = "first_contact";
  ask.claims.basis = "public_task";
  ask.break_glass_reason.clear();
  ask.as_known_at = {};
  ask.categories.clear();
  switch (kind) {
    case Kind::ask:
      return encode_ask(ask).value();
    case Kind::answer:
      return encode_answer(samples::answer()).value();
    case Kind::error:
      return encode_problem(samples::problem());
    case Kind::notice:
      return encode_notices({samples::notice()}).value();
    case Kind::page_request:
      return encode_page_request(samples::page_request());
    case Kind::file_request:
      return encode_file_request(samples::file_request());
    case Kind::file_page:
      return encode_file_page(samples::file_page());
    case Kind::transfer:
      return encode_transfer({TransferId(std::array<std::uint8_t, 16>{1}), {}, {}, true});
    case Kind::transfer_recall:
      return encode_recall();
    case Kind::transfer_recalled:
      return encode_recalled({});
    default:
      return {};
  }
}

// A member that writes to bradford-csc, and how.
struct Sender {
  std::string id = "leeds-csc";
  std::uint32_t key_number = 1;
  std::uint64_t from_incarnation = 1, to_incarnation = 1;
  std::function<void(samples::Members&)> arrange;
  bool suspended_here = false;
};

Sender sender(const std::string& standing) {
  Sender out;
  if (standing == "without-records")
    out.arrange = [](auto& members) { members.entry("leeds-csc").holds_records = false; };
  if (standing == "other-key") out.key_number = 7;
  if (standing == "suspended")
    out.arrange = [](auto& members) { members.entry("leeds-csc").suspended_since = noon + -hour_ms; };
  if (standing == "suspended-here") out.suspended_here = true;
  if (standing == "revoked")
    out.arrange = [](auto& members) { members.entry("leeds-csc").revoked_since = noon + -hour_ms; };
  if (standing == "unknown") out.id = "wy-icb";  // has keys, and is no member
  if (standing == "older") out.from_incarnation = 0;
  if (standing == "newer") out.from_incarnation = 2;
  if (standing == "for-older") out.to_incarnation = 0;
  return out;
}

class NoReplays : public ReplayWindow {
  bool seen(const MemberId&, const MessageId&) override { return false; }
  void remember(const Header&) override {}
};

// A node that gets messages from one sender.
class MessageTrial {
 public:
  explicit MessageTrial(const Sender& sender) : sender_(sender), t_(sender.arrange) {
    if (sender.suspended_here) t_.book->suspend(*MemberId::parse(sender.id));
  }

  std::string outcome_of(Kind kind) {
    Message message;
    message.header.from = *MemberId::parse(sender_.id);
    message.header.to = t_.settings.member;
    message.header.from_incarnation = sender_.from_incarnation;
    message.header.to_incarnation = sender_.to_incarnation;
    message.header.sent_at = t_.clock.at;
    message.header.expires = t_.clock.at + minute_ms;
    message.header.id = MessageId::make(t_.random);
    message.header.directory_version = t_.book->version();
    message.header.kind = kind;
    message.payload = kind == Kind::directory || kind == Kind::key_statement ? paper(kind)
                      : kind == Kind::receipt                                ? receipt()
                                                                             : payload_of(kind);
    const auto frame = seal_message(message, {t_.members.keys(sender_.id).signing, sender_.key_number});
    if (!frame) return "not sealed";
    const auto dropped = all_dropped();
    const auto size = t_.store->tree_head().size;
    t_.wires.sent.clear();
    t_.wires.waiting.push_back({message.header.from, *frame});
    t_.run();
    // What tells of nothing leaves at a moment set beforehand.
    t_.clock.at = t_.clock.at + limits::nothing_told_ms;
    t_.run();
    const auto now_dropped = all_dropped();
    for (std::size_t i = 0; i < drop_reasons; ++i)
      if (now_dropped[i] != dropped[i]) {
        EXPECT_TRUE(t_.wires.sent.empty()) << "replied to what it dropped";
        EXPECT_EQ(t_.store->tree_head().size, size) << "wrote down what it dropped";
        return std::string(name_of(Drop(i)));
      }
    return t_.wires.sent.empty() ? "taken" : reply(message);
  }

 private:
  // What this node holds already, so that taking it changes nothing.
  Bytes paper(Kind kind) const {
    if (kind == Kind::key_statement) return t_.book->signed_statements().front();
    return encode_directory_part(split_directory(t_.book->version(), t_.book->signed_directory()).front());
  }
  // A genuine one, for a notice that was never sent.
  Bytes receipt() {
    const Receipt receipt{*MemberId::parse("bradford-csc"),
                          *MemberId::parse(sender_.id),
                          t_.clock.at,
                          {{samples::id<NoticeId>(7), Outcome::taken}}};
    return sign_receipt(receipt, t_.members.keys(sender_.id).signing, 1).value();
  }
  std::vector<std::uint64_t> all_dropped() const {
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < drop_reasons; ++i) out.push_back(t_.node->dropped(Drop(i)));
    return out;
  }
  std::string reply(const Message& to) {
    NoReplays replays;
    EXPECT_EQ(t_.wires.sent.size(), 1u);
    auto reply = Opener(to.header.from, 1, *t_.book, replays).open(to.header.to, t_.wires.sent[0].bytes, t_.clock.at);
    if (!reply) return "unreadable reply";
    EXPECT_EQ(reply->header.correlation, to.header.id);
    if (reply->header.kind != Kind::error) return std::string(name_of(reply->header.kind));
    auto problem = decode_problem(reply->payload);
    return problem ? problem->code : "unreadable problem";
  }

  Sender sender_;
  NodeForTests t_;
};

TEST(Messages, are_answered_or_dropped_as_the_file_says) {
  const Table table = read_table("messages.txt");
  Observed observed(table.columns);
  for (const auto& standing : table.columns) {
    MessageTrial trial(sender(standing));
    for (const Kind kind : all_kinds()) observed.add({word_of(kind)}, standing, trial.outcome_of(kind));
  }
  expect_agreement(table, observed);
}

}  // namespace
}  // namespace ginnel::matrix
