// SPDX-License-Identifier: Apache-2.0
// The bytes of entries about processes; see codec.h.
#include "node/store/codec.h"
#include "node/store/codec_parts.h"

namespace ginnel {

using namespace codec_parts;

namespace {

using To = stored::ProcessStep::Builder;
using From = stored::ProcessStep::Reader;

// In the order of the numbers of entry.capnp.
enum class What : std::uint16_t {
  started = 0,
  step_opened = 1,
  contributed = 2,
  step_closed = 3,
  reason_given = 4,
  alert_raised = 5,
  alert_acknowledged = 6,
  migrated = 7,
  ended = 8,
  looked = 9,
  lead_moved = 10,
};

void put_when(stored::ProcessWhen::Builder to, const When& when) {
  to.setAt(when.at.ms);
  to.setDay(when.is_set() ? when.date.days() : 0);
  to.setPrecision(std::uint16_t(when.precision));
}
When when_of(stored::ProcessWhen::Reader from) {
  When when;
  when.precision = closed(from.getPrecision(), Precision::expected);
  if (!when.is_set()) return when;
  static const std::int32_t first = Date::of(1800, 1, 1)->days(), last = Date::of(2200, 12, 31)->days();
  if (from.getDay() < first || from.getDay() > last) throw BadValue{"a day lies outside of the calendar"};
  when.at = {from.getAt()};
  when.date = Date::from_days(from.getDay());
  return when;
}

void put_actor(stored::ProcessActor::Builder to, const Actor& actor) {
  to.setMember(text_from(actor.member));
  to.setKind(text_from(actor.kind));
  to.setWorker(text_from(actor.worker));
  to.setRole(text_from(actor.role));
}
Actor actor_of(stored::ProcessActor::Reader from) {
  return {string_of(from.getMember()), string_of(from.getKind()), string_of(from.getWorker()),
          string_of(from.getRole())};
}

template <class List>
void put_set(List list, const std::set<std::string>& texts) {
  unsigned i = 0;
  for (const auto& text : texts) list.set(i++, text_from(text));
}
std::set<std::string> set_of(capnp::List<capnp::Text>::Reader list) {
  std::set<std::string> texts;
  for (auto text : list) texts.insert(string_of(text));
  return texts;
}

void put_names(capnp::List<stored::ProcessName>::Builder list, const std::map<std::string, std::string>& names) {
  unsigned i = 0;
  for (const auto& [before, after] : names) {
    list[i].setBefore(text_from(before));
    list[i++].setAfter(text_from(after));
  }
}
std::map<std::string, std::string> names_of(capnp::List<stored::ProcessName>::Reader list) {
  std::map<std::string, std::string> names;
  for (auto name : list) names[string_of(name.getBefore())] = string_of(name.getAfter());
  return names;
}

void put_key(To to, const DefinitionKey& key) {
  to.setDefinition(text_from(key.id));
  to.setAuthority(text_from(key.authority));
  to.setVersion(key.version);
}
DefinitionKey key_of(From from) {
  return {string_of(from.getDefinition()), string_of(from.getAuthority()), from.getVersion()};
}

void put(To to, const ProcessStarted& record) {
  to.setWhat(std::uint16_t(What::started));
  put_key(to, record.definition);
  to.setLeadMember(text_from(record.lead_member));
  put_actor(to.initBy(), record.by);
}
void put(To to, const StepOpened& record) {
  to.setWhat(std::uint16_t(What::step_opened));
  to.setInstance(record.instance);
  to.setName(text_from(record.step));
  to.setCause(record.cause);
  to.setOutcome(text_from(record.outcome));
  to.setState(text_from(record.state));
  put_when(to.initAt(), record.at);
  put_actor(to.initBy(), record.by);
}
void put(To to, const Contributed& record) {
  to.setWhat(std::uint16_t(What::contributed));
  to.setInstance(record.instance);
  to.setName(text_from(record.name));
  to.setText(text_from(record.text));
  put_when(to.initAt(), record.at);
  put_actor(to.initBy(), record.by);
}
void put(To to, const StepClosed& record) {
  to.setWhat(std::uint16_t(What::step_closed));
  to.setInstance(record.instance);
  to.setOutcome(text_from(record.outcome));
  to.setText(text_from(record.reason));
  put_set(to.initOpens(unsigned(record.opens.size())), record.opens);
  put_set(to.initCloses(unsigned(record.closes.size())), record.closes);
  put_when(to.initAt(), record.at);
  put_actor(to.initBy(), record.by);
}
void put(To to, const ReasonGiven& record) {
  to.setWhat(std::uint16_t(What::reason_given));
  to.setInstance(record.instance);
  to.setName(text_from(record.clock));
  to.setText(text_from(record.text));
  put_actor(to.initBy(), record.by);
}
void put(To to, const AlertRaised& record) {
  to.setWhat(std::uint16_t(What::alert_raised));
  to.setInstance(record.instance);
  to.setName(text_from(record.key));
  to.setAbout(std::uint16_t(record.about));
  to.setTitle(text_from(record.title));
  to.setText(text_from(record.why));
  put_set(to.initRoles(unsigned(record.roles.size())), record.roles);
  put_set(to.initMembers(unsigned(record.members.size())), record.members);
  put_set(to.initCovers(unsigned(record.covers.size())), record.covers);
  to.setProposes(text_from(record.proposes));
  to.setDue(record.due ? record.due->ms : 0);
}
void put(To to, const AlertAcknowledged& record) {
  to.setWhat(std::uint16_t(What::alert_acknowledged));
  to.setName(text_from(record.key));
  put_actor(to.initBy(), record.by);
}
void put(To to, const ProcessMigrated& record) {
  to.setWhat(std::uint16_t(What::migrated));
  put_key(to, record.to);
  put_names(to.initSteps(unsigned(record.steps.size())), record.steps);
  put_names(to.initStates(unsigned(record.states.size())), record.states);
  put_actor(to.initBy(), record.by);
}
void put(To to, const ProcessEnded& record) {
  to.setWhat(std::uint16_t(What::ended));
  put_when(to.initAt(), record.at);
}
void put(To to, const Looked& record) {
  to.setWhat(std::uint16_t(What::looked));
  to.setText(text_from(record.problem));
  put_set(to.initMembers(unsigned(record.unanswered.size())), record.unanswered);
  put_set(to.initWithheld(unsigned(record.withheld.size())), record.withheld);
}

void put(To to, const LeadMoved& record) {
  to.setWhat(std::uint16_t(What::lead_moved));
  to.setLeadMember(text_from(record.lead_member));
  to.setLeadEpoch(record.epoch);
}

AlertRaised alert_of(From from) {
  AlertRaised alert;
  alert.key = string_of(from.getName());
  alert.about = closed(from.getAbout(), AlertRaised::About::cannot_compute);
  alert.instance = from.getInstance();
  alert.title = string_of(from.getTitle());
  alert.why = string_of(from.getText());
  alert.roles = set_of(from.getRoles());
  alert.members = set_of(from.getMembers());
  alert.covers = set_of(from.getCovers());
  alert.proposes = string_of(from.getProposes());
  if (from.getDue() != 0) alert.due = Instant{from.getDue()};
  return alert;
}

decltype(ProcessRecord::what) what_of(From from) {
  switch (closed(from.getWhat(), What::lead_moved)) {
    case What::started:
      return ProcessStarted{key_of(from), string_of(from.getLeadMember()), actor_of(from.getBy())};
    case What::step_opened:
      return StepOpened{from.getInstance(),           string_of(from.getName()),  from.getCause(),
                        string_of(from.getOutcome()), string_of(from.getState()), when_of(from.getAt()),
                        actor_of(from.getBy())};
    case What::contributed:
      return Contributed{from.getInstance(), string_of(from.getName()), when_of(from.getAt()),
                         string_of(from.getText()), actor_of(from.getBy())};
    case What::step_closed:
      return StepClosed{from.getInstance(),        string_of(from.getOutcome()), when_of(from.getAt()),
                        string_of(from.getText()), set_of(from.getOpens()),      set_of(from.getCloses()),
                        actor_of(from.getBy())};
    case What::reason_given:
      return ReasonGiven{from.getInstance(), string_of(from.getName()), string_of(from.getText()),
                         actor_of(from.getBy())};
    case What::alert_raised:
      return alert_of(from);
    case What::alert_acknowledged:
      return AlertAcknowledged{string_of(from.getName()), actor_of(from.getBy())};
    case What::migrated:
      return ProcessMigrated{key_of(from), names_of(from.getSteps()), names_of(from.getStates()),
                             actor_of(from.getBy())};
    case What::ended:
      return ProcessEnded{when_of(from.getAt())};
    case What::looked:
      return Looked{set_of(from.getMembers()), set_of(from.getWithheld()), string_of(from.getText())};
    case What::lead_moved:
      break;
  }
  return LeadMoved{string_of(from.getLeadMember()), from.getLeadEpoch()};
}

}  // namespace

Bytes encode(const ProcessEntry& body) {
  return encoded<stored::ProcessStep>([&](To to) {
    to.setProcess(id_data(body.process));
    to.setPerson(id_data(body.person));
    to.setRecorded(body.record.recorded.ms);
    std::visit([&](const auto& what) { put(to, what); }, body.record.what);
  });
}

Expected<ProcessEntry> decode_process_entry(ByteView bytes) {
  return decoded<stored::ProcessStep>(bytes, [](From from) {
    ProcessEntry body;
    body.process = id_of<ProcessId>(from.getProcess());
    body.person = id_of<PersonRef>(from.getPerson());
    body.record.recorded = {from.getRecorded()};
    body.record.what = what_of(from);
    return body;
  });
}

}  // namespace ginnel
