// SPDX-License-Identifier: Apache-2.0
// The Service's calls about people who are, or may be, one: who decides, and what of it is recorded.
#include "adapters/link_rules_reader.h"
#include "node/import/matching.h"
#include "node/node.h"
#include "node/posted_call.h"

namespace ginnel {
namespace {

constexpr std::size_t matches_shown_max = 50;   // of one call, the oldest
constexpr std::size_t reason_bytes_max = 2000;  // as for an ask's

// SECURITY: not held, concealed and not to be joined are told alike, or somebody could try out who is concealed.
tl::unexpected<Error> no_such_pair() {
  return fail("not-found", "cannot decide about the two people", "the node knows no such two people", "");
}

Error told(const Error& error) {
  const bool is_hidden = error.code == "no-person" || error.code == "cannot-join";
  if (is_hidden) return no_such_pair().value();
  const bool is_of_request = error.code == "same-person" || error.code == "already-merged" ||
                             error.code == "not-merged" || error.code == "numbers-differ" || error.code == "too-many";
  return is_of_request ? Error{"bad-pair", error.what, error.why, error.remedy} : error;
}

Expected<void> check_reason(const JoinRequest& request) {
  if (!request.reason.empty() && request.reason.size() <= reason_bytes_max) return {};
  return fail("bad-field", "cannot decide about the two people", "`reason` is empty or too long",
              "say in a sentence why, for whoever has to undo it");
}

}  // namespace

const LinkRules& Node::link_rules() const {
  return settings_.link_rules ? *settings_.link_rules : default_link_rules();
}

Expected<void> Node::check_joins_people(const Session& session) const {
  const Word* role = gate_.bundle().vocabulary.find("role", session.role);
  if (role && role->joins_people && !role->no_case_data) return {};
  return fail("forbidden", "cannot decide about the two people", "your role does not decide whether people are one",
              "ask a manager or a safeguarding lead");
}

void Node::possible_matches(std::string token, Done<std::vector<MatchToDecide>> done) {
  call<std::vector<MatchToDecide>>(
      *this, std::move(done), [this, token](Work& work) -> Expected<std::vector<MatchToDecide>> {
        auto session = session_of(token, work.turn, work.now);
        if (!session) return tl::unexpected(session.error());
        if (auto allowed = check_joins_people(*session); !allowed) return tl::unexpected(allowed.error());
        auto matches = work.turn.possible_matches(matches_shown_max);
        if (!matches) return tl::unexpected(matches.error());
        const Matching matching(link_rules());
        std::vector<MatchToDecide> out;
        for (const auto& match : *matches) {
          auto joinable = matching.check_joinable(work.turn, match.one, match.other);
          if (!joinable && joinable.error().code == "cannot-join") continue;  // marked since
          if (!joinable && joinable.error().code != "numbers-differ") return tl::unexpected(joinable.error());
          MatchToDecide row{{match.one, {}}, {match.other, {}}, match.since, match.score, match.reason};
          for (auto* side : {&row.one, &row.other}) {
            auto sources = matching.sources_of(work.turn, side->person);
            if (!sources) return tl::unexpected(sources.error());
            side->sources = std::move(*sources);
            auto key = work.turn.person_key(side->person);
            if (!key) return tl::unexpected(key.error());
            Access shown;
            shown.person = side->person;
            shown.role = session->role;
            shown.reason = "shown among the possible matches";
            auto noted = work.turn.append(EntryKind::view_shown, actor_of(*session), *key, shown);
            if (!noted) return tl::unexpected(noted.error());
          }
          out.push_back(std::move(row));
        }
        return out;
      });
}

void Node::merge_people(Caller caller, JoinRequest request, Done<bool> done) {
  const auto work = [this, request](Work& work, const Session& session) -> Expected<bool> {
    if (auto allowed = check_joins_people(session); !allowed) return tl::unexpected(allowed.error());
    if (auto reason = check_reason(request); !reason) return tl::unexpected(reason.error());
    const Matching matching(link_rules());
    auto joined = matching.check_joinable(work.turn, request.one, request.other);
    if (joined)
      joined = work.turn.merge({request.one, request.other, LinkState::merged, "person", 0, request.reason},
                               actor_of(session));
    if (!joined) return tl::unexpected(told(joined.error()));
    notices_.people_changed();
    if (auto noted = note_possible_matches(work.turn); !noted) return tl::unexpected(noted.error());
    return true;
  };
  call_once<bool>(*this, std::move(caller), std::move(done), work);
}

void Node::unmerge_people(Caller caller, JoinRequest request, Done<bool> done) {
  const auto work = [this, request](Work& work, const Session& session) -> Expected<bool> {
    if (auto allowed = check_joins_people(session); !allowed) return tl::unexpected(allowed.error());
    if (auto reason = check_reason(request); !reason) return tl::unexpected(reason.error());
    auto parted = work.turn.unmerge({request.one, request.other, request.reason}, actor_of(session));
    if (!parted) return tl::unexpected(told(parted.error()));
    notices_.people_changed();
    if (auto noted = note_possible_matches(work.turn); !noted) return tl::unexpected(noted.error());
    return true;
  };
  call_once<bool>(*this, std::move(caller), std::move(done), work);
}

}  // namespace ginnel
