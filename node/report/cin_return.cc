// SPDX-License-Identifier: Apache-2.0
#include "node/report/cin_return.h"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/date_form.h"
#include "federation/record/upn.h"

namespace ginnel {
namespace {

using statutory::EventSpec;
using statutory::FieldSpec;
using statutory::Format;

// An event of the child, with what its record says of it.
struct Event {
  const EventSpec* spec;
  Date day;
  const Record* record;
};

bool names_element(const FieldSpec& field, std::string_view element) {
  return std::any_of(field.from.begin(), field.from.end(), [&](const std::string& path) {
    auto slash = path.rfind('/');
    return std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1) == element;
  });
}

// "20 Jun 2023", as the reader wrote it for people.
Date date_for_people(const std::string& text) {
  static const DateForm form = *DateForm::parse("DD MON YYYY");
  auto read = form.read(text.size() > 1 && text[1] == ' ' ? "0" + text : text);
  return read ? read->date : Date();
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= text.size();) {
    auto to = text.find("; ", from);
    out.push_back(text.substr(from, to == std::string::npos ? to : to - from));
    if (to == std::string::npos) break;
    from = to + 2;
  }
  return out;
}

class Making {
 public:
  Making(const ReturnIdentity& who, const std::vector<Record>& records, const Format& format, const ReturnYear& year)
      : who_(who), format_(format), year_(year) {
    key_ = identifier("source:" + format.same_keys_as);
    if (key_.empty()) key_ = identifier("source:" + format.identity.system);
    for (const Record& record : records) add(record);
  }

  ReturnChild take() {
    if (events_.empty()) return {};
    if (key_.empty()) return {std::nullopt, {{"", "", {}, "a child has no key of the case system; left out"}}};
    auto episodes = this->episodes();
    drop_gaps_before(episodes);
    if (episodes.empty()) return {std::nullopt, std::move(gaps_)};
    CinChild child;
    child.key = key_;
    child.episodes = std::move(episodes);
    describe(child);
    return {std::move(child), std::move(gaps_)};
  }

 private:
  std::string identifier(const std::string& scheme) const {
    for (const auto& one : who_.identifiers)
      if (one.scheme == scheme) return one.value;
    return {};
  }

  void add(const Record& record) {
    if (record.occurred.precision != Precision::day && record.occurred.precision != Precision::minute)
      return gap(record.kind, {}, "its day is not known; left out");
    if (record.occurred.date > year_.to) return;
    const bool is_own = record.source.system == format_.identity.system;
    const EventSpec* found = nullptr;
    for (const EventSpec& spec : format_.events) {
      bool fits = is_own ? record.source.key.starts_with(spec.id + ":")
                         : spec.kind == record.kind && spec.category == record.label.category;
      if (!fits) continue;
      if (found) return gap(record.kind, record.occurred.date, "the record does not say which element it is; left out");
      found = &spec;
    }
    if (!found) return;
    auto& days = events_[found->id];
    // The return's own record says more than the case system's of the same day; two of the return's are two.
    auto same =
        std::find_if(days.begin(), days.end(), [&](const Event& event) { return event.day == record.occurred.date; });
    if (same == days.end() || (is_own && same->record->source.system == format_.identity.system))
      days.push_back({found, record.occurred.date, &record});
    else if (is_own)
      same->record = &record;
  }

  std::vector<Event> events(const char* id) {
    auto found = events_.find(id);
    if (found == events_.end()) return {};
    auto out = found->second;
    std::stable_sort(out.begin(), out.end(), [](const Event& a, const Event& b) { return a.day < b.day; });
    return out;
  }

  // What an episode lacks that is not in the return is nobody's to complete.
  void drop_gaps_before(const std::vector<CinEpisode>& kept) {
    Date first = kept.empty() ? year_.from : kept.front().referral;
    std::erase_if(gaps_, [&](const ReturnGap& one) { return one.day.is_set() && one.day < first; });
  }

  void gap(const std::string& event, Date day, std::string what) {
    gaps_.push_back({key_, event, day, std::move(what)});
  }

  // What an event says in an element, as it is written in a file.
  std::vector<std::string> values(const Event& event, const char* element) {
    auto spec = std::find_if(event.spec->fields.begin(), event.spec->fields.end(),
                             [&](const FieldSpec& field) { return names_element(field, element); });
    if (spec == event.spec->fields.end()) return {};
    std::vector<std::string> out;
    for (const Field& field : event.record->fields) {
      if (field.name != spec->name) continue;
      if (spec->codes.empty()) {
        out.push_back(field.value);
        continue;
      }
      for (const std::string& title : parts_of(field.value))
        if (auto code = code_of(*spec, title); !code.empty())
          out.push_back(std::move(code));
        else
          gap(event.spec->id, event.day, spec->name + ": a code outside the code set; left out");
    }
    return out;
  }
  std::string code_of(const FieldSpec& spec, const std::string& title) const {
    auto set = format_.codes.find(spec.codes);
    if (set == format_.codes.end()) return {};
    for (const auto& [code, meaning] : set->second.meanings)
      if (meaning == title) return code;
    return {};
  }

