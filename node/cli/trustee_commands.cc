// SPDX-License-Identifier: Apache-2.0
#include "node/cli/trustee_commands.h"

#include <filesystem>
#include <fstream>
#include <functional>

#include "federation/directory/check_phrase.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/papers_codec.h"
#include "node/cli/federation_view.h"
#include "node/cli/output.h"
#include "node/cli/signer.h"
#include "node/cli/terminal_text.h"
#include "node/setup/private_file.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr int wrong_phrases_max = 3;

void print_member(std::ostream& out, const Member& member, const Bytes& request_file, const Change& change) {
  const auto line = [&out](std::string_view name, const std::string& text) {
    if (!text.empty()) out << "    " << fitted(name, 10) << harmless(text) << "\n";
  };
  line("name", member.name + " (" + member.kind + ")" + (member.holds_records ? "" : ", holds no records"));
  line("duty",
       member.duty.name + ", " + member.duty.phone + (member.duty.hours.empty() ? "" : ", " + member.duty.hours));
  std::string proves;
  for (const std::string& purpose : member.may_prove) proves += (proves.empty() ? "" : ", ") + purpose;
  line("may prove", proves);
  line("acts for", member.acts_for.text());
  line("hosted by", member.hosted_by.text());
  std::string fields;
  for (const std::string& field : change.fields) fields += (fields.empty() ? "" : ", ") + field;
  line("changes", fields);
  auto request = read_member_request(request_file);
  if (!request) return;
  if (auto statement = read_key_statement(request->statement); statement && !statement->endpoints.empty())
    line("reached", statement->endpoints.front());
  line("asked", to_iso_utc(request->made_at));
}

void print_review(std::ostream& out, const Review& review, const std::string& reason) {
  out << "version " << review.proposed.version << " of the list of members, "
      << (review.base_version == 0 ? std::string("the first") : "after version " + std::to_string(review.base_version))
      << (review.changes.empty() ? ": nothing changes but its date\n" : ", would\n");
  for (const Change& change : review.changes) {
    out << "  " << words_of(change) << "\n";
    if (!change.request.empty())
      print_member(out, change.member, change.request, change);
    else
      out << "    " << fitted("name", 10) << harmless(change.member.name) << "\n";
  }
  if (!reason.empty()) out << "    " << fitted("reason", 10) << harmless(reason) << "\n";
}

// SECURITY: the phrase is never shown here: it can only come from whoever read it out, so nobody signs without a call.
Expected<void> have_phrases_read_back(Invocation& call, const Review& review) {
  std::ifstream file;
  if (call.has("phrase")) file.open(call.text("phrase"));
  std::istream& in = call.has("phrase") ? static_cast<std::istream&>(file) : call.streams.in;
  for (const Change& change : review.changes) {
    if (change.request.empty()) continue;
    const std::string id = change.member.id.text();
    call.streams.err << "Ring " << id
                     << " on a number that you have from elsewhere, and have the ten words read out.\n";
    bool is_right = false;
    for (int i = 0; i < wrong_phrases_max && !is_right; ++i) {
      call.streams.err << "check phrase of " << id << ": " << std::flush;
      std::string typed;
      if (!std::getline(in, typed)) break;
      is_right = is_check_phrase(typed, change.request);
      call.streams.err << (is_right ? "it is the same file\n" : "that is another phrase\n");
    }
    if (!is_right)
      return fail("other-phrase", "did not sign for `" + id + "`",
                  "the words that were typed are not the check phrase of this file",
                  "have them read out again; if they differ still, the file was changed on its way: tell both sides");
  }
  return {};
}

Expected<void> have_member_typed(Invocation& call, const MemberId& member) {
  call.streams.err << "Type " << member.text() << " to revoke it: " << std::flush;
  std::string typed;
  std::getline(call.streams.in, typed);
  if (typed == member.text()) return {};
  return fail("not-confirmed", "did not sign", "the member's id was not typed", "type it as it stands there");
}

ExitCode write_papers(Invocation& call, const Signer& signer, const Papers& made, const fs::path& to) {
  auto bytes = encode_papers(made);
  if (!bytes) return failed_with(call.streams, bytes.error());
  if (auto written = write_file(to, text_of(*bytes)); !written) return failed_with(call.streams, written.error());
  auto proposal = decode_signed_directory(made.proposal);
  if (!proposal) return failed_with(call.streams, proposal.error());
  const auto groups = signatures_of(*proposal, signer.trust.rule);
  call.streams.out << "signed as " << signer.me.text() << "\n";
  print_signatures(call.streams.out, groups);
  call.streams.out << "papers  " << to.string() << "\n";
  if (is_signed_by_enough(groups))
    call.streams.err << "Enough have signed. On any running node: ginnel member adopt " << to.string()
                     << " --dir DIR\n"
                        "It tells the others by itself. Who is new adopts them too.\n";
  else
    call.streams.err << "Send the papers to a trustee that is missing, who gives the same command with this file.\n";
  return ExitCode::done;
}

std::vector<std::string> words_of_all(const Review& review) {
  std::vector<std::string> out;
  for (const Change& change : review.changes) out.push_back(words_of(change));
  return out;
}

fs::path out_file(const Invocation& call, const Review& review, const std::string& papers_file) {
  if (call.has("out")) return call.text("out");
  if (!papers_file.empty()) return papers_file;
  return "version-" + std::to_string(review.proposed.version) + ".papers";
}

const Directory* held_by(const Signer& signer) { return signer.directory ? &*signer.directory : nullptr; }

