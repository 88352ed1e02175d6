// SPDX-License-Identifier: Apache-2.0
#include "node/store/entry.h"

namespace ginnel {

std::string_view name_of(EntryKind kind) {
  switch (kind) {
    case EntryKind::genesis:
      return "genesis";
    case EntryKind::person:
      return "person";
    case EntryKind::record:
      return "record";
    case EntryKind::merge:
      return "merge";
    case EntryKind::tombstone:
      return "tombstone";
    case EntryKind::import_run:
      return "import_run";
    case EntryKind::rejected_row:
      return "rejected_row";
    case EntryKind::gone_at_source:
      return "gone_at_source";
    case EntryKind::unmerge:
      return "unmerge";
    case EntryKind::marking:
      return "marking";
    case EntryKind::retracted:
      return "retracted";
    case EntryKind::attachment:
      return "attachment";
    case EntryKind::asked:
      return "asked";
    case EntryKind::decided:
      return "decided";
    case EntryKind::disclosed:
      return "disclosed";
    case EntryKind::received:
      return "received";
    case EntryKind::view_shown:
      return "view_shown";
    case EntryKind::lookup:
      return "lookup";
    case EntryKind::refusal_to_share:
      return "refusal_to_share";
    case EntryKind::consent:
      return "consent";
    case EntryKind::people_searched:
      return "people_searched";
    case EntryKind::notice:
      return "notice";
    case EntryKind::receipt:
      return "receipt";
    case EntryKind::process_step:
      return "process_step";
    case EntryKind::transfer:
      return "transfer";
    case EntryKind::task:
      return "task";
    case EntryKind::allocation:
      return "allocation";
    case EntryKind::notice_shown:
      return "notice_shown";
    case EntryKind::notice_acknowledged:
      return "notice_acknowledged";
    case EntryKind::file_disclosed:
      return "file_disclosed";
    case EntryKind::file_received:
      return "file_received";
    case EntryKind::directory_adopted:
      return "directory_adopted";
    case EntryKind::policy_adopted:
      return "policy_adopted";
    case EntryKind::unlock:
      return "unlock";
    case EntryKind::sign_in:
      return "sign_in";
    case EntryKind::operator_act:
      return "operator_act";
    case EntryKind::retention:
      return "retention";
  }
  return "";
}

std::optional<EntryKind> entry_kind_from(std::uint16_t number) {
  const auto kind = EntryKind(number);
  if (name_of(kind).empty()) return std::nullopt;
  return kind;
}

}  // namespace ginnel
