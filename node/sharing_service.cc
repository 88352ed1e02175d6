// SPDX-License-Identifier: Apache-2.0
// The Service's call that tells who saw what of a person. It is an access itself, and stands in the next account.
#include <map>

#include "node/node.h"
#include "node/posted_call.h"
#include "node/setup/accounts.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

SharingRow row_of(const EntryHeader& header, const Access& access, const std::map<ActorId, std::string>& names) {
  SharingRow row;
  row.entry = header.sequence;
  row.at = header.time;
  row.what = std::string(name_of(header.kind));
  row.form = access.form;
  row.member = access.peer;
  if (auto name = names.find(header.actor); name != names.end() && access.peer.empty()) row.worker = name->second;
  row.role = access.role;
  row.purpose = access.purpose;
  row.basis = access.basis;
  row.reason = access.reason;
  row.allocated = access.allocated;
  for (const AccessItem& item : access.items) {
    if (access.in_shadow)
      ++row.withheld;
    else if (item.step >= Step::headline)
      ++row.told;
    else if (item.step == Step::exists)
      ++row.counted;
    else
      ++row.withheld;
  }
  return row;
}

Expected<std::map<ActorId, std::string>> names_of_workers(const StoreReader& reader) {
  auto accounts = load_accounts(reader);
  if (!accounts) return tl::unexpected(accounts.error());
  std::map<ActorId, std::string> out;
  for (const Account& account : *accounts) out[*ActorId::from(account.id.bytes())] = account.display_name;
  return out;
}

// Beside the entries, newest first, from below `before`; the last row's number goes into the next call.
Expected<SharingAccount> account_of(const PersonRef& person, std::uint64_t before, const StoreReader& reader) {
  auto sequences = reader.access_to(person);
  if (!sequences) return tl::unexpected(sequences.error());
  auto names = names_of_workers(reader);
  if (!names) return tl::unexpected(names.error());
  SharingAccount out;
  out.person = person;
  for (auto at = sequences->rbegin(); at != sequences->rend(); ++at) {
    if (before != 0 && *at >= before) continue;
    if (out.rows.size() == limits::sharing_rows_max) {
      out.before = out.rows.back().entry;
      break;
    }
    auto entry = reader.entry(*at);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->erased) {
      ++out.erased;
      continue;
    }
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    out.rows.push_back(row_of(entry->header, *access, *names));
  }
  return out;
}

}  // namespace

void Node::sharing_of(std::string token, PersonRef person, std::uint64_t before, Done<SharingAccount> done) {
  call<SharingAccount>(*this, std::move(done), [this, token, person, before](Work& work) -> Expected<SharingAccount> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_sharing(*session, "cannot tell who saw what"); !allowed)
      return tl::unexpected(allowed.error());
    auto verdict = look_up(*session, person, "to tell who saw what of them", work.turn);
    if (!verdict) return tl::unexpected(verdict.error());
    return account_of(person, before, work.turn);
  });
}

}  // namespace ginnel
