// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/answer.h"

#include "federation/wire/item_codec.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_answer{"bad-payload", "cannot read an answer"};
constexpr std::array<std::string_view, part_statuses> status_names = {
    "unknown", "answered", "withheld", "refused", "not-known", "not-asked", "silent", "out-of-date"};

void check_withheld(const Withheld& withheld, codec::Checker& check) {
  check.word(withheld.category, "withheld.category");
  check.require(withheld.count > 0, "withheld.count", "is zero");
  check.text(withheld.reason, limits::line_bytes_max, "withheld.reason");
  check.text(withheld.ask, limits::line_bytes_max, "withheld.ask");
  check.text(withheld.policy_title, limits::line_bytes_max, "withheld.policyTitle");
}

// What a status says must be what the part holds: a view words each by its status alone.
void check_status(const Answer& answer, codec::Checker& check) {
  const auto is = [&](auto... statuses) { return ((answer.status == statuses) || ...); };
  using enum PartStatus;
  check.require(may_travel(answer.status), "status", "is only an asker's to give");
  check.require(answer.items.empty() || is(answered, out_of_date), "items", "do not go with the status");
  const bool tells = is(answered, withheld, out_of_date);
  check.require(answer.withheld.empty() || tells, "withheld", "does not go with the status");
  check.require(answer.markings.empty() || tells, "markings", "do not go with the status");
  check.require(!is(withheld) || !answer.withheld.empty(), "withheld", "is empty, and so says the status nothing");
  check.require(!is(refused, unknown, out_of_date) || !answer.reason.empty(), "reason", "is missing");
  check.require(!is(not_known) || answer.reason.empty(), "reason", "does not go with the status");
}

void check_answer(const Answer& answer, codec::Checker& check) {
  check.require(!answer.ask.empty(), "ask", "is empty");
  check.require(answer.pages > 0 && answer.pages <= limits::answer_pages_max && answer.page < answer.pages, "page",
                "is not one of the pages");
  check_status(answer, check);
  codec::check_problem(answer.reason, check);
  codec::check_contact(answer.contact, check);
  check.instant(answer.data_to, "dataTo");
  check.instant(answer.answered_at, "answeredAt", codec::Empty::refused);
  check.count(answer.items.size(), limits::answer_items_max, "items");
  for (const auto& item : answer.items) codec::check_item(item, check);
  check.count(answer.withheld.size(), limits::answer_withheld_max, "withheld");
  for (const auto& withheld : answer.withheld) check_withheld(withheld, check);
  check.words(answer.markings, limits::markings_max, "markings");
  check.word(answer.basis, "basis", codec::Empty::allowed);
}

void write_withheld(const std::vector<Withheld>& values, capnp::List<wire::Withheld>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setCategory(codec::text_of(values[i].category));
    to[i].setCount(values[i].count);
    to[i].setReason(codec::text_of(values[i].reason));
    to[i].setAsk(codec::text_of(values[i].ask));
    to[i].setPolicyTitle(codec::text_of(values[i].policy_title));
  }
}

Withheld read_withheld(wire::Withheld::Reader from) {
  return Withheld{codec::string_of(from.getCategory()), from.getCount(), codec::string_of(from.getReason()),
                  codec::string_of(from.getAsk()), codec::string_of(from.getPolicyTitle())};
}

std::size_t page_bytes_at_most(const Answer& answer) {
  std::size_t bytes = 8192 + 2 * limits::name_bytes_max;  // reason, contact and what is fixed
  for (const auto& item : answer.items) bytes += codec::item_bytes_at_most(item);
  for (const auto& withheld : answer.withheld)
    bytes += withheld.reason.size() + withheld.ask.size() + withheld.policy_title.size() + 192;
  return bytes + answer.markings.size() * (limits::word_bytes_max + 16);
}

