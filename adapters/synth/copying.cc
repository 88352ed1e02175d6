// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/copying.h"

#include <algorithm>
#include <optional>

namespace ginnel::synth {

namespace {

class Copying {
 public:
  Copying(PersonCopy& copy, FaultDice& dice) : copy_(copy), dice_(dice) {}

  // `change` is given the copy. A change that changes nothing was no fault.
  template <class Change>
  void maybe(Fault fault, bool can_have_it, const Change& change) {
    if (!can_have_it || !dice_.strikes(fault)) return;
    PersonCopy before = copy_;
    change(copy_);
    bool same_person = before.given == copy_.given && before.family == copy_.family && before.birth == copy_.birth &&
                       before.nhs_number == copy_.nhs_number && before.upn == copy_.upn;
    bool same_home = before.home.street == copy_.home.street && before.home.postcode == copy_.home.postcode;
    if (!same_person || !same_home) copy_.faults.push_back(fault);
  }

 private:
  PersonCopy& copy_;
  FaultDice& dice_;
};

bool has_diacritics(const PersonCopy& copy) {
  return in_plain_letters(copy.given) != copy.given || in_plain_letters(copy.family) != copy.family;
}

const char* title_of(const Somebody& somebody) {
  if (somebody.sex == Sex::female) return somebody.is_child ? "Miss " : "Mrs ";
  return somebody.is_child ? "Master " : "Mr ";
}

// 3 April as 4 March; nothing where there is no such day, or it is the same or yet to come.
std::optional<Date> day_month_swapped(Date day, Date today) {
  auto swapped = Date::of(day.year, day.day, day.month);
  return swapped && *swapped != day && *swapped <= today ? swapped : std::nullopt;
}

void mistake_names(Copying& copying, PersonCopy& copy, const CopySource& of, const std::string& kind, Date today,
                   Chance& chance) {
  const Somebody& who = of.somebody;
  bool is_baby = who.is_child && of.mother && days_after(who.birth, 365) > today;
  copying.maybe(Fault::given_other_spelling, true,
                [&](PersonCopy& it) { it.given = other_spelling(it.given, chance); });
  copying.maybe(Fault::family_other_spelling, true,
                [&](PersonCopy& it) { it.family = other_spelling(it.family, chance); });
  copying.maybe(Fault::name_before_change, !who.former_family.empty(),
                [&](PersonCopy& it) { it.family = who.former_family; });
  copying.maybe(Fault::masculine_form, copy.family.ends_with("ska") || copy.family.ends_with("cka"),
                [](PersonCopy& it) { it.family.back() = 'i'; });
  copying.maybe(Fault::hyphen_lost, copy.family.find('-') != std::string::npos,
                [&](PersonCopy& it) { it.family = without_hyphen(it.family, chance); });
  copying.maybe(Fault::letters_without_diacritics, kind != "health" && has_diacritics(copy), [](PersonCopy& it) {
    it.given = in_plain_letters(it.given);
    it.family = in_plain_letters(it.family);
  });
  copying.maybe(Fault::baby_of, is_baby && kind == "health",
                [&](PersonCopy& it) { it.given = "Baby of " + of.mother->given; });
  copying.maybe(Fault::name_with_title, true, [&](PersonCopy& it) { it.given = title_of(who) + it.given; });
  copying.maybe(Fault::names_swapped, true, [](PersonCopy& it) { std::swap(it.given, it.family); });
  copying.maybe(Fault::name_in_capitals, kind != "police", [](PersonCopy& it) {
    it.given = in_capitals(it.given);
    it.family = in_capitals(it.family);
  });
}

void mistake_numbers(Copying& copying, PersonCopy& copy, const std::string& kind) {
  bool has_upn = !copy.upn.empty() && (kind == "education" || kind == "social_care");
  copying.maybe(Fault::nhs_check_digit, !copy.nhs_number.empty(),
                [](PersonCopy& it) { it.nhs_number = with_wrong_check_digit(it.nhs_number); });
  copying.maybe(Fault::nhs_transposed, !copy.nhs_number.empty() && copy.faults.empty(),
                [](PersonCopy& it) { it.nhs_number = with_two_digits_swapped(it.nhs_number); });
  copying.maybe(Fault::nhs_placeholder, !copy.nhs_number.empty() && copy.faults.empty(),
                [](PersonCopy& it) { it.nhs_number = "9999999999"; });
  copying.maybe(Fault::upn_temporary, has_upn && kind == "education",
                [](PersonCopy& it) { it.upn = temporary_upn(it.upn); });
  copying.maybe(Fault::upn_check_letter, has_upn, [](PersonCopy& it) { it.upn = with_wrong_check_letter(it.upn); });
}

void mistake_the_rest(Copying& copying, PersonCopy& copy, const CopySource& of, Date today) {
  auto swapped = day_month_swapped(copy.birth, today);
  copying.maybe(Fault::day_month_swapped, swapped.has_value(), [&](PersonCopy& it) { it.birth = *swapped; });
  copying.maybe(Fault::birth_placeholder, true, [](PersonCopy& it) { it.birth = Date{1900, 1, 1}; });
  copying.maybe(Fault::birth_in_future, copy.birth.year > 1999 && copy.birth.year < 2099,
                [](PersonCopy& it) { it.birth = days_after(it.birth, 36 * 365 + 9); });
  copying.maybe(Fault::old_address, of.old_home != nullptr, [&](PersonCopy& it) { it.home = *of.old_home; });
  copying.maybe(Fault::no_postcode, true, [](PersonCopy& it) { it.home.postcode.clear(); });
  copying.maybe(Fault::postcode_zz99, !copy.home.postcode.empty(), [](PersonCopy& it) {
    it.home.street = "No fixed abode";
    it.home.postcode = "ZZ99 3VZ";
  });
  copying.maybe(Fault::postcode_cut, copy.home.postcode.size() > 5 && !copy.home.postcode.starts_with("ZZ"),
                [](PersonCopy& it) { it.home.postcode.pop_back(); });
}

}  // namespace

PersonCopy exact_copy(const Somebody& somebody, const Home& home) {
  PersonCopy copy;
  copy.id = somebody.id;
  copy.nhs_number = somebody.nhs_number;
  copy.upn = somebody.upn;
  copy.given = somebody.given;
  copy.family = somebody.family;
  copy.birth = somebody.birth;
  copy.sex = somebody.sex;
  copy.home = home;
  return copy;
}

PersonCopy copy_with_mistakes(const CopySource& of, const std::string& kind, Date today, FaultDice& dice) {
  PersonCopy copy = exact_copy(of.somebody, of.home);
  int has_number = kind == "health" ? 99 : kind == "social_care" ? 92 : kind == "education" ? 80 : 60;
  if (!dice.chance().in_hundred(has_number)) copy.nhs_number.clear();
  Copying copying(copy, dice);
  mistake_numbers(copying, copy, kind);
  mistake_names(copying, copy, of, kind, today, dice.chance());
  mistake_the_rest(copying, copy, of, today);
  return copy;
}

std::optional<PersonCopy> second_copy(const PersonCopy& first, Fault fault, Date today, Chance& chance) {
  bool is_flagged =
      std::any_of(first.faults.begin(), first.faults.end(), [](Fault one) { return kind_of(one).effect == "flagged"; });
  if (is_flagged) return std::nullopt;
  PersonCopy second = first;
  second.faults = {fault};
  if (fault == Fault::person_twice) {
    if (first.nhs_number.empty()) return std::nullopt;
    second.given = other_spelling(first.given, chance);
    return second;
  }
  auto swapped = day_month_swapped(first.birth, today);
  if (!swapped) return std::nullopt;
  second.birth = *swapped;
  second.nhs_number.clear();
  second.upn.clear();
  second.home = Home();
  return second;
}

}  // namespace ginnel::synth
