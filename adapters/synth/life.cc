// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/life.h"

#include <algorithm>

namespace ginnel::synth {
namespace {

struct Period {
  Date from, to;
};

Date later(Date a, Date b) { return a < b ? b : a; }

// A day on which offices and schools are open.
Date weekday_in(Period period, Chance& chance) {
  int span = std::max(0, period.to.days() - period.from.days());
  Date day = days_after(period.from, chance.between(0, span));
  int over = day.weekday() - 5;
  return over > 0 ? days_before(day, over) : day;
}

Date any_day_in(Period period, Chance& chance) {
  return days_after(period.from, chance.between(0, std::max(0, period.to.days() - period.from.days())));
}

Date recorded_after(Date day, Date today, Chance& chance) {
  int days = chance.in_hundred(70) ? 0 : chance.between(1, 4);
  return std::min(days_after(day, days), today);
}

struct Saying {
  const char *code, *text, *outcome, *note;
};

Event event_of(const Saying& saying, Date day, Date today, const Worker& worker, Chance& chance) {
  Event event;
  event.code = saying.code;
  event.date = day;
  event.recorded = recorded_after(day, today, chance);
  event.text = saying.text;
  event.outcome = saying.outcome;
  event.note = saying.note;
  event.worker = worker;
  return event;
}

// -- social care

constexpr Saying contacts[] = {
    {"C", "school", "advice given", "School asked for advice about lateness."},
    {"C", "police", "no further action", ""},
    {"C", "health visitor", "passed to early help", "Health visitor reports low mood of a parent,\nsupport offered."},
    {"C", "housing", "no further action", "Rent arrears; \"notice to quit\" withdrawn."},
    {"C", "relative", "advice given", ""},
    {"R", "school", "assessment", "Disclosure in class, child listened to."},
    {"R", "hospital", "assessment", "Attended with unexplained bruise; paediatrician's view: consistent with account."},
    {"R", "police", "assessment", "Domestic incident with child present."},
    {"R", "GP", "no further action", ""}};
constexpr Saying case_events[] = {
    {"AS", "single assessment", "child in need plan", ""},
    {"AS", "single assessment", "no further action", "Parents worked with the assessment."},
    {"NT", "telephone call with parent", "", "Parent said things are calmer at home."},
    {"NT", "multi-agency meeting", "support continues", ""},
    {"VO", "direct work at school", "", "Said the best thing is football, the worst thing is shouting."},
    {"CL", "case closed", "needs met", ""},
    {"HH", "household at this address: parent and children", "", ""}};
constexpr Saying visits[] = {{"VI", "home visit", "seen alone", ""},
                             {"VI", "home visit", "seen with parent", "House warm, food in the kitchen."},
                             {"VI", "visit at school", "seen alone", ""},
                             {"VN", "home visit", "no answer at the door", ""}};

void live_social_care(Part& part, Period period, int most, Date today, Chance& chance) {
  Worker worker =
      make_worker(part.node, "Social worker", chance.in_hundred(50) ? "Assessment team" : "Locality team east", chance);
  Worker front_door = make_worker(part.node, "Duty social worker", "Front door", chance);
  int contact_count = chance.between(1, 3), case_count = chance.between(0, 2);
  int visit_count = std::max(0, most - contact_count - case_count - 1);
  for (int i = 0; i < contact_count; ++i) {
    const Saying& saying = chance.one_of(contacts);
    part.events.push_back(event_of(saying, weekday_in(period, chance), today, front_door, chance));
  }
  for (int i = 0; i < case_count; ++i) {
    const Saying& saying = chance.one_of(case_events);
    part.events.push_back(event_of(saying, weekday_in(period, chance), today, worker, chance));
  }
  for (int i = 0; i < visit_count; ++i) {
    const Saying& saying = chance.one_of(visits);
    part.events.push_back(event_of(saying, weekday_in(period, chance), today, worker, chance));
  }
  part.involvement.worker = worker;
}

// -- police

constexpr Saying occurrences[] = {
    {"INC", "anti-social behaviour near the home", "advice", ""},
    {"INC", "child found unattended in street, returned home", "referral to social care", ""},
    {"DOM", "verbal argument between adults, child in the house", "public protection notice", ""},
    {"DOM", "officers attended the home address", "no complaint made", ""},
    {"MIS", "reported missing, found at a friend's", "return interview offered", ""},
    {"OFF", "assault on an adult in the household", "under investigation", ""},
    {"ORD", "non-molestation order served", "in force", ""}};

void live_police(Part& part, Period period, int most, Date today, const std::string& parent_key, Chance& chance) {
  Worker officer = make_worker(part.node, "Police constable", "Safeguarding unit", chance);
  for (int i = 0; i < most; ++i) {
    const Saying& saying = chance.one_of(occurrences);
    Event event = event_of(saying, any_day_in(period, chance), today, officer, chance);
    event.minutes = chance.between(0, 24 * 60 - 1);
    if (event.code == "DOM") event.other_key = parent_key;
    part.events.push_back(std::move(event));
  }
  if (chance.in_hundred(8)) {
    static constexpr Saying graded{"INT", "report about an adult at the address", "", ""};
    Event event = event_of(graded, any_day_in(period, chance), today, officer, chance);
    bool conditions = chance.in_hundred(50);
    event.shield = conditions ? "2DC" : "2BP";
    if (conditions) event.outcome = "not to be shared without the originator";
    part.events.push_back(std::move(event));
  }
  part.involvement.worker = officer;
}

// -- health

constexpr Saying young_health[] = {{"HV", "health visitor contact at home", "no concerns", ""},
                                   {"DEV", "development review", "as expected for age", ""},
                                   {"AE", "fall from sofa", "discharged home", ""},
                                   {"AE", "fever", "discharged home", ""},
                                   {"PAED", "paediatric review", "follow up in 6 months", ""},
                                   {"PAED-N", "paediatric review", "appointment sent again", ""}};
constexpr Saying school_age_health[] = {{"SN", "school nurse contact", "advice given", ""},
                                        {"AE", "wrist injury at play", "fracture clinic", ""},
                                        {"AE", "abdominal pain", "discharged home", ""},
                                        {"PAED", "paediatric review", "follow up in 6 months", ""},
                                        {"PAED-N", "paediatric review", "second appointment sent", ""},
                                        {"DEN-N", "dental appointment", "", ""},
                                        {"MH", "emotional wellbeing appointment", "three further sessions", ""}};

void live_health(Part& part, Period period, int most, int age, Date today, const std::string& parent_key,
                 Chance& chance) {
  bool young = age < 5;
  Worker worker = make_worker(part.node, young ? "Health visitor" : "School nurse",
                              young ? "Health visiting" : "School nursing", chance);
  for (int i = 0; i < most; ++i) {
    const Saying& saying = young ? chance.one_of(young_health) : chance.one_of(school_age_health);
    Event event = event_of(saying, weekday_in(period, chance), today, worker, chance);
    event.minutes = chance.between(9 * 4, 17 * 4) * 15;
    part.events.push_back(std::move(event));
  }
  if (chance.in_hundred(4)) {
    static constexpr Saying parental{"PAR", "treatment of a parent", "", ""};
    Event event = event_of(parental, weekday_in(period, chance), today, worker, chance);
    event.other_key = parent_key;
    part.events.push_back(std::move(event));
  }
  part.involvement.worker = worker;
}

// -- education

constexpr const char* absence_codes[] = {"I", "M", "O", "O", "L", "U"};
constexpr Saying school_log[] = {
    {"SAF", "concern: tired and hungry in class", "parents spoken to", "Came without a coat twice."},
    {"SAF", "concern: unexplained bruise seen by teacher", "safeguarding lead told", ""},
    {"EXC", "suspension, two days", "returned", ""},
    {"SEN", "special educational needs review", "support continues", ""}};

Date school_day_in(Period period, Chance& chance) {
  Date day = weekday_in(period, chance);
  return day.month == 8 ? days_before(day, 42) : day;  // before the summer holiday
}

void live_education(Part& part, Period period, int most, Date today, Chance& chance) {
  static constexpr const char* terms[] = {"Autumn", "Spring", "Summer"};
  int log_count = chance.between(0, 2);
  for (int i = 0; i < std::max(0, most - log_count); ++i) {
    Event event;
    event.date = school_day_in(period, chance);
    event.recorded = event.date;
    if (i < 2) {
      event.code = "%";
      event.text = std::string(terms[event.date.month >= 9 ? 0 : event.date.month < 4 ? 1 : 2]) + " term";
      event.outcome = std::to_string(chance.between(71, 99));
    } else {
      event.code = chance.one_of(absence_codes);
    }
    part.events.push_back(std::move(event));
  }
  Worker lead{part.child.school.safeguarding_lead, "Safeguarding lead", part.child.school.name,
              part.child.school.telephone};
  for (int i = 0; i < log_count; ++i) {
    const Saying& saying = chance.one_of(school_log);
    part.events.push_back(event_of(saying, school_day_in(period, chance), today, lead, chance));
  }
  part.involvement.worker = lead;
}

// -- probation

constexpr Saying supervisions[] = {{"APPT", "supervision appointment", "attended", ""},
                                   {"APPT", "supervision appointment", "did not attend", ""},
                                   {"HV", "home visit", "children present", ""},
                                   {"ORDER", "community order made", "in force", ""}};

void live_probation(Part& part, Period period, int most, Date today, const std::string& adult_key, Chance& chance) {
  Worker officer = make_worker(part.node, "Probation officer", "Community team", chance);
  for (int i = 0; i < most; ++i) {
    const Saying& saying = chance.one_of(supervisions);
    Event event = event_of(saying, weekday_in(period, chance), today, officer, chance);
    event.other_key = adult_key;
    part.events.push_back(std::move(event));
  }
  part.involvement.worker = officer;
}

// -- a whole life

class Living {
 public:
  Living(const Family& family, const Somebody& child, Date today, Exports& exports, FaultDice& dice)
      : family_(family),
        child_(child),
        today_(today),
        exports_(exports),
        dice_(dice),
        chance_(dice.chance()),
        age_(age_on(child.birth, today)) {}

