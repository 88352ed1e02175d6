// SPDX-License-Identifier: Apache-2.0
#include "node/doctor/diagnosis.h"

#include <algorithm>
#include <cstdlib>

#include "federation/directory/rotation.h"
#include "federation/wire/limits.h"

namespace ginnel {
namespace {

constexpr std::int64_t clock_warn_ms = minute_ms;
constexpr std::int64_t lately_ms = 15 * minute_ms;  // longer than a round of own statements

std::string days_ago(Instant then, Instant now) {
  const std::int64_t days = (now - then) / day_ms;
  return days <= 0 ? "today" : days == 1 ? "1 day ago" : std::to_string(days) + " days ago";
}
std::string day_of(Instant when) { return to_iso_utc(when).substr(0, 10); }
std::string number(std::uint64_t value) { return std::to_string(value); }

std::string seconds_of(std::int64_t ms) {
  const std::int64_t seconds = std::abs(ms) / second_ms;
  return seconds < 120 ? number(std::uint64_t(seconds)) + " s" : number(std::uint64_t(seconds / 60)) + " min";
}

Finding store_finding(const NodeFacts& facts) {
  Finding out{Health::ok, "store", "ok", {}, ""};
  out.hops.emplace_back("root key", "opened by " + facts.root_key);
  const std::string entries = number(facts.ledger_entries) + " entries";
  if (facts.verified_to && facts.ledger_problems == 0)
    out.hops.emplace_back("ledger", entries + ", verified to " + number(*facts.verified_to) +
                                        (facts.was_cut_short ? ", as far as the time for it went; the rest: stop the "
                                                               "node, then ginnel ledger verify --dir " +
                                                                   facts.dir
                                                             : std::string()));
  else if (!facts.verified_to)
    out.hops.emplace_back("ledger",
                          entries + ", not verified now: stop the node, then ginnel ledger verify --dir " + facts.dir);
  if (facts.ledger_problems > 0) {
    out = {Health::failed, "store", "ledger-damaged", out.hops, "ginnel ledger verify --dir " + facts.dir};
    out.hops.emplace_back("ledger", entries + ", " + number(facts.ledger_problems) + " problems");
  }
  if (facts.stored_problems > 0) {
    out = {Health::failed, "store", facts.ledger_problems > 0 ? out.code : "index-mismatch", out.hops,
           "stop the node, then ginnel ledger verify --dir " + facts.dir};
    out.hops.emplace_back("beside it", number(facts.stored_problems) + " problems in indexes, side rows or files");
  }
  if (!facts.first_problem.empty()) out.hops.emplace_back("first", facts.first_problem);
  if (!facts.read_only_reason.empty()) {
    out.health = Health::failed;
    out.code = "read-only";
    out.hops.emplace_back("read-only", facts.read_only_reason);
    out.remedy = "mend that, then start the node again";
  }
  return out;
}

Finding directory_finding(const NodeFacts& facts) {
  Finding out{Health::ok, "directory", "ok", {}, ""};
  if (facts.directory_version == 0)
    return {Health::failed,
            "directory",
            "no-directory",
            {{"held", "none: this node knows no member"}},
            "ginnel member adopt PAPERS --dir " + facts.dir + ", with papers that the trustees signed"};
  std::string signers;
  for (const MemberId& signer : facts.signers) signers += (signers.empty() ? "" : ", ") + signer.text();
  out.hops.emplace_back("held", "version " + number(facts.directory_version) + ", signed " +
                                    days_ago(facts.directory_issued_at, facts.now) + " by " + signers);
  const auto set = [&out](Health health, std::string code, std::string hop, std::string what, std::string remedy) {
    out.health = health;
    out.code = std::move(code);
    out.hops.emplace_back(std::move(hop), std::move(what));
    out.remedy = std::move(remedy);
  };
  const std::string renew = "ask a trustee to have the list signed anew: ginnel member renew";
  const Instant closes = facts.directory_issued_at + facts.directory_rules.closed_age_ms;
  if (facts.directory_age == DirectoryAge::warn)
    set(Health::warning, "directory-old", "old", "from " + day_of(closes) + " on only urgent purposes are served",
        renew);
  if (facts.directory_age == DirectoryAge::closed)
    set(Health::failed, "directory-closed", "too old", "only urgent purposes are served since " + day_of(closes),
        renew);
  if (facts.directory_age == DirectoryAge::past_last)
    set(Health::failed, "directory-too-old", "too old", "nobody is served any more", renew);
  std::uint64_t newest = 0;
  for (const PeerFacts& peer : facts.peers) newest = std::max(newest, peer.directory_version);
  if (newest > facts.directory_version)
    set(Health::warning, "newer-directory", "newer",
        "peers hold version " + number(newest) + "; they send it by themselves",
        "if this is still so in ten minutes: ginnel member adopt PAPERS --dir " + facts.dir);
  if (!facts.is_member)
    set(Health::failed, "not-a-member", "this node", "`" + facts.me.text() + "` is not in it",
        "ginnel member request --dir " + facts.dir + ", and give the file to a trustee");
  if (facts.is_revoked)
    set(Health::failed, "revoked", "this node", "`" + facts.me.text() + "` is revoked in it: nobody hears it",
        "ring the trustees");
  return out;
}

Finding keys_finding(const NodeFacts& facts) {
  Finding out{Health::ok, "own keys", "ok", {}, ""};
  if (!facts.own_newest)
    return {facts.directory_version == 0 ? Health::warning : Health::failed,
            "own keys",
            "no-own-statement",
            {{"key statement", "none of this node's own is held"}},
            "adopt the papers that the trustees signed; they hold it: ginnel member adopt PAPERS --dir " + facts.dir};
  const KeyStatement& newest = *facts.own_newest;
  const std::int64_t used = percent_used(newest, facts.now);
  out.hops.emplace_back("key statement", number(facts.own_number) + " is in use, " + number(std::uint64_t(used)) +
                                             " % of its life used, valid to " + day_of(newest.valid_until));
  if (facts.own_next_from) {
    out.hops.back().second = number(facts.own_number) + " is in use; statement " + number(newest.number) +
                             " is announced and begins by itself on " + day_of(*facts.own_next_from);
  } else if (newest.valid_until <= facts.now) {
    out.health = Health::failed;
    out.code = "own-keys-expired";
    out.remedy = "start the node: it makes new ones by itself; then give its statement to a peer by file";
  } else if (used >= 80) {
    out.health = Health::warning;
    out.code = "own-keys-old";
    out.remedy = "run the node: it changes its keys by itself; if it runs, look at [keys] in node.toml";
  }
  if (newest.endpoints.empty() || newest.endpoints.front() != facts.listen)
    out.hops.emplace_back("reached at", (newest.endpoints.empty() ? "nowhere" : newest.endpoints.front()) +
                                            ", listening on " + facts.listen);
  return out;
}

// If most peers are off by the same, it is this clock that is wrong.
std::optional<Finding> clock_finding(const NodeFacts& facts) {
  std::vector<std::int64_t> ahead;
  for (const PeerFacts& peer : facts.peers)
    if (peer.heard_at) ahead.push_back(peer.clock_ahead_ms);
  std::size_t from_future = 0;
  for (const PeerFacts& peer : facts.peers)
    from_future += peer.dropped && *peer.dropped == Drop::sent_in_future && !peer.heard_at;
  if (from_future >= 2 && from_future > ahead.size())
    return Finding{Health::failed,
                   "clock",
                   "clock-wrong",
                   {{"behind", "messages of " + number(from_future) + " peers come from more than two minutes ahead"}},
                   "timedatectl; then set this machine's clock, best by NTP"};
  if (ahead.size() < 2) return std::nullopt;
  std::nth_element(ahead.begin(), ahead.begin() + std::ptrdiff_t(ahead.size() / 2), ahead.end());
  const std::int64_t median = ahead[ahead.size() / 2];
  if (std::abs(median) < clock_warn_ms)
    return Finding{Health::ok, "clock", "ok", {{"agrees", "with " + number(ahead.size()) + " peers"}}, ""};
  return Finding{Health::failed,
                 "clock",
                 "clock-wrong",
                 {{median > 0 ? "behind" : "ahead", "of most peers by about " + seconds_of(median)}},
                 "timedatectl; then set this machine's clock, best by NTP"};
}

class PeerExamination {
 public:
  PeerExamination(const NodeFacts& facts, const PeerFacts& peer) : facts_(facts), peer_(peer) {
    out_.about = "peer " + peer.id.text();
    out_.code = "ok";
  }

