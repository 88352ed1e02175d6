// SPDX-License-Identifier: Apache-2.0
#include "node/web/transfer_page.h"

#include <algorithm>
#include <array>
#include <utility>

#include "federation/record/nhs_number.h"
#include "node/view/assemble.h"
#include "node/view/transfer_words.h"
#include "node/view/view_words.h"
#include "node/web/case_view_page.h"
#include "node/web/page_parts.h"

namespace ginnel {
namespace {

using List = TemplateData::List;

constexpr std::size_t short_transfer_digits = 6;

// How the form for a statement speaks.
struct SayingWords {
  std::string_view said, title, hint, label, button;
  bool is_warning = false;
};
constexpr std::array<SayingWords, 8> saying_words{{
    {"accept", "Say that you will hold the conference",
     "Nothing moves by that: the other authority leads, and is accountable, as before.",
     "What is to be known about it? (optional)", "We will hold the conference"},
    {"conference", "The conference was held",
     "Say so after it was held. The other authority still leads, and is accountable.",
     "What is to be known about it? (optional)", "The conference was held"},
    {"acceptance", "Accept responsibility in writing",
     "After that the other authority can release the lead at any time, and your node then takes it by itself.",
     "In writing: that your authority accepts responsibility, from when, and who said so", "Accept responsibility"},
    {"release", "Release the lead",
     "Nobody orders steps from then on until the other authority has taken the lead. Your authority stays accountable "
     "until it has.",
     "What is to be known about it? (optional)", "Release the lead", true},
    {"assume", "Take the lead without the whole file",
     "With the whole file your node takes the lead by itself. If the child cannot wait for that, take it now, and say "
     "why.",
     "Why?", "Take the lead", true},
    {"decline", "Decline", "The lead stays where it is. Ring the other authority too.", "Why?", "Decline the offer",
     true},
    {"cancel", "Cancel the offer", "The lead stays with your authority. It can be offered again afterwards.", "Why?",
     "Cancel the offer", true},
    {"note", "Write a note", "It changes nothing, and both authorities read it.", "What is to be known?",
     "Write the note"},
}};

const SayingWords* saying_for(std::string_view said) {
  const auto found =
      std::find_if(saying_words.begin(), saying_words.end(), [&](const SayingWords& one) { return one.said == said; });
  return found == saying_words.end() ? nullptr : &*found;
}

bool is_blank_text(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// What both pages say of one.
void set_summary(TemplateData& row, const TransferSummary& transfer) {
  row.set("transfer_id", transfer.id.hex()).set("transfer_title", transfer.title);
  row.set("short_id", transfer.id.hex().substr(0, short_transfer_digits));
  row.set("originator", transfer.originator_name).set("receiver", transfer.receiver_name);
  row.set_text("move", transfer.move).set("offered", for_people(transfer.offered));
  row.set("state_words", sentence(transfer_state_words(transfer.state)));
  row.set_text("leads", transfer.lead_name).set("accountable_now", comma_list(transfer.accountable_name));
  row.set("waits_for_us", transfer.waits_for_us).set("has_ended", transfer.has_ended);
}

List accountable_rows(const TransferDetail& detail) {
  List rows;
  for (const auto& line : detail.accountable) {
    TemplateData row;
    row.set("accountable_name", line.name);
    row.set("since", line.since.is_set() ? for_people(line.since) : std::string("before the offer"));
    row.set_text("until", line.until.is_set() ? for_people(line.until) : std::string());
    rows.push_back(std::move(row));
  }
  return rows;
}

List sentences(const std::vector<std::string>& hangs) {
  List rows;
  for (const auto& one : hangs) rows.push_back(TemplateData().set("sentence", sentence(one)));
  return rows;
}

void add_transfer_child(TemplateData& data, const TransferDetail& detail) {
  const TransferChild child = detail.child.value_or(TransferChild());
  data.set_text("child_name", child.name);
  data.set_text("born", child.born.is_set() ? for_people(child.born) : std::string());
  data.set_text("nhs_number", child.nhs_number.empty() ? std::string() : nhs_number_for_people(child.nhs_number));
}

void add_transfer_file(TemplateData& data, const TransferDetail& detail) {
  const TransferFileState& file = detail.file;
  data.set("parts_here", std::to_string(file.parts_here)).set("parts", std::to_string(file.parts));
  data.set("has_parts", file.parts > 0).set("size", std::to_string((file.size_bytes + 1023) / 1024) + " KiB");
  data.set("is_complete", file.is_complete).set("is_own", file.is_own);
  List not_given;
  for (const auto& row : file.not_given) {
    TemplateData one;
    one.set("count", std::to_string(row.count)).set("category", without_hyphens(row.category));
    one.set("why", row.reason).set_text("ask", row.ask);
    not_given.push_back(std::move(one));
  }
  data.set_list("not_given", std::move(not_given));
}

// As a case view of the originator alone shows them, newest first.
List came_rows(const TransferDetail& detail) {
  CaseView view;
  view.shown_at = detail.as_at;
  ViewPart part;
  part.agency = MemberId::parse(detail.transfer.originator).value_or(MemberId());
  part.agency_name = detail.transfer.originator_name;
  view.parts.push_back(part);
  for (const auto& item : detail.items) view.items.push_back(view_item(part.agency, item, "", item.step));
  std::stable_sort(view.items.begin(), view.items.end(),
                   [](const ViewItem& a, const ViewItem& b) { return a.occurred.order() > b.occurred.order(); });
  List rows;
  for (const auto& item : view.items) rows.push_back(entry_row(view, item, /*with_links=*/false));
  return rows;
}

List statement_rows(const TransferDetail& detail) {
  List rows;
  for (const auto& line : detail.statements) {
    TemplateData row;
    row.set("at", for_people(line.at)).set("by", line.by_name).set("act", transfer_act_words(line.said));
    row.set_text("who", line.who).set_text("said_text", line.text);
    row.set_text("held", line.held.is_set() ? for_people(line.held) : std::string());
    rows.push_back(std::move(row));
  }
  return rows;
}

TemplateData saying_row(const SayingWords& words, const FormFields& filled, const std::vector<FormFault>& faults) {
  const std::string said(words.said);
  const bool is_filled = filled.get("said") == said;
  TemplateData row;
  row.set("said", said).set("form_title", std::string(words.title)).set("form_hint", std::string(words.hint));
  row.set("text_label", std::string(words.label)).set("button", std::string(words.button));
  row.set("is_warning", words.is_warning).set("form_is_open", is_filled);
  row.set("typed_text", is_filled ? filled.get("text") : std::string());
  row.set("typed_held", is_filled ? filled.get("held") : std::string());
  row.set("is_sure", is_filled && filled.get("sure") == "yes");
  row.set("asks_day", said == "conference").set("asks_sure", is_final_in_transfer(said));
  row.set_text("text_error", message_at(faults, "text-" + said));
  row.set_text("held_error", message_at(faults, "held-" + said));
  row.set_text("sure_error", message_at(faults, "sure-" + said));
  return row;
}

}  // namespace

void add_transfers(TemplateData& data, const TransferList& list) {
  List waiting, running, ended;
  for (const auto& transfer : list.transfers) {
    TemplateData row;
    set_summary(row, transfer);
    (transfer.waits_for_us ? waiting : transfer.has_ended ? ended : running).push_back(std::move(row));
  }
  data.set("has_transfers", !list.transfers.empty()).set("more_transfers", list.more);
  data.set_list("waiting_transfers", std::move(waiting)).set_list("running", std::move(running));
  data.set_list("ended", std::move(ended));
}

void add_transfer(TemplateData& data, const TransferDetail& detail, const FormFields& filled,
                  const std::vector<FormFault>& faults) {
  set_summary(data, detail.transfer);
  // The process is where it runs: at this node as long as it is ours, or has become so.
  const bool is_here = detail.transfer.is_ours || detail.file.is_own;
  data.set_text("process_id", is_here ? detail.transfer.process.hex() : std::string());
  data.set_list("accountable", accountable_rows(detail)).set_list("hangs", sentences(detail.hangs));
  add_transfer_child(data, detail);
  add_transfer_file(data, detail);
  data.set_list("entries", came_rows(detail)).set_list("statements", statement_rows(detail));
  List forms;
  for (const auto& said : detail.may_say)
    if (const SayingWords* words = saying_for(said)) forms.push_back(saying_row(*words, filled, faults));
  data.set_list("forms", std::move(forms)).set("as_at", for_people(detail.as_at));
}

tl::expected<TransferSaying, std::vector<FormFault>> read_saying_form(const TransferId& transfer,
                                                                      const FormFields& form) {
  TransferSaying out{transfer, form.get("said"), form.get("text"), {}};
  std::vector<FormFault> faults;
  const std::string held = form.get("held");
  if (out.said == "conference") {
    const auto day = parse_date(held);
    if (!day || !day->is_set())
      faults.push_back({"held-conference", held.empty() ? "Say on which day it was held." : "That is no day.",
                        "write it as 2026-12-03"});
    out.held = day.value_or(Date());
  }
  if (is_blank_text(out.text) && needs_why_in_transfer(out.said))
    faults.push_back(
        {"text-" + out.said, out.said == "note" ? "The note is empty." : "Say why.", "write it in a sentence"});
  if (out.text.size() > limits::transfer_text_bytes_max)
    faults.push_back({"text-" + out.said, "The text is longer than 1,000 bytes.", "say it in fewer words"});
  if (is_final_in_transfer(out.said) && form.get("sure") != "yes")
    faults.push_back({"sure-" + out.said, "Tick that you know that this cannot be taken back.", ""});
  if (faults.empty()) return out;
  return tl::unexpected(std::move(faults));
}

}  // namespace ginnel