  std::vector<Part> run() {
    for (const Home& home : family_.homes) {
      if (family_.lived_there(child_, home)) at_home(home);
    }
    anywhere();
    if (parts_.empty()) social_care(family_.home(), 6);
    keep_within_limits();
    for (Part& part : parts_) finish(part);
    return std::move(parts_);
  }

 private:
  bool is_current(const Home& home) const { return !home.to.is_set(); }
  Period period_at(const Home& home) const {
    Date to = is_current(home) ? today_ : home.to;
    Date from = later(later(home.from, child_.birth), days_before(to, 900));
    return {std::min(from, to), to};
  }

  void at_home(const Home& home) {
    bool current = is_current(home);
    if (chance_.in_hundred(current ? 72 : 55))
      social_care(home, current ? chance_.between(3, 9) : chance_.between(2, 5));
    std::string health = health_of(home.district);
    if (!health.empty() && !has(health) && chance_.in_hundred(94)) {
      Part& part = add(health, "health", home);
      std::string mother = exports_.at(health)->key_of(family_.mother.id);
      live_health(part, period_at(home), current ? chance_.between(3, 7) : chance_.between(1, 3), age_, today_, mother,
                  chance_);
    }
    bool school_age = child_.birth.days() + 4 * 366 < period_at(home).to.days() && age_ < 17;
    if (home.district == District::bradford && !has("bradford-education") && school_age && chance_.in_hundred(96)) {
      Part& part = add("bradford-education", "education", home);
      part.child.school = school_for(current ? age_ : std::max(4, age_ - 3), chance_);
      Period period = period_at(home);
      period.from = later(period.from, days_after(child_.birth, 4 * 366));
      live_education(part, period, current ? chance_.between(6, 13) : chance_.between(2, 4), today_, chance_);
    }
  }

