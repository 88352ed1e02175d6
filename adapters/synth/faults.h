// SPDX-License-Identifier: Apache-2.0
// The faults of real files: which there are, how often each comes, and what an import should make of it.
//
// The frequencies stand in one table (synth_fault_kinds, synth.h) and nowhere else. They are judged by hand, from what
// people who read such files tell; no published figure stands behind them.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/synth/chance.h"
#include "adapters/synth/synth.h"

namespace ginnel::synth {

// In the order of the table.
enum class Fault : std::uint8_t {
  // -- of a person's row
  given_other_spelling,
  family_other_spelling,
  letters_without_diacritics,
  masculine_form,
  hyphen_lost,
  names_swapped,
  name_in_capitals,
  name_with_title,
  baby_of,
  name_before_change,
  day_month_swapped,
  birth_placeholder,
  birth_in_future,
  old_address,
  no_postcode,
  postcode_zz99,
  postcode_cut,
  nhs_check_digit,
  nhs_transposed,
  nhs_placeholder,
  upn_check_letter,
  upn_temporary,
  person_twice,
  person_twice_unsure,
  // -- of a family
  twins,
  unborn,
  // -- of an event's row
  row_twice,
  key_twice,
  event_in_future,
  recorded_other_form,
  unreadable_date,
  other_date_form,
  short_row,
  extra_delimiter,
  stray_quote,
  wrong_encoding,
  count
};

const SynthFaultKind& kind_of(Fault fault);

// Whether a fault strikes. Without `on` none ever does.
class FaultDice {
 public:
  FaultDice(bool on, Chance& chance) : on_(on), chance_(chance) {}
  bool strikes(Fault fault) { return on_ && chance_.in_thousand(kind_of(fault).per_thousand); }
  Chance& chance() { return chance_; }

 private:
  bool on_;
  Chance& chance_;
};

// A number whose check fails: the last digit is another one, or two neighbours changed places.
std::string with_wrong_check_digit(std::string nhs_number);
std::string with_two_digits_swapped(std::string nhs_number);
std::string with_wrong_check_letter(std::string upn);
std::string temporary_upn(const std::string& upn);

}  // namespace ginnel::synth
