// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/rotation.h"

#include <algorithm>

namespace ginnel {

std::int64_t percent_used(const KeyStatement& statement, Instant now) {
  const std::int64_t life = statement.valid_until - statement.valid_from;
  if (life <= 0) return 100;
  return std::clamp<std::int64_t>((now - statement.valid_from) * 100 / life, 0, 100);
}

Instant rotates_at(const KeyStatement& current, const RotationRules& rules) {
  const std::int64_t life = current.valid_until - current.valid_from;
  return current.valid_from + life / 100 * rules.announce_percent;
}

KeyStatement statement_after(const KeyStatement& current, Instant now, const RotationRules& rules) {
  KeyStatement next = current;
  next.number = current.number + 1;
  next.supersedes = current.number;
  const Instant latest = current.valid_until;
  next.valid_from = now < latest ? std::min(now + rules.announced_ms, latest) : now;
  next.valid_until = next.valid_from + rules.life_ms;
  next.superseded_until = std::min(next.valid_from + rules.overlap_ms, latest);
  if (next.superseded_until <= now) next.superseded_until = Instant();  // its own end has come
  next.signing_key = {};
  next.curve_key = {};
  return next;
}

}  // namespace ginnel