  void social_care(const Home& home, int most) {
    std::string node = social_care_of(home.district);
    if (has(node)) return;
    Part& part = add(node, "social_care", home);
    live_social_care(part, period_at(home), most, today_, chance_);
    AgencyExport& system = *exports_.at(node);
    system.key_of(family_.mother.id);
    if (family_.father) system.key_of(family_.father->id);
    if (family_.partner && is_current(home)) system.key_of(family_.partner->id);
  }

  // One police force, one probation service.
  void anywhere() {
    const Home& home = family_.home();
    if (chance_.in_hundred(42)) {
      Part& part = add("wy-police", "police", home);
      std::string mother = exports_.at("wy-police")->key_of(family_.mother.id);
      live_police(part, period_at(home), chance_.between(1, 4), today_, mother, chance_);
    }
    const Somebody* adult = family_.partner ? &*family_.partner : family_.father ? &*family_.father : nullptr;
    if (adult && chance_.in_hundred(8)) {
      Part& part = add("wy-probation", "probation", home);
      std::string key = exports_.at("wy-probation")->key_of(adult->id);
      live_probation(part, period_at(home), chance_.between(1, 3), today_, key, chance_);
    }
  }

  bool has(const std::string& node) const {
    return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) { return part.node == node; });
  }

  Part& add(const std::string& node, const std::string& kind, const Home& home) {
    Part part;
    part.node = node;
    bool moved_here = is_current(home) && family_.homes.size() > 1;
    const Home* old_home = moved_here ? &family_.homes[family_.homes.size() - 2] : nullptr;
    part.child = copy_with_mistakes({child_, home, &family_.mother, old_home}, kind, today_, dice_);
    part.child.key = exports_.at(node)->key_of(child_.id);
    bool knows_both = kind == "social_care" && old_home && part.child.home.street != old_home->street;
    if (knows_both) part.child.previous_home = *old_home;
    part.involvement.open = is_current(home);
    part.involvement.from = period_at(home).from;
    parts_.push_back(std::move(part));
    return parts_.back();
  }

