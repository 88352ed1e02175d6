// SPDX-License-Identifier: Apache-2.0
// What programs ask, read from JSON into values. (What people fill in: node/web/view_form.h.)
//
// Thread: any; pure. Reading is strict: an unknown name, a wrong type, a control character or a text over its limit is
// refused, because a word that is silently dropped can widen what is asked. Words of the vocabulary (purpose, basis)
// are checked by the gate. Failure: `bad-json` (400); `bad-field`, `bad-child`, `bad-nhs-number`, `bad-date`,
// `bad-postcode` (422). Texts name the field, never its value.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/view/case_view.h"

namespace ginnel {

struct SignInRequest {
  std::string username, password;
  std::string totp;  // empty: none was given
};
Expected<SignInRequest> read_sign_in(std::string_view json);

// POST /api/v1/case-views. `named` narrows the scope to its agency, and its reason joins the reason.
Expected<ViewRequest> read_view_request(std::string_view json);

}  // namespace ginnel