  Finding examine() {
    if (!peer_.suspended_here.empty())
      return end(Health::warning, "suspended-here", "suspended", "by this node itself: " + peer_.suspended_here,
                 "when that is over: ginnel member suspend " + id() + " --lift --reason ... --dir " + facts_.dir);
    if (peer_.suspended_by_trustees)
      return end(Health::warning, "suspended", "suspended", "by the trustees, in the directory", "ring a trustee");
    if (peer_.standing == Standing::no_keys) return no_keys();
    if (peer_.probe) reach();
    heard();
    if (out_.health == Health::ok || peer_.probe) messages();
    return std::move(out_);
  }

 private:
  std::string id() const { return peer_.id.text(); }

  Finding end(Health health, std::string code, std::string hop, std::string what, std::string remedy) {
    set(health, std::move(code), std::move(hop), std::move(what), std::move(remedy));
    return std::move(out_);
  }
  // The first trouble counts; what comes after it is told and changes neither code nor remedy.
  void set(Health health, std::string code, std::string hop, std::string what, std::string remedy) {
    out_.hops.emplace_back(std::move(hop), std::move(what));
    if (health == Health::failed && !peer_.holds_records) health = Health::warning;
    if (out_.health == Health::failed || (out_.health == Health::warning && health == Health::warning)) return;
    out_.health = health;
    out_.code = std::move(code);
    out_.remedy = std::move(remedy);
  }
  void note(std::string hop, std::string what) { out_.hops.emplace_back(std::move(hop), std::move(what)); }