  int records() const {
    int count = 0;
    for (const Part& part : parts_) count += part.records();
    return count;
  }

  void keep_within_limits() {
    while (records() > child_records_max) {
      auto longest = std::max_element(parts_.begin(), parts_.end(),
                                      [](const Part& a, const Part& b) { return a.events.size() < b.events.size(); });
      longest->events.pop_back();
    }
    int missing = child_records_min - records();
    if (missing > 0) tell_more(missing);
  }

  // Offices, wards and schools write more than police and probation do.
  void tell_more(int events) {
    auto by = std::find_if(parts_.begin(), parts_.end(),
                           [](const Part& part) { return part.node != "wy-police" && part.node != "wy-probation"; });
    if (by == parts_.end()) return social_care(family_.home(), events);
    Period period{later(child_.birth, days_before(today_, 600)), today_};
    Worker worker = by->involvement.worker;
    if (by->node.ends_with("-csc")) {
      live_social_care(*by, period, events + 1, today_, chance_);
    } else if (by->node.ends_with("-health")) {
      std::string mother = exports_.at(by->node)->key_of(family_.mother.id);
      live_health(*by, period, events, age_, today_, mother, chance_);
    } else {
      live_education(*by, period, events, today_, chance_);
    }
    by->involvement.worker = worker;
  }

  void finish(Part& part) const {
    std::stable_sort(part.events.begin(), part.events.end(),
                     [](const Event& a, const Event& b) { return a.date < b.date; });
    part.involvement.last_contact = part.events.empty() ? part.involvement.from : part.events.back().date;
  }

  const Family& family_;
  const Somebody& child_;
  const Date today_;
  Exports& exports_;
  FaultDice& dice_;
  Chance& chance_;
  const int age_;
  std::vector<Part> parts_;
};

}  // namespace

Worker make_worker(const std::string& node, const std::string& role, const std::string& team, Chance& chance) {
  return {make_worker_name(chance), role, team, telephone_of(node, team)};
}

std::vector<Part> live(const Family& family, const Somebody& child, Date today, Exports& exports, FaultDice& dice) {
  return Living(family, child, today, exports, dice).run();
}

std::optional<Part> live_unborn(const Family& family, Date today, Exports& exports, Chance& chance) {
  std::string node = social_care_of(family.home().district);
  AgencyExport& system = *exports.at(node);
  if (!system.holds(family.mother.id)) return std::nullopt;
  static constexpr Saying told{"R", "midwife", "assessment", "Booked late; earlier children known to us."};
  static constexpr Saying assessed{"AS", "pre-birth assessment", "support before the birth", ""};
  Part part;
  part.node = node;
  part.child = exact_copy(*family.unborn, family.home());
  part.child.is_unborn = true;
  part.child.key = system.key_of(family.unborn->id);
  part.child.faults = {Fault::unborn};
  Worker worker = make_worker(node, "Social worker", "Assessment team", chance);
  Period first{days_before(today, 60), days_before(today, 30)}, second{days_before(today, 20), today};
  part.events.push_back(event_of(told, weekday_in(first, chance), today, worker, chance));
  part.events.push_back(event_of(assessed, weekday_in(second, chance), today, worker, chance));
  part.involvement = {worker, part.events.front().date, part.events.back().date, true};
  return part;
}

}  // namespace ginnel::synth
