// SPDX-License-Identifier: Apache-2.0
// The Service's calls about a child's chronology: given out, as it was known at a past moment, and what people mark in
// it as significant.
#include "federation/base/crypto/hash.h"
#include "federation/base/mistakes.h"
#include "federation/wire/record_codec.h"
#include "node/node.h"
#include "node/posted_call.h"
#include "node/view/significance.h"

namespace ginnel {

void Node::read_chronology(std::string token, ViewId view, ChronologyForm form, Done<CaseView> done) {
  call<CaseView>(*this, std::move(done), [this, token, view, form](Work& work) -> Expected<CaseView> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return show_view(*session, view, work.turn, "chronology-" + std::string(name_of(form)));
  });
}

void Node::ask_as_known_at(Caller caller, ViewId view, Instant moment, Done<CaseView> done) {
  const auto again = [this, view, moment](Work& work, const Session& session) -> Expected<ViewRequest> {
    auto request = views_.request(session, view, own_part(), work.turn);
    if (request) request->as_known_at = moment;
    return request;
  };
  begin_view(std::move(caller), again, std::move(done));
}

void Node::mark_significant(Caller caller, NewSignificance mark, Done<RecordId> done) {
  const auto work = [this, mark](Work& work, const Session& session) -> Expected<RecordId> {
    constexpr const char* cannot = "cannot mark the entry";
    const Word* role = gate_.bundle().vocabulary.find("role", session.role);
    if (!role || !role->writes)
      return fail("forbidden", cannot, "your role records nothing", "ask a colleague who works with the child");
    std::vector<std::string> mistakes = mark.mistakes;
    if (mark.reason.empty()) mistakes.emplace_back("`reason` is missing: say why it matters");
    if (mark.reason.size() > limits::significance_reason_bytes_max)
      mistakes.push_back("`reason` is longer than " + std::to_string(limits::significance_reason_bytes_max) + " bytes");
    if (!mistakes.empty()) return fail_with_all("bad-mark", cannot, mistakes);
    auto marked = views_.label(session, mark.view, mark.entry, own_part(), work.turn);
    if (!marked) return tl::unexpected(marked.error());
    auto person = views_.subject(session, mark.view, own_part(), work.turn);
    if (!person)
      return fail("not-held", cannot, "your agency holds nothing on this child with which it could be kept",
                  "record what you know of the child first: the mark stands beside it");
    Record record = mark_of(mark.entry, mark.reason, *marked);
    record.id = RecordId::make(p_.random);
    record.subjects = {{*person, SubjectRole::child}};
    record.occurred = When::at_instant(work.now);
    record.recorded_at_source = record.occurred;
    record.received_by_node = work.now;
    record.label.owner = settings_.member;
    record.author = {session.display_name, session.role, session.team, settings_.duty.phone};
    record.source = {significance_source, record.id.hex(), {}, 1};
    auto body = encode_record(record);
    if (!body) return fail("bad-mark", cannot, body.error().why, body.error().remedy);
    record.source.content_hash = sha256(*body);
    // Nobody is told unasked: it is no event in the child's life, and the next view has it.
    auto made = work.turn.put_record(std::move(record), actor_of(session), Tell::nobody);
    if (made) views_.renew(mark.view);  // whoever marked it looks at it next
    return made;
  };
  call_once<RecordId>(*this, std::move(caller), std::move(done), work);
}

}  // namespace ginnel
