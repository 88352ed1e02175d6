// SPDX-License-Identifier: Apache-2.0
#include "node/calendar/clock_rule.h"

#include <array>
#include <cstdio>
#include <utility>

namespace ginnel {
namespace {

using Unit = ClockRule::Unit;
using Form = ClockRule::Form;

// Longest first, so that "working day" is not read as "w...".
constexpr std::array<std::pair<std::string_view, Unit>, 6> units{{{"working day", Unit::working_days},
                                                                  {"school day", Unit::school_days},
                                                                  {"hour", Unit::hours},
                                                                  {"day", Unit::days},
                                                                  {"week", Unit::weeks},
                                                                  {"month", Unit::months}}};
constexpr std::string_view forms_there_are =
    "write it as `15 working days after strategy-discussion.held`, `72 hours after ...`, `3 months after ...`, `8 days "
    "counting ...`, `the same day as ...`, `by 17:00 of the next working day after ...`, `by ...` or `at once after "
    "...`";

tl::unexpected<Error> bad(std::string why) {
  return fail("bad-clock-rule", "cannot read the clock", std::move(why), std::string(forms_there_are));
}

// Words of a rule, with what is left of it for messages.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) { skip_spaces(); }

  bool take(std::string_view words) {
    std::string_view rest = text_;
    while (!words.empty()) {
      const auto end = words.find(' ');
      const std::string_view word = words.substr(0, end);
      if (!rest.starts_with(word)) return false;
      rest.remove_prefix(word.size());
      if (!rest.empty() && rest[0] != ' ' && rest[0] != ',') return false;
      while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
      words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
    }
    text_ = rest;
    return true;
  }
  bool take_comma() {
    if (!text_.starts_with(',')) return false;
    text_.remove_prefix(1);
    skip_spaces();
    return true;
  }
  std::string_view word() {
    const std::string_view found = peek();
    text_.remove_prefix(found.size());
    skip_spaces();
    return found;
  }
  std::string_view peek() const { return text_.substr(0, text_.find_first_of(" ,")); }
  bool at_end() const { return text_.empty(); }
  std::string rest() const { return at_end() ? std::string("the end") : "`" + std::string(text_) + "`"; }

