// SPDX-License-Identifier: Apache-2.0
#include "node/web/sign_in.h"

#include <optional>
#include <utility>

#include "node/people/base32.h"
#include "node/people/password_rules.h"
#include "node/people/token.h"
#include "node/web/limits.h"
#include "node/web/totp.h"

namespace ginnel {
namespace {

constexpr const char* cannot_sign_in = "cannot sign in";

Error failed() {
  return {"sign-in-failed", cannot_sign_in, "the user name, the password or the code is not right",
          "try again; a code can be used once, wait for the next"};
}

Error slow_down(std::int64_t wait_ms) {
  return {"slow-down", cannot_sign_in, "there were several failures in a row",
          "try again in " + std::to_string((wait_ms + second_ms - 1) / second_ms) + " s"};
}

Error busy() { return {"busy", cannot_sign_in, "too many people are signing in", "try again in a few seconds"}; }

}  // namespace

struct SignIn::Attempt {
  SignInRequest request;
  std::optional<Account> account;
  std::function<void(Expected<Session>)> done;
};

SignIn::SignIn(Service& service, Clock& clock, PasswordCost cost)
    : service_(service),
      clock_(clock),
      stand_in_hash_(hash_password(make_token(*system_random()), cost)),
      workers_(limits::password_threads, limits::password_queue_max) {}

void SignIn::stop() { workers_.stop(); }

void SignIn::attempt(SignInRequest request, std::function<void(Expected<Session>)> done) {
  if (auto name = normal_username(request.username)) request.username = *name;
  if (auto wait_ms = throttle_.begin(request.username, clock_.now()); wait_ms > 0) {
    ++counts_.slowed;
    return done(tl::unexpected(slow_down(wait_ms)));
  }
  auto attempt = std::make_shared<Attempt>();
  attempt->request = std::move(request);
  attempt->done = std::move(done);
  service_.find_account(attempt->request.username, [this, attempt](Expected<Account> account) {
    if (account)
      attempt->account = std::move(*account);
    else if (account.error().code != "not-found")
      return attempt->done(tl::unexpected(account.error()));
    if (workers_.post([this, attempt] { check(attempt); })) return;
    ++counts_.busy;
    attempt->done(tl::unexpected(busy()));
  });
}

void SignIn::check(const std::shared_ptr<Attempt>& attempt) {
  if (!is_right(*attempt)) {
    ++counts_.failed;
    return service_.note_failed_sign_in(attempt->request.username, [attempt](Expected<bool> noted) {
      // A failure that could not be recorded is told as what kept it from being recorded.
      attempt->done(tl::unexpected(noted ? failed() : noted.error()));
    });
  }
  ++counts_.ok;
  throttle_.succeeded(attempt->request.username);
  service_.open_session(attempt->account->id, attempt->done);
}

bool SignIn::is_right(const Attempt& attempt) {
  const bool has_account = attempt.account.has_value();
  const auto& hash = has_account ? attempt.account->password_hash : stand_in_hash_;
  const bool fits = attempt.request.password.size() <= password_bytes_max;
  // SECURITY: the slow check runs in every case; its time tells nobody which names exist.
  const bool matches = password_matches(fits ? attempt.request.password : std::string(), hash);
  if (!has_account || !fits || !matches || attempt.account->disabled) return false;
  return attempt.account->totp_secret.empty() || take_code(*attempt.account, attempt.request.totp);
}

bool SignIn::take_code(const Account& account, std::string_view typed) {
  auto secret = from_base32(account.totp_secret);
  if (!secret || secret->empty()) return false;
  std::lock_guard lock(codes_mutex_);
  auto& last = last_code_step_[account.id];
  auto step = match_totp(*secret, typed, clock_.now(), last);
  if (step) last = *step;
  return step.has_value();
}

}  // namespace ginnel