Bytes encode_unchecked(const Answer& answer) {
  return codec::encode_as<wire::Answer>(page_bytes_at_most(answer), [&](wire::Answer::Builder to) {
    to.setAsk(codec::data_of(answer.ask));
    to.setPage(answer.page);
    to.setPages(answer.pages);
    to.setStatus(static_cast<wire::PartStatus>(answer.status));
    if (!answer.reason.empty()) codec::write_problem(answer.reason, to.initReason());
    codec::write_contact(answer.contact, to.initContact());
    to.setDataTo(answer.data_to.ms);
    to.setAnsweredAt(answer.answered_at.ms);
    // An empty list would take a word, and a not-known answer has none to spare (envelope_test.cc).
    if (!answer.items.empty()) {
      auto items = to.initItems(capnp::uint(answer.items.size()));
      for (capnp::uint i = 0; i < items.size(); ++i) codec::write_item(answer.items[i], items[i]);
    }
    if (!answer.withheld.empty()) write_withheld(answer.withheld, to.initWithheld(capnp::uint(answer.withheld.size())));
    codec::write_words(answer.markings, to.initMarkings(capnp::uint(answer.markings.size())));
    codec::write_bundle(answer.bundle, to.initBundle());
    to.setBasis(codec::text_of(answer.basis));
  });
}

// What an item adds to the encoding of the page that it stands on.
std::size_t item_bytes(const Item& item) {
  constexpr std::size_t framing_bytes = 16;  // segment table and root pointer, which a list element has not
  const auto encoded = codec::encode_as<wire::Item>(codec::item_bytes_at_most(item),
                                                    [&](wire::Item::Builder to) { codec::write_item(item, to); });
  return encoded.size() - framing_bytes;
}

bool is_sendable(const Item& item) {
  codec::Checker check;
  codec::check_item(item, check);
  return check.good();
}

std::string whom_to_ask(const Contact& contact) {
  std::string out = contact.name;
  for (const auto* part : {&contact.team, &contact.phone})
    if (!part->empty()) out += (out.empty() ? "" : ", ") + *part;
  return out.size() <= limits::line_bytes_max ? out : contact.phone;
}

// Splits a part into pages. Items that cannot be sent are counted as withheld: silence never reads as safety.
class Paginator {
 public:
  Paginator(Answer answer, std::size_t page_bytes_max) : whole_(std::move(answer)), page_bytes_max_(page_bytes_max) {
    items_ = std::move(whole_.items);
    whole_.items.clear();
    for (const auto& item : items_) sizes_.push_back(item_bytes(item));
    kept_.assign(items_.size(), true);
  }

  std::vector<Answer> pages() {
    leave_out_what_cannot_travel();
    // Leaving out adds to the first page, so it may leave less room; each round leaves out more, so it ends.
    while (!lay_out()) {
    }
    return std::move(pages_);
  }

 private:
  // A page without items: the first has everything else, later ones what identifies the part.
  Answer bare_page(std::size_t number) const {
    Answer page = whole_;
    page.page = std::uint32_t(number);
    if (number > 0) {
      page.withheld.clear();
      page.markings.clear();
    }
    return page;
  }
  std::size_t room_on(std::size_t number) const {
    constexpr std::size_t list_tag_bytes = 8;
    const Answer page = bare_page(number);
    const std::size_t bare = encode_unchecked(page).size() + list_tag_bytes;
    return bare < page_bytes_max_ ? page_bytes_max_ - bare : 0;
  }

  void leave_out_what_cannot_travel() {
    const std::size_t room = room_on(1);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (sizes_[i] > room) {
        leave_out(i, "too long for a page");
      } else if (!is_sendable(items_[i])) {
        leave_out(i, "cannot be sent as its source wrote it");
      }
    }
  }

  void leave_out(std::size_t at, const std::string& why) {
    kept_[at] = false;
    // A category that is not a word is one of the reasons why an item cannot be sent.
    const std::string category = codec::is_word(items_[at].category()) ? items_[at].category() : "unsorted";
    const std::string reason = why + "; ring to hear it";
    for (auto& withheld : whole_.withheld) {
      if (withheld.category == category && withheld.reason == reason) {
        ++withheld.count;
        return;
      }
    }
    if (whole_.withheld.size() < limits::answer_withheld_max) {
      whole_.withheld.push_back({category, 1, reason, whom_to_ask(whole_.contact), ""});
    } else {
      ++whole_.withheld.back().count;  // a count under the wrong heading is better than one that is lost
    }
  }

  bool lay_out() {
    pages_.clear();
    pages_.push_back(bare_page(0));
    std::size_t room = room_on(0);
    const std::size_t room_later = room_on(1);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!kept_[i]) continue;
      if (sizes_[i] > room || pages_.back().items.size() == limits::answer_items_max) {
        if (pages_.size() == limits::answer_pages_max) {
          for (std::size_t k = i; k < items_.size(); ++k)
            if (kept_[k]) leave_out(k, "too much for one answer");
          return false;
        }
        pages_.push_back(bare_page(pages_.size()));
        room = room_later;
      }
      pages_.back().items.push_back(items_[i]);
      room -= sizes_[i];
    }
    for (auto& page : pages_) page.pages = std::uint32_t(pages_.size());
    return true;
  }

  Answer whole_;  // without its items
  std::size_t page_bytes_max_;
  std::vector<Item> items_;
  std::vector<std::size_t> sizes_;
  std::vector<bool> kept_;
  std::vector<Answer> pages_;
};

}  // namespace