 private:
  void skip_spaces() {
    while (!text_.empty() && text_[0] == ' ') text_.remove_prefix(1);
  }
  std::string_view text_;
};

std::optional<int> number_of(std::string_view word) {
  int number = 0;
  if (word.empty() || word.size() > 4) return std::nullopt;
  for (char c : word) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

Expected<Amount> read_amount(RuleReader& in) {
  Amount amount;
  const std::string word(in.word());
  auto count = number_of(word);
  if (!count || *count < 1 || *count > limits::clock_rule_count_max)
    return bad("`" + word + "` is no number from 1 to " + std::to_string(limits::clock_rule_count_max));
  amount.count = *count;
  for (const auto& [name, unit] : units)
    if (in.take(std::string(name) + "s") || in.take(name)) {
      amount.unit = unit;
      return amount;
    }
  return bad("after the number stands " + in.rest() + ", which begins with no unit");
}

std::optional<int> time_of_day(std::string_view word) {
  if (word.size() != 5 || word[2] != ':') return std::nullopt;
  auto hours = number_of(word.substr(0, 2)), minutes = number_of(word.substr(3));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

Expected<void> read_events(RuleReader& in, ClockRule& rule) {
  do {
    const std::string_view word = in.word();
    if (word.empty()) return bad("where an event should stand is " + in.rest());
    auto event = parse_event_name(word);
    if (!event) return tl::unexpected(event.error());
    for (const EventName& other : rule.events)
      if (other == *event) return bad("`" + event->text() + "` stands there twice");
    rule.events.push_back(std::move(*event));
    if (rule.events.size() > limits::clock_rule_events_max)
      return bad("there are more than " + std::to_string(limits::clock_rule_events_max) + " events");
  } while (in.take("or"));
  return {};
}

// "the same day as", "the next working day after": whether there was one.
bool read_day(RuleReader& in, ClockRule& rule) {
  if (in.take("the same day as") || in.take("same day as")) {
    rule.form = Form::same_day;
    return true;
  }
  for (DayKind kind : {DayKind::working, DayKind::ordinary, DayKind::school})
    if (in.take("the next " + std::string(words_for(kind)) + " after")) {
      rule.form = Form::next_day;
      rule.next = kind;
      return true;
    }
  return false;
}

Expected<void> read_form(RuleReader& in, ClockRule& rule) {
  if (in.take("at once after")) {
    rule.form = Form::at_once;
  } else if (in.take("by")) {
    if (auto time = time_of_day(in.peek())) {
      in.word();
      rule.at_minutes = *time;
      if (!in.take("of") || !read_day(in, rule))
        return bad("after the time stands " + in.rest() + ", not `of the same day as` or `of the next ... day after`");
    } else {
      rule.form = Form::by;
    }
  } else if (!read_day(in, rule)) {
    auto amount = read_amount(in);
    if (!amount) return tl::unexpected(amount.error());
    rule.count = amount->count;
    rule.unit = amount->unit;
    if (in.take("counting"))
      rule.form = Form::counting;
    else if (!in.take("after"))
      return bad("after the unit stands " + in.rest() + ", not `after` or `counting`");
    if (rule.form == Form::counting && (rule.unit == Unit::hours || rule.unit == Unit::months))
      return bad("`counting` counts days and weeks, not " + std::string(rule.unit == Unit::hours ? "hours" : "months"));
  }
  return {};
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string text_of_time(int minutes) { return two_digits(minutes / 60) + ":" + two_digits(minutes % 60); }

}  // namespace

bool is_event_word(std::string_view word) {
  if (word.empty() || word.size() > limits::event_part_bytes_max || word[0] < 'a' || word[0] > 'z') return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && (c != '-' || i + 1 == word.size() || word[i + 1] == '-')) return false;
  }
  return true;
}

Expected<EventName> parse_event_name(std::string_view text) {
  const auto dot = text.find('.');
  if (dot != std::string_view::npos && is_event_word(text.substr(0, dot)) && is_event_word(text.substr(dot + 1)))
    return EventName{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
  return bad("`" + std::string(text) + "` is no event: an event is STEP.EVENT, in lower case with hyphens");
}

Expected<ClockRule> parse_clock_rule(std::string_view text) {
  if (text.size() > limits::clock_rule_bytes_max)
    return bad("it is longer than " + std::to_string(limits::clock_rule_bytes_max) + " bytes");
  RuleReader in(text);
  ClockRule rule;
  if (auto read = read_form(in, rule); !read) return tl::unexpected(read.error());
  if (auto read = read_events(in, rule); !read) return tl::unexpected(read.error());
  if (in.take_comma()) {
    const bool runs_in_days =
        (rule.form == Form::after || rule.form == Form::counting) && rule.unit != Unit::hours && !rule.at_minutes;
    if (!in.take("or noon of the next ordinary day"))
      return bad("after the comma stands " + in.rest() + ", not `or noon of the next ordinary day`");
    if (!runs_in_days) return bad("only a clock of days can end at noon of the next ordinary day");
    rule.noon_of_next_ordinary = true;
  }
  if (!in.at_end()) return bad("after its events stands " + in.rest());
  return rule;
}

std::string Amount::text() const {
  for (const auto& [name, of] : units)
    if (of == unit) return std::to_string(count) + " " + std::string(name) + (count == 1 ? "" : "s");
  return {};
}

Expected<Amount> parse_amount(std::string_view text) {
  RuleReader in(text);
  auto amount = read_amount(in);
  if (amount && !in.at_end()) return bad("after the unit stands " + in.rest());
  return amount;
}

std::string ClockRule::text() const {
  std::string out = at_minutes ? "by " + text_of_time(*at_minutes) + " of " : "";
  switch (form) {
    case Form::after:
    case Form::counting:
      out += Amount{count, unit}.text() + (form == Form::after ? " after " : " counting ");
      break;
    case Form::same_day:
      out += "the same day as ";
      break;
    case Form::next_day:
      out += "the next " + std::string(words_for(next)) + " after ";
      break;
    case Form::by:
      out += "by ";
      break;
    case Form::at_once:
      out += "at once after ";
      break;
  }
  for (std::size_t i = 0; i < events.size(); ++i) out += (i ? " or " : "") + events[i].text();
  return out + (noon_of_next_ordinary ? ", or noon of the next ordinary day" : "");
}

}  // namespace ginnel
