// SPDX-License-Identifier: Apache-2.0
#include "node/web/transfer_api.h"

#include <nlohmann/json.hpp>

#include "node/view/assemble.h"
#include "node/view/view_json_parts.h"
#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

OrderedJson transfer_json(const TransferSummary& transfer) {
  OrderedJson out{{"id", transfer.id.hex()}, {"process", transfer.process.hex()}};
  if (!transfer.person.empty()) out["person"] = transfer.person.hex();
  out["definition"] = transfer.definition;
  out["title"] = transfer.title;
  out["originator"] = transfer.originator;
  out["originatorName"] = transfer.originator_name;
  out["receiver"] = transfer.receiver;
  out["receiverName"] = transfer.receiver_name;
  out["move"] = transfer.move;
  out["state"] = transfer.state;
  out["offered"] = to_iso_utc(transfer.offered);
  put_if_set(out, "leads", transfer.lead_name);
  out["accountableNow"] = transfer.accountable_name;
  out["ours"] = transfer.is_ours;
  out["waitsForUs"] = transfer.waits_for_us;
  out["ended"] = transfer.has_ended;
  return out;
}

OrderedJson child_json(const TransferChild& child) {
  OrderedJson out{{"name", child.name}};
  put_if_set(out, "nhsNumber", child.nhs_number);
  if (child.born.is_set()) out["dateOfBirth"] = child.born.iso();
  return out;
}

OrderedJson said_json(const TransferLine& line) {
  OrderedJson out{{"said", line.said}, {"by", line.by}, {"name", line.by_name}, {"at", to_iso_utc(line.at)}};
  put_if_set(out, "who", line.who);
  put_if_set(out, "text", line.text);
  if (line.held.is_set()) out["held"] = to_iso(line.held);
  return out;
}

OrderedJson accountable_json(const AccountableLine& line) {
  OrderedJson out{{"member", line.member}, {"name", line.name}, {"epoch", line.epoch}};
  if (line.since.is_set()) out["since"] = to_iso_utc(line.since);
  if (line.until.is_set()) out["until"] = to_iso_utc(line.until);
  return out;
}

OrderedJson file_json(const TransferFileState& file, const MemberId& originator) {
  OrderedJson not_given = OrderedJson::array();
  for (const auto& row : file.not_given)
    not_given.push_back(withheld_json({originator, row.category, row.count, row.reason, row.ask}));
  return {{"parts", file.parts},          {"partsHere", file.parts_here}, {"sizeBytes", file.size_bytes},
          {"complete", file.is_complete}, {"own", file.is_own},           {"notGiven", std::move(not_given)}};
}

// As in a case view, but for the agency's kind, which a transfer does not tell.
OrderedJson came_json(const Item& item, const MemberId& originator) {
  OrderedJson out = item_json(view_item(originator, item, "", item.step));
  out.erase("agencyKind");
  return out;
}

// Texts were checked where they came in; should one be broken all the same, its mark is better than no transfer.
std::string transfer_text(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace

Expected<NewLeadOffer> read_new_lead_offer(std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"process", "to", "move", "why"});
  NewLeadOffer wish;
  const auto process = ProcessId::parse(in.needed_text("process", limits::api_word_bytes_max));
  if (!process) in.fault("process", "is no id", "take it from `ginnel process list`");
  wish.process = process.value_or(ProcessId());
  wish.to = in.needed_text("to", limits::api_word_bytes_max);
  wish.move = in.needed_text("move", limits::api_word_bytes_max);
  wish.why = in.needed_text("why", limits::transfer_text_bytes_max, true);
  if (const Error* fault = in.first_fault()) return tl::unexpected(*fault);
  return wish;
}

Expected<TransferSaying> read_transfer_saying(const TransferId& transfer, std::string_view json) {
  auto body = read_json(json);
  if (!body) return tl::unexpected(body.error());
  ObjectReader in(*body, "");
  in.allow_only({"said", "text", "held"});
  TransferSaying wish;
  wish.transfer = transfer;
  wish.said = in.needed_text("said", limits::api_word_bytes_max);
  wish.text = in.text("text", limits::transfer_text_bytes_max, true);
  const bool is_conference = wish.said == "conference";
  const std::string held =
      is_conference ? in.needed_text("held", limits::api_word_bytes_max) : in.text("held", limits::api_word_bytes_max);
  const auto day = parse_date(held);
  if (!is_conference && !held.empty()) in.fault("held", "is of a conference alone", "leave it out");
  if (is_conference && !(day && day->is_set())) in.fault("held", "is no day", "write 2026-12-03");
  wish.held = day.value_or(Date());
  if (const Error* fault = in.first_fault()) return tl::unexpected(*fault);
  return wish;
}

std::string to_json(const TransferList& list) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& transfer : list.transfers) rows.push_back(transfer_json(transfer));
  return transfer_text({{"transfers", std::move(rows)}, {"more", list.more}});
}

std::string to_json(const TransferDetail& detail) {
  const MemberId originator = MemberId::parse(detail.transfer.originator).value_or(MemberId());
  OrderedJson out = transfer_json(detail.transfer);
  OrderedJson accountable = OrderedJson::array(), statements = OrderedJson::array(), items = OrderedJson::array();
  for (const auto& line : detail.accountable) accountable.push_back(accountable_json(line));
  for (const auto& line : detail.statements) statements.push_back(said_json(line));
  for (const auto& item : detail.items) items.push_back(came_json(item, originator));
  out["accountable"] = std::move(accountable);
  out["hangs"] = detail.hangs;
  if (detail.child) out["child"] = child_json(*detail.child);
  out["file"] = file_json(detail.file, originator);
  out["items"] = std::move(items);
  out["statements"] = std::move(statements);
  out["maySay"] = detail.may_say;
  out["asAt"] = to_iso_utc(detail.as_at);
  return transfer_text(out);
}

}  // namespace ginnel
