// SPDX-License-Identifier: Apache-2.0
#include "node/membership/trustee.h"

#include <algorithm>

#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr std::string_view signed_list_key = "signed-list";
constexpr const char* cannot_sign = "cannot sign the list of members";

// Side table `settings`: version u64, hash.
Bytes row_of(const SignedList& list) {
  Bytes row;
  put_u64(row, list.version);
  append(row, list.proposal);
  return row;
}

}  // namespace

Expected<std::optional<SignedList>> load_signed_list(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(signed_list_key));
  if (!row) return tl::unexpected(row.error());
  SignedList list;
  if (!*row || (*row)->size() != 8 + list.proposal.size()) return std::nullopt;
  list.version = *read_u64(**row, 0);
  std::copy((*row)->begin() + 8, (*row)->end(), list.proposal.begin());
  return list;
}

Expected<void> check_signed_before(const std::optional<SignedList>& before, const SignedList& next,
                                   std::uint64_t version_in_force, bool instead) {
  if (!before || *before == next || before->version <= version_in_force) return {};
  const std::string version = std::to_string(before->version);
  if (before->version == next.version)
    return fail("version-signed", cannot_sign, "you signed another list of version " + version,
                "have the change proposed anew by a trustee whose node knows of that: it takes the next version");
  if (instead) return {};
  return fail("another-list-signed", cannot_sign,
              "you signed the list of version " + version + ", which is not in force yet: both could come to be",
              "adopt that one first; or, if its papers are given up for good, sign this one with --instead");
}

Expected<void> check_approved(const Review& review, const std::vector<std::string>& approved) {
  std::vector<std::string> changes;
  for (const Change& change : review.changes) changes.push_back(words_of(change));
  if (changes == approved) return {};
  std::string told;
  for (const std::string& change : changes) told += (told.empty() ? "" : ", ") + change;
  return fail("not-as-approved", cannot_sign, changes.empty() ? "it only renews the list" : "its changes are: " + told,
              "use the command for that: ginnel member admit, revoke or renew");
}

Expected<Papers> sign_as_trustee(const Papers& papers, const Approval& approval, const MemberId& me,
                                 const OwnKeys& keys, const DirectoryBook& book, const TrustAnchor& anchor,
                                 Turn& turn) {
  auto reviewed = review(papers, book.directory(), anchor, turn.now());
  if (!reviewed) return tl::unexpected(reviewed.error());
  if (auto good = check_approved(*reviewed, approval.changes); !good) return tl::unexpected(good.error());
  auto hash = proposal_hash(papers);
  if (!hash) return tl::unexpected(hash.error());
  auto before = load_signed_list(turn);
  if (!before) return tl::unexpected(before.error());
  const SignedList next{reviewed->proposed.version, *hash};
  if (auto free = check_signed_before(*before, next, book.version(), approval.instead); !free)
    return tl::unexpected(free.error());
  auto made = add_signature(papers, me, keys.identity, anchor);
  if (!made) return made;
  if (auto put = turn.put_side(SideTable::settings, view_of(signed_list_key), row_of(next)); !put)
    return tl::unexpected(put.error());
  std::string detail = "version " + std::to_string(next.version);
  for (const std::string& change : approval.changes) detail += ", " + change;
  if (!papers.reason.empty()) detail += ": " + papers.reason;
  auto written = turn.append(EntryKind::operator_act, {}, turn.node_key(),
                             encode(OperatorAct{"directory-signed", "operator", UserId(), std::move(detail)}));
  if (!written) return tl::unexpected(written.error());
  return made;
}

}  // namespace ginnel