// Shows, has it confirmed, signs, writes.
ExitCode sign_papers(Invocation& call, const Signer& signer, const Papers& papers, const std::string& papers_file,
                     const std::function<Expected<void>(const Review&)>& confirm) {
  auto reviewed = review(papers, held_by(signer), signer.trust, system_clock()->now());
  if (!reviewed) return failed_with(call.streams, reviewed.error());
  print_review(call.streams.out, *reviewed, papers.reason);
  call.streams.out << std::flush;
  if (call.has("dry-run")) {
    print_signatures(call.streams.out, reviewed->signatures);
    return ExitCode::done;
  }
  if (auto confirmed = confirm(*reviewed); !confirmed) return failed_with(call.streams, confirmed.error());
  auto made = signer.sign(papers, words_of_all(*reviewed), call.has("instead"));
  if (!made) return failed_with(call.streams, made.error());
  return write_papers(call, signer, *made, out_file(call, *reviewed, papers_file));
}

}  // namespace

Expected<Papers> read_papers_file(const std::string& file) {
  auto bytes = read_bytes(file, limits::papers_bytes_max);
  return bytes ? decode_papers(*bytes) : tl::unexpected(bytes.error());
}

ExitCode member_admit(Invocation& call) {
  std::vector<Bytes> requests;
  for (const std::string& file : call.arguments) {
    auto bytes = read_bytes(file, limits::papers_bytes_max);
    if (!bytes) return failed_with(call.streams, bytes.error());
    if (read_member_request(*bytes)) requests.push_back(std::move(*bytes));
  }
  if (!requests.empty() && requests.size() != call.arguments.size())
    return told_usage(call, "cannot admit these", "some of the files are requests and some are not",
                      "give requests, or the papers of one proposal");
  if (requests.empty() && call.arguments.size() != 1) {
    auto bytes = read_bytes(call.arguments.front(), limits::papers_bytes_max);
    return failed_with(call.streams, read_member_request(*bytes).error());
  }
  auto signer = signer_of(call);
  if (!signer) return signer.error();
  auto papers = requests.empty() ? read_papers_file(call.arguments.front())
                                 : propose_admission(signer->held, signer->trust, requests, system_clock()->now());
  if (!papers) return failed_with(call.streams, papers.error());
  if (call.has("identity-key") && !requests.empty())
    return told_usage(call, "cannot propose with an identity key alone", "a node knows the list in force",
                      "have a trustee with a node propose, and sign its papers");
  return sign_papers(call, *signer, *papers, requests.empty() ? call.arguments.front() : "",
                     [&call](const Review& review) -> Expected<void> {
                       for (const Change& change : review.changes)
                         if (change.request.empty())
                           return fail("not-as-approved", "did not sign", "these papers " + words_of(change),
                                       "ginnel member revoke " + change.member.id.text() + " --papers FILE");
                       if (review.changes.empty())
                         return fail("not-as-approved", "did not sign", "these papers admit nobody",
                                     "ginnel member renew --papers FILE");
                       return have_phrases_read_back(call, review);
                     });
}

ExitCode member_revoke(Invocation& call) {
  auto member = MemberId::parse(call.arguments.front());
  if (!member)
    return told_usage(call, "cannot revoke `" + call.arguments.front() + "`", "that is no member id",
                      "see member list");
  const std::string reason = call.text("reason"), file = call.text("papers");
  if (file.empty() && (reason.empty() || reason.size() > limits::line_bytes_max))
    return told_usage(call, "cannot revoke `" + member->text() + "`", "--reason is missing or longer than 500 bytes",
                      "say in one line why");
  auto signer = signer_of(call);
  if (!signer) return signer.error();
  auto papers = file.empty() ? propose_revocation(signer->held, signer->trust, *member, reason, system_clock()->now())
                             : read_papers_file(file);
  if (!papers) return failed_with(call.streams, papers.error());
  return sign_papers(call, *signer, *papers, file, [&](const Review& review) -> Expected<void> {
    const bool is_it =
        review.changes.size() == 1 && review.changes[0].request.empty() && review.changes[0].member.id == *member;
    if (!is_it) return fail("not-as-approved", "did not sign", "these papers do something else", "read them above");
    return have_member_typed(call, *member);
  });
}

ExitCode member_renew(Invocation& call) {
  auto signer = signer_of(call);
  if (!signer) return signer.error();
  const std::string file = call.text("papers");
  auto papers =
      file.empty() ? propose_renewal(signer->held, signer->trust, system_clock()->now()) : read_papers_file(file);
  if (!papers) return failed_with(call.streams, papers.error());
  return sign_papers(call, *signer, *papers, file, [](const Review& review) -> Expected<void> {
    if (review.changes.empty()) return {};
    return fail("not-as-approved", "did not sign", "these papers " + words_of(review.changes.front()),
                "use the command for that: ginnel member admit or revoke");
  });
}

ExitCode member_key(Invocation& call) {
  const fs::path file = call.text("out");
  std::error_code ignored;
  if (fs::exists(file, ignored))
    return told_usage(call, "cannot make a key", file.string() + " is there already",
                      "no key is ever overwritten: choose another");
  auto random = system_random();
  const SigningKey key = SigningKey::make(*random);
  if (auto written = write_private_file(file, to_hex(key.seed.bytes()) + "\n"); !written)
    return failed_with(call.streams, written.error());
  call.streams.out << "identity key  " << to_hex(key.public_key) << "\n";
  call.streams.err << "It stands in trust.toml of every node; the file signs for you: keep it away from the network.\n";
  return ExitCode::done;
}

}  // namespace ginnel