  std::string value(const Event& event, const char* element) {
    auto all = values(event, element);
    return all.empty() ? std::string() : all.front();
  }
  std::string needed(const Event& event, const char* element, const char* otherwise) {
    auto text = value(event, element);
    if (text.empty()) gap(event.spec->id, event.day, std::string(element) + " is not recorded; " + otherwise);
    return text;
  }

  // Which of several that began is the one that a later day belongs to: the last that began by then.
  template <class T>
  static T* begun_by(std::vector<T>& all, Date T::*began, Date day) {
    T* found = nullptr;
    for (T& one : all)
      if (one.*began <= day && (!found || found->*began <= one.*began)) found = &one;
    return found;
  }

  // Files have dates before their referral: those go to the first one.
  static CinEpisode& episode_of(std::vector<CinEpisode>& episodes, Date day) {
    CinEpisode* found = begun_by(episodes, &CinEpisode::referral, day);
    return found ? *found : episodes.front();
  }

  std::vector<CinEpisode> episodes() {
    std::vector<CinEpisode> all;
    for (const Event& event : events("referral")) {
      CinEpisode episode;
      episode.referral = event.day;
      episode.source = needed(event, "ReferralSource", "written as not known");
      episode.need = needed(event, "PrimaryNeedCode", "left out");
      const std::string closed_at_once = needed(event, "ReferralNFA", "written as no");
      episode.no_further_action = closed_at_once == "yes";
      all.push_back(std::move(episode));
    }
    if (all.empty()) {
      for (const auto& [id, days] : events_)
        for (const Event& event : days) gap(id, event.day, "no referral is held that it belongs to; left out");
      return all;
    }
    add_assessments(all);
    add_need_plans(all);
    add_enquiries(all);
    add_protection_plans(all);
    for (const Event& event : events("closure")) {
      CinEpisode& episode = episode_of(all, event.day);
      if (episode.closed.is_set()) {
        gap(event.spec->id, event.day, "a second closure of one episode; left out");
        continue;
      }
      episode.closed = event.day;
      episode.closed_because = needed(event, "ReasonForClosure", "left out");
    }
    for (const char* unknown : {"pre-proceedings-start", "pre-proceedings-end"})
      for (const Event& event : events(unknown))
        gap(event.spec->id, event.day, "the form of 2024 has no element for it; left out");
    // A closure before its referral is a mistake, and closes nothing.
    std::erase_if(all, [&](const CinEpisode& one) { return one.referral <= one.closed && one.closed < year_.from; });
    return all;
  }

  void add_assessments(std::vector<CinEpisode>& to) {
    for (const Event& event : events("assessment")) {
      CinAssessment made;
      made.started = event.day;
      made.authorised = date_for_people(value(event, "AssessmentAuthorisationDate"));
      made.factors = values(event, "AssessmentFactors");
      if (made.authorised.is_set() && made.factors.empty())
        gap(event.spec->id, event.day, "AssessmentFactors are not recorded; left out");
      if (made.authorised > year_.to) made.authorised = {};
      episode_of(to, event.day).assessments.push_back(std::move(made));
    }
  }

  void add_need_plans(std::vector<CinEpisode>& to) {
    for (const Event& event : events("cin-plan-start")) episode_of(to, event.day).need_plans.push_back({event.day, {}});
    for (const Event& event : events("cin-plan-end"))
      if (auto* plan = open_plan<CinNeedPlan>(to, &CinEpisode::need_plans, event.day))
        plan->ended = event.day;
      else
        gap(event.spec->id, event.day, "no plan that began before it is held; left out");
  }

  void add_enquiries(std::vector<CinEpisode>& to) {
    for (const Event& event : events("s47")) {
      CinEnquiry made;
      made.started = event.day;
      made.conference_not_required = needed(event, "ICPCnotRequired", "written as no") == "yes";
      if (event.spec->target)
        made.target = format_.working_days_after(event.day, event.spec->target->working_days).value_or(Date());
      if (event.spec->target && !made.target.is_set())
        gap(event.spec->id, event.day, "InitialCPCtarget: the table of bank holidays lacks the year; left out");
      episode_of(to, event.day).enquiries.push_back(made);
    }
    for (const Event& event : events("initial-conference")) {
      CinEpisode& episode = episode_of(to, event.day);
      CinEnquiry* enquiry = nullptr;
      for (CinEnquiry& one : episode.enquiries)
        if (one.started <= event.day && !one.conference.is_set()) enquiry = &one;
      if (enquiry)
        enquiry->conference = event.day;
      else if (!episode.conference.is_set())
        episode.conference = event.day;
      else
        gap(event.spec->id, event.day, "an enquiry for it is not held; left out");
    }
  }