std::string_view name_of(PartStatus status) {
  const auto at = static_cast<std::size_t>(status);
  return at < part_statuses ? status_names[at] : "unknown";
}

std::optional<PartStatus> part_status_from(std::string_view name) {
  for (std::size_t i = 0; i < part_statuses; ++i)
    if (status_names[i] == name) return static_cast<PartStatus>(i);
  return std::nullopt;
}

bool may_travel(PartStatus status) {
  return static_cast<std::size_t>(status) < part_statuses && status != PartStatus::not_asked &&
         status != PartStatus::silent;
}

Answer not_known_answer(const AskId& ask, const Contact& duty, Instant data_to, Instant answered_at,
                        const BundleRef& bundle, const std::string& basis) {
  Answer answer;
  answer.ask = ask;
  answer.status = PartStatus::not_known;
  answer.contact = duty;
  answer.data_to = data_to;
  answer.answered_at = answered_at;
  answer.bundle = bundle;
  answer.basis = basis;
  return answer;
}

std::vector<Answer> paginate(Answer answer, std::size_t page_bytes_max) {
  const bool is_one_page = page_bytes_at_most(answer) <= page_bytes_max &&
                           answer.items.size() <= limits::answer_items_max &&
                           std::all_of(answer.items.begin(), answer.items.end(), is_sendable);
  if (!is_one_page) return Paginator(std::move(answer), page_bytes_max).pages();
  answer.page = 0;
  answer.pages = 1;
  return {std::move(answer)};
}

Expected<Bytes> encode_answer(const Answer& answer) {
  codec::Checker check;
  check_answer(answer, check);
  if (!check.good()) return tl::unexpected<Error>(check.error("cannot send an answer"));
  return encode_unchecked(answer);
}

Expected<Answer> decode_answer(ByteView payload) {
  return codec::decode_as<wire::Answer, Answer>(
      payload, limits::payload_bytes_max, bad_answer, [](wire::Answer::Reader from, codec::Checker& check) {
        Answer answer;
        answer.ask = check.id<AskId>(from.getAsk(), "ask");
        answer.page = from.getPage();
        answer.pages = from.getPages();
        answer.status = check.closed(from.getStatus(), PartStatus::out_of_date, "status");
        answer.reason = codec::read_problem(from.getReason());
        answer.contact = codec::read_contact(from.getContact());
        answer.data_to = {from.getDataTo()};
        answer.answered_at = {from.getAnsweredAt()};
        if (check.walk(from.getItems(), limits::answer_items_max, "items")) {
          answer.items.reserve(from.getItems().size());
          for (auto item : from.getItems()) answer.items.push_back(codec::read_item(item, check));
        }
        if (check.walk(from.getWithheld(), limits::answer_withheld_max, "withheld"))
          for (auto withheld : from.getWithheld()) answer.withheld.push_back(read_withheld(withheld));
        answer.markings = check.read_words(from.getMarkings(), limits::markings_max, "markings");
        answer.bundle = codec::read_bundle(from.getBundle(), check);
        answer.basis = codec::string_of(from.getBasis());
        check_answer(answer, check);
        return answer;
      });
}

}  // namespace ginnel