  Finding no_keys() {
    const std::string remedy = "take papers or its key statement from it: ginnel member adopt FILE --dir " + facts_.dir;
    if (!peer_.newest) return end(Health::failed, "no-keys", "keys", "no key statement of it has come here", remedy);
    const bool is_over = peer_.newest->valid_until <= facts_.now;
    return end(Health::failed, "no-keys", "keys",
               "its key statement " + number(peer_.newest->number) +
                   (is_over ? " ended on " + day_of(peer_.newest->valid_until)
                            : " begins on " + day_of(peer_.newest->valid_from)),
               is_over ? remedy : "look at both clocks");
  }

  void reach() {
    const Probe& probe = *peer_.probe;
    const std::string at = peer_.current && !peer_.current->endpoints.empty() ? peer_.current->endpoints.front() : "";
    const std::string its_keys = peer_.current ? number(peer_.current->number) : "?";
    const std::string why = probe.detail.empty() ? "" : " (" + probe.detail + ")";
    if (probe.reach == ProbeReach::no_endpoint)
      return set(Health::failed, "no-endpoint", "address", "its key statement " + its_keys + " names none",
                 "on " + id() + ": set `listen` in node.toml, and start the node again");
    if (probe.reach == ProbeReach::unresolved)
      return set(Health::failed, "unresolved", "name", "of " + at + " has no address" + why,
                 "getent hosts for that name; correct this machine's DNS or /etc/hosts");
    if (probe.reach == ProbeReach::refused)
      return set(Health::failed, "not-running", "port closed", at + " refuses: no node listens there",
                 "on " + id() + ": ginnel node run; if it runs: is its address still this one?");
    if (probe.reach == ProbeReach::unreachable)
      return set(Health::failed, "unreachable", "network", at + " cannot be reached" + why,
                 "ip route get, for that address: a route or this machine's firewall is missing");
    if (probe.reach == ProbeReach::timed_out)
      return set(Health::failed, "timed-out", "no answer",
                 at + " answered nothing in " + number(std::uint64_t(limits::probe_ms_max / second_ms)) + " s",
                 "its machine is off, or a firewall drops: let TCP to that port through on both sides");
    note("reached", at + " in " + number(std::uint64_t(probe.tcp_ms)) + " ms");
    const std::string mine = number(facts_.own_number);
    if (probe.reach == ProbeReach::no_greeting)
      return set(Health::failed, "hangs", "silent", "the connection stands, and nothing is said on it",
                 "on " + id() + ": ginnel node status; if that hangs too, start the node again");
    if (probe.reach == ProbeReach::not_zmq)
      return set(Health::failed, "not-a-node", "other service", "what listens there is no node",
                 "ask " + id() + " for its address: another program has that port");
    if (probe.reach == ProbeReach::other_key)
      return set(Health::failed, "other-key", "other key", "that node has not the key of its statement " + its_keys,
                 "ask " + id() + " which statement it uses (there: ginnel node doctor); then adopt that here");
    if (probe.reach == ProbeReach::revoked)
      return set(Health::failed, "revoked", "revoked", "it says that this node's member is revoked",
                 "ring the trustees; what they signed: ginnel member adopt PAPERS --dir " + facts_.dir);
    if (probe.reach == ProbeReach::not_admitted)
      return set(Health::failed, "not-admitted", "refused",
                 "it does not know our key statement " + mine + ", or has suspended us, or its directory is old",
                 "on " + id() + ": ginnel member show " + facts_.me.text() + "; if it holds another number than " +
                     mine + ": ginnel member adopt PAPERS there");
    note("admitted", "it knows our key statement " + mine + ", and has the key of its own " + its_keys);
  }

