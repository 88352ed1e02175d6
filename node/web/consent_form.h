// SPDX-License-Identifier: Apache-2.0
// The forms about what was decided about sharing. Recording: state, decider, competence, judged-by, category (each),
// purpose (each; none: all), recipient (each; none: everybody), from and until (days), note. Withdrawing: consent,
// reason.
//
// Thread: any; pure. Everything that is wrong is told at once, each beside its control. What counts for nothing is told
// here in people's words; the node checks it again (node/gate/consent_book.h), and what it says more is told as it is.
#pragma once

#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/view/consent_view.h"
#include "node/web/choice.h"
#include "node/web/http_message.h"
#include "node/web/view_form.h"

namespace ginnel {

tl::expected<NewConsent, std::vector<FormFault>> read_consent_form(const PersonRef& person, const FormFields& form,
                                                                   const DecisionWords& words);

// `bad-consent` and `bad-refusal`: a fault for each line, beside the control that `control_of` gives for the field that
// it begins with.
std::vector<FormFault> faults_of(const Error& error, std::string (*control_of)(std::string_view field));
std::string consent_control_of(std::string_view field);

// "reason-ID": the control of the form that withdraws or reviews one decision.
std::string control_for(std::string_view name, const std::string& id);

// The texts of a form: without a field twice that is to stand once, without control characters, none too long.
struct FormTexts {
  const FormFields& form;
  std::vector<FormFault> faults{};

  std::string line(const std::string& name, std::size_t bytes_max, const std::string& control = {});
  std::string text(const std::string& name, std::size_t bytes_max, const std::string& control = {});
  std::vector<std::string> all(std::string_view name) const;  // every value of it
  // A day as people write it: when it begins in London, or, with `end`, when it is over. Not set: left empty.
  Instant day(const std::string& name, bool end, const std::string& what, const std::string& control = {});
  void fault(std::string control, std::string message, std::string remedy = {});

 private:
  std::string read(const std::string& name, std::size_t bytes_max, bool with_lines, const std::string& control);
};

}  // namespace ginnel
