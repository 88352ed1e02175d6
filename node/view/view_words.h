// SPDX-License-Identifier: Apache-2.0
// A case view in sentences: what page and terminal say alike, so that neither makes silence read as safety (promise 5).
//
// Thread: any; pure. What comes from peers is passed through as it is: whoever shows it escapes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/view/case_view.h"

namespace ginnel {

// Somebody to ring, made from the authors of what was shown and from each agency's own contact.
struct Involvement {
  std::string role, name, agency_name, phone;
  MemberId agency;
  When last_contact;  // of the newest item behind this row; not set: nothing with a date was shown
};

// Newest contact first. Agencies that answered something have a row, the others have none: being asked is not being
// involved. At most `authors_per_agency` rows each.
std::vector<Involvement> who_is_involved(const CaseView& view, std::size_t authors_per_agency);

// Null: it was not in the view's scope.
const ViewPart* part_of(const CaseView& view, const MemberId& agency);

// As the view's part calls it, or its id.
std::string name_of_agency(const CaseView& view, const MemberId& agency);

// "S. Tester, health visitor, 01632 960107"; empty if nobody is named.
std::string for_people(const Author& author);
// The member with whose file, when it handed a lead on, a record of this source came; empty: it came in no such file.
std::string given_by_of(std::string_view source_system);

// "answered", "not known", "out of date".
std::string words_of(PartStatus status);

// What the status means, with the part's own reason, without the agency's name: "holds nothing that it may tell you".
std::string meaning_of(const ViewPart& part);

// When to ring the agency: "if you are worried, ring"; empty where there is no need.
std::string advice_for(PartStatus status);

// Both as one sentence: "holds nothing that it may tell you; if you are worried, ring it".
std::string explain(const ViewPart& part);

// "Named nurse, 01632 960107"; empty if nothing is known.
std::string for_people(const ViewContact& contact);

// "recorded same day", "recorded 9 Nov 2026"; empty where the source did not say.
std::string recorded_note(const ViewItem& item);

// "education", or the member's id where two agencies of that kind are in the view.
std::string source_label(const CaseView& view, const ViewItem& item);

// "Complete." or "Incomplete: 1 agency silent, 2 unknown."
std::string completeness(const CaseView& view);

// "cv-7f3k0a1b": enough to say on the telephone; links and calls use the whole id.
std::string short_name(const ViewId& id);

// "TESTER, Aisha", "TESTER", or "a child" where no name is known.
std::string child_name(const CaseView& view);

// The agencies without which the view is not complete, silent ones first: whom to ring before anything is concluded.
std::vector<const ViewPart*> missing_parts(const CaseView& view);

// How many agencies gave each status, what is missing first. Statuses that nobody gave are left out.
struct StatusCount {
  PartStatus status = PartStatus::unknown;
  std::size_t count = 0;
};
std::vector<StatusCount> at_a_glance(const CaseView& view);

// Whether it is what the child said: shown before what others wrote about them.
bool is_childs_voice(const ViewItem& item);

// When it was recorded at the source and received by the holder's node: "recorded 9 Nov 2026; reached its node 10 Nov
// 2026 02:00". What was not told is said to be so. The other two times are the entry's own date and the view's.
std::string times_note(const ViewItem& item);

// Whether the child is of the reader's caseload, and what follows from it.
std::string_view caseload_note(const CaseView& view);

// Sentences for a view in which something is empty (promise 5).
std::string_view not_known_note();
std::string_view nobody_involved_note();
std::string_view nothing_shown_note();

// "18 of 21 entries": shown and the sum of shown and withheld.
std::string entries_note(const CaseView& view);

// An item's fields as people read them; of how a process stands, in sentences as they are at that moment.
std::vector<Field> fields_for_people(const ViewItem& item, Instant now);

// "health_attendance" -> "health attendance".
std::string without_hyphens(std::string_view word);  // "not-known" -> "not known"
std::string spaced(std::string_view word);

}  // namespace ginnel
