// SPDX-License-Identifier: Apache-2.0
#include "adapters/cin/cin_writer.h"

#include "adapters/xml/xml_element.h"

namespace ginnel {
namespace {

// Elements by their depth; an empty value writes nothing.
class Writing {
 public:
  explicit Writing(int depth) : depth_(depth) {}

  void open(const char* name) {
    indent();
    out_ += std::string("<") + name + ">\n";
    ++depth_;
  }
  void close(const char* name) {
    --depth_;
    indent();
    out_ += std::string("</") + name + ">\n";
  }
  void put(const char* name, const std::string& value) {
    if (value.empty()) return;
    indent();
    out_ += std::string("<") + name + ">" + xml_escaped(value) + "</" + name + ">\n";
  }
  void put(const char* name, Date day) { put(name, day.is_set() ? day.iso() : std::string()); }
  void put(const char* name, bool value) { put(name, std::string(value ? "true" : "false")); }
  void put(const char* name, const char* value) { put(name, std::string(value)); }
  std::string take() { return std::move(out_); }

 private:
  void indent() { out_.append(std::size_t(depth_) * 2, ' '); }
  std::string out_;
  int depth_;
};

std::string or_else(const std::string& code, const char* unknown) { return code.empty() ? unknown : code; }

const char* sex_code(Sex sex) {
  switch (sex) {
    case Sex::male:
      return "1";
    case Sex::female:
      return "2";
    case Sex::indeterminate:
      return "9";
    case Sex::unknown:
      return "0";
  }
  return "0";
}

void write(Writing& to, const CinAssessment& assessment) {
  to.open("Assessments");
  to.put("AssessmentActualStartDate", assessment.started);
  to.put("AssessmentAuthorisationDate", assessment.authorised);
  if (!assessment.factors.empty()) {
    to.open("FactorsIdentifiedAtAssessment");
    for (const auto& factor : assessment.factors) to.put("AssessmentFactors", factor);
    to.close("FactorsIdentifiedAtAssessment");
  }
  to.close("Assessments");
}

void write(Writing& to, const CinEnquiry& enquiry) {
  to.open("Section47");
  to.put("S47ActualStartDate", enquiry.started);
  to.put("InitialCPCtarget", enquiry.target);
  to.put("DateOfInitialCPC", enquiry.conference);
  to.put("ICPCnotRequired", enquiry.conference_not_required);
  to.close("Section47");
}

void write(Writing& to, const CinProtectionPlan& plan) {
  to.open("ChildProtectionPlans");
  to.put("CPPstartDate", plan.started);
  to.put("CPPendDate", plan.ended);
  to.put("InitialCategoryOfAbuse", plan.first_category);
  to.put("LatestCategoryOfAbuse", or_else(plan.latest_category, plan.first_category.c_str()));
  to.put("NumberOfPreviousCPP", std::to_string(plan.earlier_plans));
  if (!plan.reviews.empty()) {
    to.open("Reviews");
    for (Date review : plan.reviews) to.put("CPPreviewDate", review);
    to.close("Reviews");
  }
  to.close("ChildProtectionPlans");
}

void write(Writing& to, const CinEpisode& episode) {
  to.open("CINdetails");
  to.put("CINreferralDate", episode.referral);
  to.put("ReferralSource", or_else(episode.source, "10"));
  to.put("PrimaryNeedCode", episode.need);
  to.put("CINclosureDate", episode.closed);
  to.put("ReasonForClosure", episode.closed_because);
  to.put("DateOfInitialCPC", episode.conference);
  for (const auto& assessment : episode.assessments) write(to, assessment);
  for (const auto& plan : episode.need_plans) {
    to.open("CINPlanDates");
    to.put("CINPlanStartDate", plan.started);
    to.put("CINPlanEndDate", plan.ended);
    to.close("CINPlanDates");
  }
  for (const auto& enquiry : episode.enquiries) write(to, enquiry);
  to.put("ReferralNFA", episode.no_further_action);
  for (const auto& plan : episode.protection_plans) write(to, plan);
  to.close("CINdetails");
}

}  // namespace

std::string cin_start(const CinHeader& header) {
  Writing to(0);
  to.open("Message");
  to.open("Header");
  to.open("CollectionDetails");
  to.put("Collection", "CIN");
  to.put("Year", std::to_string(header.reference.year));
  to.put("ReferenceDate", header.reference);
  to.close("CollectionDetails");
  to.open("Source");
  to.put("SourceLevel", "L");
  to.put("LEA", header.authority);
  to.put("SoftwareCode", "Ginnel");
  to.put("SerialNo", "001");
  if (header.written.is_set()) to.put("DateTime", to_iso_utc(header.written).substr(0, 19));
  to.close("Source");
  to.close("Header");
  to.open("Children");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + to.take();
}

std::string cin_child(const CinChild& child) {
  Writing to(2);
  to.open("Child");
  to.open("ChildIdentifiers");
  to.put("LAchildID", child.key);
  to.put("UPN", child.upn);
  to.put("FormerUPN", child.former_upn);
  to.put("UPNunknown", child.upn_unknown);
  to.put("PersonBirthDate", child.born);
  if (!child.born.is_set()) to.put("ExpectedPersonBirthDate", child.expected);
  to.put("GenderCurrent", sex_code(child.sex));
  to.put("PersonDeathDate", child.died);
  to.close("ChildIdentifiers");
  to.open("ChildCharacteristics");
  to.put("Ethnicity", or_else(child.ethnicity, "NOBT"));
  if (!child.disabilities.empty()) {
    to.open("Disabilities");
    for (const auto& disability : child.disabilities) to.put("Disability", disability);
    to.close("Disabilities");
  }
  to.close("ChildCharacteristics");
  for (const auto& episode : child.episodes) write(to, episode);
  to.close("Child");
  return to.take();
}

std::string cin_end() { return "  </Children>\n</Message>\n"; }

}  // namespace ginnel
