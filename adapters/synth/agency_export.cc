// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/agency_export.h"

#include <algorithm>
#include <cstdio>

namespace ginnel::synth {
namespace {

constexpr const char* month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <class... Values>
std::string printed(const char* format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string slashed(Date day) { return day.is_set() ? printed("%02d/%02d/%04d", day.day, day.month, day.year) : ""; }
std::string compact(Date day) { return day.is_set() ? printed("%04d%02d%02d", day.year, day.month, day.day) : ""; }
std::string iso(Date day) { return day.is_set() ? day.iso() : ""; }
std::string named(Date day) {
  return day.is_set() ? printed("%02d-%s-%04d", day.day, month_names[day.month - 1], day.year) : "";
}
std::string clock_text(int minutes, const char* format) {
  return minutes < 0 ? "" : printed(format, minutes / 60, minutes % 60);
}
std::string date_of(const Event& event, std::string (*form)(Date)) {
  return event.date_text.empty() ? form(event.date) : event.date_text;
}
std::string recorded_of(const Event& event, std::string (*form)(Date)) {
  return event.recorded_text.empty() ? form(event.recorded) : event.recorded_text;
}
// Empty where the event is about an adult only.
std::string child_key(const PersonCopy& child, const Event& event) { return event.about_child ? child.key : ""; }

class SocialCareExport : public AgencyExport {
 public:
  explicit SocialCareExport(const std::filesystem::path& dir)
      : persons_(dir / "persons.csv", {},
                 {"PERSON_ID", "NHS_NO", "UPN", "FORENAME", "SURNAME", "ALSO_KNOWN_AS", "DOB", "GENDER", "ADDR_LINE_1",
                  "TOWN", "POSTCODE", "UPRN", "ADDR_FROM", "PREV_ADDR_LINE_1", "PREV_TOWN", "PREV_POSTCODE",
                  "PREV_ADDR_TO", "SHIELD", "EDD"}),
        relationships_(
            dir / "relationships.csv", {},
            {"PERSON_ID", "RELATED_PERSON_ID", "RELATIONSHIP", "SAME_HOUSEHOLD", "PARENTAL_RESP", "START_DATE"}),
        involvements_(dir / "involvements.csv", {},
                      {"INVOLVEMENT_ID", "PERSON_ID", "WORKER", "WORKER_ROLE", "TEAM", "TELEPHONE", "START_DATE",
                       "LAST_CONTACT", "STATUS"}),
        contacts_(dir / "contacts.csv", {},
                  {"CONTACT_ID", "PERSON_ID", "CONTACT_TYPE", "CONTACT_DATE", "RECORDED_ON", "SOURCE", "OUTCOME",
                   "NOTES", "WORKER", "TEAM", "TELEPHONE"}),
        events_(dir / "case_events.csv", {},
                {"EVENT_ID", "PERSON_ID", "EVENT_TYPE", "EVENT_DATE", "RECORDED_ON", "DETAIL", "OUTCOME", "CASE_NOTE",
                 "WORKER", "WORKER_ROLE", "TEAM", "TELEPHONE", "SHIELD", "FILE_NAME", "FILE_SHA256"}) {}

  Written person(const PersonCopy& it) override {
    const char* gender = it.sex == Sex::female ? "F" : it.sex == Sex::male ? "M" : "U";
    auto line = persons_.row({it.key, it.nhs_number, it.upn, it.given, it.family, it.also_known_as,
                              it.is_unborn ? "" : slashed(it.birth), gender, it.home.street, it.home.town,
                              it.home.postcode, it.home.uprn, slashed(it.home.from), it.previous_home.street,
                              it.previous_home.town, it.previous_home.postcode, slashed(it.previous_home.to), it.shield,
                              it.is_unborn ? slashed(it.birth) : ""});
    return {persons_.name(), line};
  }
  void relation(const RelationCopy& it) override {
    relationships_.row({it.key, it.other_key, it.kind, it.same_household ? "Y" : "N",
                        it.parental_responsibility ? "Y" : "N", slashed(it.from)});
  }
  void involvement(const PersonCopy& child, const Involvement& it) override {
    involvements_.row({next_row("IN"), child.key, it.worker.name, it.worker.role, it.worker.team, it.worker.telephone,
                       slashed(it.from), slashed(it.last_contact), it.open ? "OPEN" : "CLOSED"});
  }
  Written event(const PersonCopy& child, const Event& it) override {
    const Worker& by = it.worker;
    if (it.code == "C" || it.code == "R") {
      std::string key = row_key(it, "CN");
      auto line = contacts_.row({key, child_key(child, it), it.code, date_of(it, slashed), recorded_of(it, slashed),
                                 it.text, it.outcome, it.note, by.name, by.team, by.telephone},
                                it.damage);
      return {contacts_.name(), line, key};
    }
    std::string key = row_key(it, "EV");
    auto line = events_.row(
        {key, child_key(child, it), it.code, date_of(it, slashed), recorded_of(it, slashed), it.text, it.outcome,
         it.note, by.name, by.role, by.team, by.telephone, it.shield, it.file_name, it.file_sha256},
        it.damage);
    return {events_.name(), line, key};
  }
  std::vector<CsvFile*> files() override { return {&persons_, &relationships_, &involvements_, &contacts_, &events_}; }

 protected:
  std::string make_key(std::uint32_t n) const override { return std::to_string(n); }

 private:
  CsvFile persons_, relationships_, involvements_, contacts_, events_;
};

class PoliceExport : public AgencyExport {
 public:
  explicit PoliceExport(const std::filesystem::path& dir)
      : nominals_(dir / "nominals.csv", manner,
                  {"NOMINAL_REF", "NHS_NUMBER", "FORENAME_1", "SURNAME_1", "DATE_OF_BIRTH", "SEX", "ADDRESS_1",
                   "ADDRESS_2", "POST_CODE", "WARNING_MARKERS"}),
        contacts_(dir / "safeguarding_contacts.csv", manner,
                  {"CONTACT_REF", "NOMINAL_REF", "OFFICER", "RANK", "UNIT", "TEL_NO", "LAST_DATE"}),
        occurrences_(dir / "occurrences.csv", manner,
                     {"OCC_REF", "OCC_DATE", "OCC_TIME", "REC_DATE", "OCC_TYPE", "NOMINAL_REF", "PARENT_REF",
                      "OTHER_REF", "SUMMARY", "DISPOSAL", "OFFICER", "RANK", "UNIT", "TEL_NO"}),
        intelligence_(dir / "intelligence.csv", manner,
                      {"INTEL_REF", "SUBMITTED", "NOMINAL_REF", "SOURCE_EVAL", "INFO_EVAL", "HANDLING", "CONDITIONS",
                       "INTEL_TEXT", "UNIT", "TEL_NO"}) {}

  Written person(const PersonCopy& it) override {
    const char* sex = it.sex == Sex::female ? "FEMALE" : it.sex == Sex::male ? "MALE" : "UNKNOWN";
    auto line =
        nominals_.row({it.key, it.nhs_number, in_capitals(it.given), in_capitals(it.family), compact(it.birth), sex,
                       in_capitals(it.home.street), in_capitals(it.home.town), it.home.postcode, it.shield});
    return {nominals_.name(), line};
  }
  void involvement(const PersonCopy& child, const Involvement& it) override {
    contacts_.row({next_row("SG"), child.key, it.worker.name, it.worker.role, it.worker.team, it.worker.telephone,
                   compact(it.last_contact)});
  }
  Written event(const PersonCopy& child, const Event& it) override {
    const Worker& by = it.worker;
    if (it.code == "INT") {
      std::string key = row_key(it, "IR");
      auto line =
          intelligence_.row({key, date_of(it, compact), child.key, it.shield.substr(0, 1), it.shield.substr(1, 1),
                             it.shield.substr(2, 1), it.outcome, it.text, by.team, by.telephone},
                            it.damage);
      return {intelligence_.name(), line, key};
    }
    std::string key = row_key(it, "OC");
    auto line = occurrences_.row({key, date_of(it, compact), clock_text(it.minutes, "%02d%02d"),
                                  recorded_of(it, compact), it.code, child_key(child, it), it.other_key, it.adult_key,
                                  it.text, it.outcome, by.name, by.role, by.team, by.telephone},
                                 it.damage);
    return {occurrences_.name(), line, key};
  }
  std::vector<CsvFile*> files() override { return {&nominals_, &contacts_, &occurrences_, &intelligence_}; }

 protected:
  std::string make_key(std::uint32_t n) const override { return printed("N%08u", n); }

 private:
  static constexpr CsvManner manner{"\r\n", false, false};
  CsvFile nominals_, contacts_, occurrences_, intelligence_;
};

class HealthExport : public AgencyExport {
 public:
  explicit HealthExport(const std::filesystem::path& dir)
      : patients_(dir / "patients.csv", manner,
                  {"patient_id", "nhs_number", "nhs_number_status", "given_name", "family_name", "birth_date",
                   "gender_code", "address_1", "address_2", "postcode", "restriction"}),
        caseload_(dir / "caseload.csv", manner,
                  {"caseload_id", "patient_id", "clinician", "role", "team", "phone", "from_date", "last_seen"}),
        encounters_(dir / "encounters.csv", manner,
                    {"encounter_id", "patient_id", "about_child_id", "service", "attended", "start_time", "entered_on",
                     "reason", "outcome", "note", "clinician", "role", "team", "phone", "image_name", "image_sha256"}) {
  }

  Written person(const PersonCopy& it) override {
    const char* gender = it.sex == Sex::female ? "2" : it.sex == Sex::male ? "1" : "9";
    auto line =
        patients_.row({it.key, it.nhs_number, it.nhs_number.empty() ? "07" : "01", it.given, it.family, iso(it.birth),
                       gender, it.home.street, it.home.town, it.home.postcode, it.shield == "AD" ? it.shield : ""});
    return {patients_.name(), line};
  }
  void involvement(const PersonCopy& child, const Involvement& it) override {
    caseload_.row({next_row("cl-"), child.key, it.worker.name, it.worker.role, it.worker.team, it.worker.telephone,
                   iso(it.from), iso(it.last_contact)});
  }
  Written event(const PersonCopy& child, const Event& it) override {
    bool of_parent = !it.other_key.empty();
    // "MH-N": mental health, not attended.
    bool missed = it.code.ends_with("-N");
    std::string service = missed ? it.code.substr(0, it.code.size() - 2) : it.code;
    std::string start = date_of(it, iso);
    if (it.minutes >= 0 && it.date_text.empty()) start += clock_text(it.minutes, " %02d:%02d");
    const Worker& by = it.worker;
    std::string key = row_key(it, "en-");
    auto line = encounters_.row({key, of_parent ? it.other_key : child.key, of_parent ? child.key : "", service,
                                 missed ? "3" : "5", start, recorded_of(it, iso), it.text, it.outcome, it.note, by.name,
                                 by.role, by.team, by.telephone, it.file_name, it.file_sha256},
                                it.damage);
    return {encounters_.name(), line, key};
  }
  std::vector<CsvFile*> files() override { return {&patients_, &caseload_, &encounters_}; }

 protected:
  std::string make_key(std::uint32_t n) const override { return printed("RX%08u", n); }

 private:
  static constexpr CsvManner manner{"\n", false, true};
  CsvFile patients_, caseload_, encounters_;
};

class EducationExport : public AgencyExport {
 public:
  explicit EducationExport(const std::filesystem::path& dir)
      : pupils_(dir / "pupils.csv", manner,
                {"PupilId", "UPN", "NhsNumber", "Forename", "Surname", "KnownAs", "DateOfBirth", "Sex", "AddressLine1",
                 "Town", "Postcode"}),
        roll_(dir / "on_roll.csv", manner,
              {"RollId", "PupilId", "School", "SchoolAddress", "SchoolPostcode", "SchoolTelephone", "SafeguardingLead",
               "EntryDate", "LastMark", "OnRoll"}),
        attendance_(dir / "attendance.csv", manner,
                    {"MarkId", "PupilId", "MarkDate", "Code", "Term", "Percentage", "School", "EnteredOn"}),
        log_(dir / "pupil_log.csv", manner,
             {"LogId", "PupilId", "LogDate", "LogType", "Headline", "Detail", "Outcome", "School", "EnteredBy",
              "EnteredOn", "Telephone", "FileName", "FileSha256"}) {}

  Written person(const PersonCopy& it) override {
    const char* sex = it.sex == Sex::female ? "F" : it.sex == Sex::male ? "M" : "U";
    auto line = pupils_.row({it.key, it.upn, it.nhs_number, it.given, it.family, it.also_known_as, named(it.birth), sex,
                             it.home.street, it.home.town, it.home.postcode});
    return {pupils_.name(), line};
  }
  void involvement(const PersonCopy& child, const Involvement& it) override {
    const School& school = child.school;
    roll_.row({next_row("R"), child.key, school.name, school.street + ", " + school.town, school.postcode,
               school.telephone, it.worker.name, named(it.from), named(it.last_contact), it.open ? "Yes" : "No"});
  }
  Written event(const PersonCopy& child, const Event& it) override {
    bool percentage = it.code == "%";
    if (percentage || it.code.size() == 1) {
      std::string key = row_key(it, "M");
      auto line =
          attendance_.row({key, child.key, date_of(it, named), percentage ? "" : it.code, percentage ? it.text : "",
                           percentage ? it.outcome : "", child.school.name, recorded_of(it, named)},
                          it.damage);
      return {attendance_.name(), line, key};
    }
    std::string key = row_key(it, "L");
    auto line = log_.row({key, child.key, date_of(it, named), it.code, it.text, it.note, it.outcome, child.school.name,
                          it.worker.name, recorded_of(it, named), it.worker.telephone, it.file_name, it.file_sha256},
                         it.damage);
    return {log_.name(), line, key};
  }
  std::vector<CsvFile*> files() override { return {&pupils_, &roll_, &attendance_, &log_}; }

 protected:
  std::string make_key(std::uint32_t n) const override { return printed("P-%08u", n); }

 private:
  static constexpr CsvManner manner{"\r\n", true, false};
  CsvFile pupils_, roll_, attendance_, log_;
};

class ProbationExport : public AgencyExport {
 public:
  explicit ProbationExport(const std::filesystem::path& dir)
      : people_(dir / "people.csv", {},
                {"Case Ref", "NHS No", "First Name", "Last Name", "Birth Date", "Sex", "Address", "Town", "Post Code"}),
        links_(dir / "linked_children.csv", {},
               {"Link Ref", "Child Case Ref", "Officer", "Officer Grade", "Unit", "Telephone", "Last Contact"}),
        supervisions_(dir / "supervisions.csv", {},
                      {"Entry Ref", "Case Ref", "Child Case Ref", "Entry Type", "Entry Date", "Entered On", "Summary",
                       "Outcome", "Officer", "Officer Grade", "Unit", "Telephone"}) {}

  Written person(const PersonCopy& it) override {
    const char* sex = it.sex == Sex::female ? "Female" : it.sex == Sex::male ? "Male" : "Not known";
    auto line = people_.row({it.key, it.nhs_number, it.given, it.family, spaced(it.birth), sex, it.home.street,
                             it.home.town, it.home.postcode});
    return {people_.name(), line};
  }
  void involvement(const PersonCopy& child, const Involvement& it) override {
    links_.row({next_row("LK"), child.key, it.worker.name, it.worker.role, it.worker.team, it.worker.telephone,
                spaced(it.last_contact)});
  }
  Written event(const PersonCopy& child, const Event& it) override {
    const Worker& by = it.worker;
    std::string key = row_key(it, "SU");
    auto line =
        supervisions_.row({key, it.other_key, child_key(child, it), it.code, date_of(it, spaced),
                           recorded_of(it, spaced), it.text, it.outcome, by.name, by.role, by.team, by.telephone},
                          it.damage);
    return {supervisions_.name(), line, key};
  }
  std::vector<CsvFile*> files() override { return {&people_, &links_, &supervisions_}; }

 protected:
  std::string make_key(std::uint32_t n) const override { return printed("X%08u", n); }

 private:
  static std::string spaced(Date day) {
    return day.is_set() ? printed("%d %s %04d", day.day, month_names[day.month - 1], day.year) : "";
  }
  CsvFile people_, links_, supervisions_;
};

}  // namespace

bool AgencyExport::sound() {
  bool all = true;
  for (CsvFile* file : files()) all = file->sound() && all;
  return all;
}

const std::string& AgencyExport::key_of(std::uint32_t somebody) {
  auto [at, is_new] = keys_.try_emplace(somebody);
  if (is_new) at->second = make_key(first_key_ + ++people_);
  return at->second;
}

std::unique_ptr<AgencyExport> AgencyExport::open(const SynthNode& node, const std::filesystem::path& source_dir) {
  std::error_code error;
  std::filesystem::create_directories(source_dir, error);
  if (error) return nullptr;
  std::unique_ptr<AgencyExport> made;
  if (node.kind == "social_care") made = std::make_unique<SocialCareExport>(source_dir);
  if (node.kind == "police") made = std::make_unique<PoliceExport>(source_dir);
  if (node.kind == "health") made = std::make_unique<HealthExport>(source_dir);
  if (node.kind == "education") made = std::make_unique<EducationExport>(source_dir);
  if (node.kind == "probation") made = std::make_unique<ProbationExport>(source_dir);
  if (!made || !made->sound()) return nullptr;
  // No two nodes use one key: what is seen of a key shows whose it is.
  auto nodes = synth_nodes();
  auto at = std::find_if(nodes.begin(), nodes.end(), [&](const SynthNode& other) { return other.id == node.id; });
  made->first_key_ = std::uint32_t(at - nodes.begin() + 1) * 1'000'000;
  return made;
}

}  // namespace ginnel::synth