  void add_protection_plans(std::vector<CinEpisode>& to) {
    for (const Event& event : events("protection-plan-start")) {
      CinProtectionPlan made;
      made.started = event.day;
      made.first_category = value(event, "InitialCategoryOfAbuse");
      if (made.first_category.empty()) {
        gap(event.spec->id, event.day, "InitialCategoryOfAbuse is not recorded, and nothing stands for it; left out");
        continue;
      }
      made.latest_category = needed(event, "LatestCategoryOfAbuse", "written as at the start");
      add_earlier_plans(made, event);
      episode_of(to, event.day).protection_plans.push_back(std::move(made));
    }
    for (const Event& event : events("protection-plan-review"))
      if (auto* plan = last_plan(to, event.day))
        plan->reviews.push_back(event.day);
      else
        gap(event.spec->id, event.day, "no plan that began before it is held; left out");
    for (const Event& event : events("protection-plan-end"))
      if (auto* plan = open_plan<CinProtectionPlan>(to, &CinEpisode::protection_plans, event.day))
        plan->ended = event.day;
      else
        gap(event.spec->id, event.day, "no plan that began before it is held; left out");
  }

  void add_earlier_plans(CinProtectionPlan& to, const Event& event) {
    const std::string text = value(event, "NumberOfPreviousCPP");
    const bool is_number =
        !text.empty() && text.size() < 4 && text.find_first_not_of("0123456789") == std::string::npos;
    to.earlier_plans = is_number ? std::stoi(text) : 0;
    if (to.earlier_plans > 0) return;
    to.earlier_plans = 1;
    gap(event.spec->id, event.day,
        is_number ? "NumberOfPreviousCPP is 0, for which the form of 2024 has no number; written as 1"
                  : "NumberOfPreviousCPP is not recorded; written as 1");
  }

  template <class Plan>
  static Plan* open_plan(std::vector<CinEpisode>& in, std::vector<Plan> CinEpisode::*plans, Date day) {
    Plan* found = nullptr;
    for (CinEpisode& episode : in)
      for (Plan& plan : episode.*plans)
        if (plan.started <= day && !plan.ended.is_set() && (!found || found->started <= plan.started)) found = &plan;
    return found;
  }
  static CinProtectionPlan* last_plan(std::vector<CinEpisode>& in, Date day) {
    CinProtectionPlan* found = nullptr;
    for (CinEpisode& episode : in)
      for (CinProtectionPlan& plan : episode.protection_plans)
        if (plan.started <= day && (!found || found->started <= plan.started)) found = &plan;
    return found;
  }

  void describe(CinChild& to) {
    std::vector<std::string> upns;
    for (const auto& one : who_.identifiers)
      if (one.scheme == "upn") upns.push_back(one.value);
    if (!upns.empty()) to.upn = upns.front();
    if (upns.size() > 1) to.former_upn = upns[1];
    if (who_.birth.precision == Precision::day)
      to.born = who_.birth.date;
    else if (who_.birth.precision == Precision::expected)
      to.expected = who_.birth.date;
    else
      gap("", {}, "PersonBirthDate is not known to the day; left out");
    to.died = who_.death;
    to.sex = who_.sex;
    if (to.sex == Sex::unknown) gap("", {}, "the sex is not recorded; written as not known");
    auto referrals = events("referral");
    const Event& last = referrals.back();
    if (upns.empty()) {
      to.upn_unknown = value(last, "UPNunknown");
      if (to.upn_unknown.empty()) gap("", {}, "neither UPN nor UPNunknown is recorded; left out");
    }
    to.ethnicity = needed(last, "Ethnicity", "written as not known");
    to.disabilities = values(last, "Disability");
  }

  const ReturnIdentity& who_;
  const Format& format_;
  const ReturnYear year_;
  std::string key_;
  std::map<std::string, std::vector<Event>, std::less<>> events_;  // by the adapter's id
  std::vector<ReturnGap> gaps_;
};

}  // namespace

ReturnYear return_year(int year) { return {{std::int16_t(year - 1), 4, 1}, {std::int16_t(year), 3, 31}}; }

ReturnChild make_return_child(const ReturnIdentity& who, const std::vector<Record>& records, const Format& format,
                              const ReturnYear& year) {
  return Making(who, records, format, year).take();
}

}  // namespace ginnel
