// SPDX-License-Identifier: Apache-2.0
// Signing in: user name and password, and the second factor where the account has one.
//
//   throttle -> Service::find_account -> Argon2id on a worker -> code -> Service::open_session
//
// Thread: attempt() on any; `done` runs on a worker or the loop and must not block.
// Failure: `sign-in-failed`, one answer and one amount of work for an unknown name, a wrong password, a wrong or
// missing code and a disabled account; `slow-down` after some failures in a row; `busy` when too many wait; the
// Service's own. Success: a new session each time; nothing that the client held before counts as signed in.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "federation/base/clock.h"
#include "federation/base/crypto/password.h"
#include "node/service.h"
#include "node/web/rate_limit.h"
#include "node/web/requests.h"
#include "node/web/workers.h"

namespace ginnel {

struct SignInCounts {
  std::atomic<std::uint64_t> ok = 0, failed = 0, slowed = 0, busy = 0;
};

class SignIn {
 public:
  SignIn(Service& service, Clock& clock, PasswordCost cost);

  void attempt(SignInRequest request, std::function<void(Expected<Session>)> done);
  void stop();  // waits for running checks; later ones are `busy`

  const SignInCounts& counts() const { return counts_; }

 private:
  struct Attempt;
  void check(const std::shared_ptr<Attempt>& attempt);
  bool is_right(const Attempt& attempt);
  bool take_code(const Account& account, std::string_view typed);

  Service& service_;
  Clock& clock_;
  const std::string stand_in_hash_;  // of a password that nobody knows: checked where there is no account
  SignInThrottle throttle_;
  SignInCounts counts_;
  std::mutex codes_mutex_;
  std::map<UserId, std::uint64_t> last_code_step_;  // RFC 6238 section 5.2: a code is good once
  Workers workers_;                                 // last: its threads use the others
};

}  // namespace ginnel