  void heard() {
    if (!facts_.is_running) return;
    if (!peer_.heard_at) return note("heard", "not since the start");
    note("heard", to_iso_utc(*peer_.heard_at) + ", holding directory version " + number(peer_.directory_version));
    if (peer_.directory_version < facts_.directory_version)
      set(Health::warning, "older-directory-there", "directory",
          "it held version " + number(peer_.directory_version) + " of " + number(facts_.directory_version),
          "nothing yet: this node sends the newer one by itself");
    if (std::abs(peer_.clock_ahead_ms) >= clock_warn_ms)
      set(Health::warning, "clock-differs", "clock",
          "its clock is " + seconds_of(peer_.clock_ahead_ms) + (peer_.clock_ahead_ms > 0 ? " ahead" : " behind") +
              " of this one; past two minutes messages are dropped",
          "compare both with the time: timedatectl, here and there");
  }

  void messages() {
    if (!peer_.dropped || !peer_.dropped_at || facts_.now - *peer_.dropped_at > lately_ms) return;
    if (peer_.heard_at && *peer_.heard_at > *peer_.dropped_at) return;  // it is over
    const std::string hop = "dropped";
    const std::string what = "its messages: " + std::string(name_of(*peer_.dropped));
    if (*peer_.dropped == Drop::sent_in_future || *peer_.dropped == Drop::expired)
      return set(Health::failed, "clock-differs", hop, what + ", so one of the two clocks is wrong",
                 "compare both with the time: timedatectl, here and there");
    if (*peer_.dropped == Drop::unknown_key)
      return set(Health::failed, "unknown-key", hop, what + ": it signs with a statement that has not come here",
                 "ginnel member adopt FILE --dir " + facts_.dir + ", with its newest key statement");
    set(Health::warning, "dropped", hop, what, "ring its operator with this word");
  }

  const NodeFacts& facts_;
  const PeerFacts& peer_;
  Finding out_;
};

}  // namespace

std::vector<Finding> diagnose(const NodeFacts& facts) {
  std::vector<Finding> out = {store_finding(facts), directory_finding(facts), keys_finding(facts)};
  if (!facts.is_running)
    out.push_back({Health::warning,
                   "this node",
                   "stopped",
                   {{"stopped", "so nothing was heard, and peers were tried with its keys from here"}},
                   "ginnel node run --dir " + facts.dir});
  if (!facts.bundle_refusal.empty())
    out.push_back(
        {facts.is_running ? Health::warning : Health::failed,
         "policy bundle",
         "unsigned-bundle",
         {{"not signed", facts.bundle_refusal}, {"so", "the next start refuses it"}},
         "have the trustees sign one (ginnel policy sign FILE), then ginnel policy adopt " + facts.dir + " FILE"});
  if (!facts.own_policies_refusal.empty())
    out.push_back({facts.is_running ? Health::warning : Health::failed,
                   "own policies",
                   "bad-own-policies",
                   {{"refused", facts.own_policies_refusal}, {"so", "the next start refuses them"}},
                   "mend each line; ginnel policy check says them too"});
  if (facts.in_shadow)
    out.push_back(
        {Health::warning,
         "sharing",
         "in-shadow",
         {{"in shadow", "what others ask is decided and recorded, and they are told nothing yet"},
          {"so far", "ginnel policy replay " + facts.dir + " --policies FOLDER says what they would be told"}},
         "to share: take `shadow` out of node.toml, and start without --shadow"});
  if (auto clock = clock_finding(facts)) out.push_back(std::move(*clock));
  for (const PeerFacts& peer : facts.peers) {
    if (peer.standing == Standing::revoked) continue;  // as it should be
    out.push_back(PeerExamination(facts, peer).examine());
  }
  return out;
}

}  // namespace ginnel
