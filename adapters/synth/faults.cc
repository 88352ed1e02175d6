// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/faults.h"

#include "federation/record/upn.h"

namespace ginnel {
namespace {

constexpr const char *person = "person's row", *family = "family", *event = "event's row";
constexpr const char *none = "none", *flagged = "flagged", *rejected = "rejected", *linked = "linked", *ask = "ask";

// In the order of synth::Fault.
const std::vector<SynthFaultKind>& table() {
  static const std::vector<SynthFaultKind> kinds = {
      {"given-other-spelling", 60, person, none, "Muhammad for Mohammed, Ayesha for Aisha, Md. for Mohammed"},
      {"family-other-spelling", 40, person, none, "Hussein for Hussain, Begam for Begum, Sutcliff for Sutcliffe"},
      {"letters-without-diacritics", 500, person, none, "Lukasz for Łukasz, where there are diacritics; not in health"},
      {"masculine-form", 150, person, none, "Kowalski for Kowalska"},
      {"hyphen-lost", 200, person, none, "Ellis Wood or Wood for Ellis-Wood"},
      {"names-swapped", 10, person, none, "the given name stands in the surname's column"},
      {"name-in-capitals", 30, person, none, "AISHA KHAN; the police write everybody so"},
      {"name-with-title", 10, person, none, "Mrs Aisha, Master Jack"},
      {"baby-of", 400, person, none, "Baby of Leanne, for children under one, in health"},
      {"name-before-change", 300, person, none, "the surname before the mother's marriage or its end"},
      {"day-month-swapped", 15, person, none, "04/03/2016 for 03/04/2016"},
      {"birth-placeholder", 4, person, flagged, "born on 01/01/1900"},
      {"birth-in-future", 3, person, flagged, "born in 2062"},
      {"old-address", 60, person, none, "where the family moved; the agency does not know"},
      {"no-postcode", 20, person, none, ""},
      {"postcode-zz99", 8, person, none, "ZZ99 3VZ, no fixed abode"},
      {"postcode-cut", 5, person, flagged, "BD5 9T"},
      {"nhs-check-digit", 10, person, flagged, "the last digit is another one"},
      {"nhs-transposed", 5, person, flagged, "two neighbouring digits have changed places"},
      {"nhs-placeholder", 3, person, flagged, "9999999999, which passes the check"},
      {"upn-check-letter", 10, person, flagged, "the first letter is another one"},
      {"upn-temporary", 20, person, none, "a letter last, until the old school's number is known"},
      {"person-twice", 8, person, linked, "a second key with the same NHS number and another spelling"},
      {"person-twice-unsure", 5, person, ask, "a second key with no number, no address, day and month swapped"},
      {"twins", 25, family, none, "two children, one birth date, one surname, one address"},
      {"unborn", 12, family, none, "under the mother, with an expected date of birth"},
      {"row-twice", 8, event, none, "the same row exported twice"},
      {"key-twice", 3, event, rejected, "the same key with another date"},
      {"event-in-future", 4, event, flagged, "2062 for 2026: recorded before it occurred"},
      {"recorded-other-form", 5, event, flagged, "the date of recording in another form of dates"},
      {"unreadable-date", 15, event, rejected, "31/02/2026"},
      {"other-date-form", 5, event, rejected, "the date in another form than the rest of the file"},
      {"short-row", 10, event, rejected, "the last two fields are missing"},
      {"extra-delimiter", 5, event, rejected, "an unquoted comma within a field"},
      {"stray-quote", 5, event, rejected, "a quote that is never closed"},
      {"wrong-encoding", 5, event, rejected, "a byte of Windows-1252 in a UTF-8 file"}};
  return kinds;
}

}  // namespace

const std::vector<SynthFaultKind>& synth_fault_kinds() { return table(); }

namespace synth {

const SynthFaultKind& kind_of(Fault fault) { return table()[std::size_t(fault)]; }

std::string with_wrong_check_digit(std::string nhs_number) {
  char& last = nhs_number.back();
  last = last == '9' ? '0' : char(last + 1);
  return nhs_number;
}

// Weights of neighbours differ by one, so that no such change passes the check; neighbours alike are left for the next.
std::string with_two_digits_swapped(std::string nhs_number) {
  for (std::size_t i = 4; i + 1 < nhs_number.size(); ++i) {
    if (nhs_number[i] == nhs_number[i + 1]) continue;
    std::swap(nhs_number[i], nhs_number[i + 1]);
    return nhs_number;
  }
  return with_wrong_check_digit(std::move(nhs_number));
}

std::string with_wrong_check_letter(std::string upn) {
  upn.front() = upn.front() == 'A' ? 'B' : 'A';
  return upn;
}

std::string temporary_upn(const std::string& upn) {
  std::string twelve = upn.substr(1);
  twelve.back() = "ABCDEFGHJK"[twelve.back() - '0'];  // a letter for each digit: nobody else gets the same
  auto letter = upn_check_letter(twelve);
  return letter ? *letter + twelve : upn;
}

}  // namespace synth
}  // namespace ginnel
