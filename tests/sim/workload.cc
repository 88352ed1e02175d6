// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/workload.h"

#include <algorithm>
#include <memory>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/record/match.h"
#include "node/import/importer.h"
#include "tests/sim/file_of_rows.h"

namespace ginnel::sim {
namespace {

constexpr std::size_t children = 5;  // the first has an open plan, the last is held by nobody at first
constexpr const char* worker = "s.worker";
constexpr const char* other_worker = "o.worker";
constexpr const char* manager = "m.manager";
constexpr const char* source_system = "casework";

struct EventKind {
  const char *agency_kind, *kind, *category;
  int sensitivity;
};
// The first of each agency kind is how it knows the child; the others are told unasked, as events.
constexpr EventKind involvements[] = {{"social_care", "involvement", "social-care.contact", 0},
                                      {"police", "involvement", "police", 0},
                                      {"health", "involvement", "health.community", 0},
                                      {"education", "involvement", "education", 0}};
constexpr EventKind events[] = {
    {"social_care", "visit", "social-care.visit", 2},       {"social_care", "referral", "social-care.referral", 2},
    {"police", "domestic_incident", "police.domestic", 2},  {"police", "missing", "police.missing", 2},
    {"health", "was_not_brought", "health.attendance", 2},  {"health", "health_attendance", "health.sexual", 3},
    {"education", "attendance", "education.attendance", 1}, {"education", "exclusion", "education.exclusion", 2}};

Identity child_number(std::size_t n) {
  static const char* const given[] = {"Imogen", "Leilani", "Priyanka", "Rowena", "Annabel"};
  static const char* const family[] = {"Fairweather", "Marchbanks", "Stanwick", "Tetherby", "Ackroydstone"};
  Identity identity;
  identity.nhs_number = synthetic_nhs_number(unsigned(31 + n));
  identity.given = given[n];
  identity.family = family[n];
  identity.birth_date = {std::int16_t(2015 + n), std::uint8_t(3 + n), 11};
  identity.postcode = "BD8 8AA";
  return identity;
}

std::string kind_of(World& world, const MemberId& member) {
  const Member* found = world.machine(member.text()).book().find(member);
  return found ? found->kind : "";
}

SourcePerson row_of(const Person& person, const std::string& key) {
  SourcePerson row;
  row.system = source_system;
  row.key = key;
  row.person = person;
  row.person.identifiers.insert(row.person.identifiers.begin(), {"source:" + row.system, key, true});
  row.content_hash = sha256(view_of(key));
  row.place = {"people.csv", 2};
  return row;
}

}  // namespace

// --- what everybody has before anything happens

void Workload::prepare() {
  for (std::size_t n = 0; n < children; ++n) truth_.children.push_back(child_number(n));
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    for (std::size_t child = 0; child + 1 < children; ++child) {
      const bool has_plan = child == 0 && agency == "bradford-csc";
      if (!has_plan && roll(100) < 45) continue;
      Holding holding{agency, person_from(truth_.children[child]), {}};
      if (child == 3) holding.person.markings_by_person = {"adoption_sealed"};
      std::vector<std::string> texts(1 + roll(3));
      for (auto& text : texts) holding.records.push_back(some_record(machine, child, &text == texts.data(), text));
      const auto [person, ids] = machine.put(holding);
      TrueHolding held;
      held.person = person;
      if (child == 3) held.concealed = 0;
      truth_.holdings.emplace(Truth::Key{machine.id(), child}, held);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        TrueRecord& record = truth_.records.at(texts[i]);
        record.id = ids[i];
        record.kept = 0;
        world_.note_record(ids[i], machine.id(), child == 3);
      }
    }
  }
  world_.machine("bradford-csc").open_head(truth_.children[0]);
}

Record Workload::some_record(Machine& machine, std::size_t child, bool is_first, std::string& text) {
  const std::string agency_kind = kind_of(world_, machine.id());
  std::vector<EventKind> fitting;
  if (is_first) std::copy(std::begin(involvements), std::end(involvements), std::back_inserter(fitting));
  if (!is_first) std::copy(std::begin(events), std::end(events), std::back_inserter(fitting));
  std::erase_if(fitting, [&](const EventKind& kind) { return kind.agency_kind != agency_kind; });
  const EventKind& kind = pick(fitting);
  TrueRecord truth;
  truth.holder = machine.id();
  truth.child = child;
  truth.category = kind.category;
  truth.is_event = !is_first && truth.category != "education.attendance";  // a day of absence involves nobody
  truth.begun = evidence_.now();
  text = truth_.add(truth);
  Record record = record_of(machine.id().text(), kind.kind, kind.category, kind.sensitivity, text + " was noted");
  record.fields = {{"outcome", text}};
  record.narrative = "What was written: " + text + ".";
  if (roll(30) == 0) record.narrative += std::string(300'000, 'x');  // several pages
  record.source = {std::string(), text, {}, 1};
  if (truth.category == "health.sexual") record.label.markings = {"sexual_health"};
  return record;
}

// --- acts

Machine* Workload::some_machine() {
  const auto all = world_.agencies();
  Machine& machine = world_.machine(pick(all));
  return machine.runs() && !world_.is_hostile(machine.id()) ? &machine : nullptr;
}

void Workload::note(Machine& machine, const std::string& what) {
  world_.trace().event(world_.now(), machine.id().text(), [&] { return "* " + what; });
}

void Workload::some_act() {
  switch (roll(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
      return ask_something();
    case 6:
      return read_something_again();
    case 7:
    case 8:
    case 9:
    case 10:
      return record_something();
    case 11:
      return import_something();
    case 12:
      return import_second_file();
    case 13:
      return conceal_or_show();
    case 14:
      return mark_a_record();
    case 15:
      if (Machine* machine = some_machine()) look_into_inbox(*machine, roll(2) ? worker : manager, roll(2) == 0);
      return;
    case 16:
    case 17:
      return correct_something();
    case 18:
      return merge_or_part();
    default:
      return renew_the_directory();
  }
}

ViewRequest Workload::first_contact(const Identity& child) {
  ViewRequest request;
  request.child = child;
  request.purpose = "first_contact";
  request.basis = "public_task";
  request.reason = "worried about the child";
  request.deadline_ms = 5000;
  return request;
}

void Workload::ask_something() {
  Machine* machine = some_machine();
  const std::size_t child = roll(children);
  ViewRequest request = first_contact(truth_.children[child]);
  request.deadline_ms = std::int64_t(500 + roll(5000));
  const auto what = roll(6);
  if (what < 3) request.purpose = "child_protection";
  if (what == 3) request.purpose = "immediate_danger", request.break_glass_reason = "in danger now";
  if (roll(5) == 0) request.scope = {*MemberId::parse(pick(world_.agencies()))};
  if (machine) ask(*machine, child, request, roll(3) ? worker : other_worker);
}

void Workload::ask(Machine& machine, std::size_t child, ViewRequest request, const std::string& user) {
  note(machine, user + " asks about child " + std::to_string(child) + " for " + request.purpose +
                    (request.scope.empty() ? "" : ", " + request.scope.front().text() + " alone"));
  Begun begun{machine.id(), user, child, evidence_.now(), {}};
  machine.node().start_view(machine.token(user), request, [this, begun](Expected<CaseView> view) mutable {
    if (!view) return;
    begun.view = view->id;
    views_.push_back(begun);
    saw(begun, *view);
  });
}

void Workload::saw(const Begun& begun, const CaseView& view) {
  evidence_.saw(Screen{begun.begun, evidence_.now(), begun.at, begun.user, begun.child, view});
}

void Workload::read_again(const Begun& begun) {
  Machine& machine = world_.machine(begun.at.text());
  if (!machine.runs()) return;
  machine.node().read_view(machine.token(begun.user), begun.view, [this, begun](Expected<CaseView> view) {
    if (view) saw(begun, *view);
  });
}

void Workload::read_something_again() {
  if (!views_.empty()) read_again(Begun(pick(views_)));
}

void Workload::record_something() {
  Machine* machine = some_machine();
  if (!machine) return;
  const std::size_t child = roll(children);
  const TrueHolding* held = truth_.holding(machine->id(), child);
  if (!held) return;
  NewRecord fact;
  fact.person = held->person;
  std::string text;
  fact.record = some_record(*machine, child, false, text);
  fact.record.source = {};
  note(*machine, std::string(worker) + " records " + text + " about child " + std::to_string(child));
  machine->node().record_fact(machine->token(worker), fact, [this, text](Expected<RecordId> id) {
    if (!id) return;
    TrueRecord& record = truth_.records.at(text);
    record.id = *id;
    record.kept = evidence_.now();
  });
}

// Rows about a child from the agency's own system: new to it, or a new version of what it told before.
void Workload::import_something() {
  Machine* machine = some_machine();
  if (!machine) return;
  const std::size_t child = roll(children);
  // Rows that could be of either of two files would make a third.
  if (truth_.holding(machine->id(), child) && !filed_.insert({machine->id(), child}).second) return;
  const std::string key = "K" + std::to_string(child);
  std::vector<SourceItem> rows{row_of(person_from(truth_.children[child]), key)};
  std::vector<std::string> texts(1 + roll(2));
  for (auto& text : texts) {
    SourceRecord row;
    row.subjects = {{key, SubjectRole::child}};
    row.record = some_record(*machine, child, &text == texts.data(), text);
    row.record.source = {source_system, text, sha256(view_of(text)), 1};
    row.place = {"records.csv", 2};
    rows.emplace_back(std::move(row));
  }
  // Until a source was read to its end once, what it brings is no news to anybody outside.
  if (!imported_.contains(machine->id()))
    for (const auto& text : texts) truth_.records.at(text).is_event = false;
  note(*machine, "imports child " + std::to_string(child) + " and " + std::to_string(texts.size()) + " records, " +
                     texts.front() + " first");
  struct Running {
    FileOfRows file;
    Importer importer;
    explicit Running(std::vector<SourceItem> rows)
        : file(std::move(rows)), importer(file, {ActorId(), "records.csv", source_system}) {}
  };
  auto running = std::make_shared<Running>(std::move(rows));
  const MemberId at = machine->id();
  const Person person = person_from(truth_.children[child]);
  machine->node().post_steps(
      [=, this](Work& work) {
        auto more = running->importer.step(work.turn);
        if (!more) return work.fail(more.error()), false;
        if (*more) return true;
        const auto found = work.turn.find_people(find_keys(person));
        work.after([=, this](const Expected<void>& committed) {
          if (!committed || !found || found->empty()) return;
          auto [held, is_new] = truth_.holdings.try_emplace(Truth::Key{at, child});
          if (is_new) held->second.person = found->front(), held->second.since = evidence_.now();
          for (const auto& text : texts) truth_.records.at(text).kept = evidence_.now();
          imported_.insert(at);
        });
        return false;
      },
      [](const Error&) {});
}

// The same child again, as somebody wrote them down who had no number: a second file that nobody has joined yet.
void Workload::import_second_file() {
  Machine* machine = some_machine();
  if (!machine) return;
  const std::size_t child = roll(children - 1);
  auto held = truth_.holdings.find({machine->id(), child});
  if (held == truth_.holdings.end() || held->second.second || held->second.concealed) return;
  note(*machine, "opens a second file about child " + std::to_string(child));
  PersonVersion version;
  version.person = person_from(truth_.children[child]);
  version.link_keys = find_keys(version.person);
  const Truth::Key key{machine->id(), child};
  if (!filed_.insert(key).second) return;
  machine->node().post(
      [=, this](Work& work) {
        auto put = work.turn.put_person(version, ActorId());
        work.after([=, this](const Expected<void>& committed) {
          if (!committed || !put) return;
          truth_.holdings.at(key).second = *put;
          truth_.holdings.at(key).had_second = true;
        });
      },
      [](const Error&) {});
}

void Workload::conceal_or_show() {
  Machine* machine = some_machine();
  if (!machine) return;
  const std::size_t child = 1 + roll(2);
  auto held = truth_.holdings.find({machine->id(), child});
  if (held == truth_.holdings.end() || held->second.second) return;
  MarkingRequest request;
  request.person = held->second.person;
  request.reason = "the court said so";
  const bool conceals = !held->second.concealed;
  if (!conceals && held->second.shown_again) return;  // once is enough to tell from when until when
  (conceals ? request.put_on : request.take_off) = {"protected_person"};
  if (!conceals) request.undoes = held->second.marking;
  note(*machine, std::string(conceals ? "conceals" : "shows again") + " child " + std::to_string(child));
  const Truth::Key key{machine->id(), child};
  machine->node().mark_person(machine->token(manager), request, [=, this](Expected<std::uint64_t> entry) {
    if (!entry) return;
    TrueHolding& holding = truth_.holdings.at(key);
    const Event now = evidence_.now();
    if (conceals) holding.concealed = now, holding.marking = *entry;
    if (!conceals) holding.shown_again = now;
  });
}

void Workload::mark_a_record() {
  std::vector<const TrueRecord*> known;
  for (const auto& [text, record] : truth_.records)
    if (!record.id.empty() && !record.taken_back) known.push_back(&record);
  if (known.empty()) return;
  const TrueRecord& record = *pick(known);
  Machine& machine = world_.machine(record.holder.text());
  const TrueHolding* held = truth_.holding(record.holder, record.child);
  if (!machine.runs() || world_.is_hostile(record.holder) || !held) return;
  MarkingRequest request;
  request.person = held->person;
  request.record = record.id;
  request.put_on = {pick(std::vector<std::string>{"live_investigation", "third_party_identity", "legal_privilege"})};
  request.reason = "as the law has it";
  note(machine, "marks " + record.text + " with " + *request.put_on.begin());
  machine.node().mark_person(machine.token(manager), request,
                             [this, text = record.text](Expected<std::uint64_t> entry) {
                               if (!entry) return;
                               truth_.records.at(text).id = RecordId();  // its new version has another
                               truth_.records.at(text).was_marked = true;
                             });
}

void Workload::look_into_inbox(Machine& machine, const std::string& user, bool acknowledges) {
  note(machine, user + " looks into the inbox");
  const MemberId at = machine.id();
  machine.node().list_notices(machine.token(user), [=, this](Expected<InboxList> list) {
    if (!list) return;
    evidence_.saw(InboxScreen{evidence_.now(), at, user, *list});
    Machine& again = world_.machine(at.text());
    if (!acknowledges || list->items.empty() || !again.runs()) return;
    again.node().acknowledge_notice(again.token(user), *NoticeId::parse(list->items.front().id), "seen",
                                    [](const Expected<InboxItem>&) {});
  });
}

void Workload::correct_something() {
  std::vector<std::pair<Begun, const TrueRecord*>> own;
  for (const auto& screen : evidence_.screens())
    for (const auto& item : screen.view.items) {
      const TrueRecord* record = truth_.record(Truth::text_in(item.narrative));
      if (item.agency == screen.at && item.step >= Step::content && record && !record->taken_back)
        own.emplace_back(Begun{screen.at, screen.user, screen.child, screen.begun, screen.view.id}, record);
    }
  if (own.empty()) return;
  const auto& [begun, record] = pick(own);
  Machine& machine = world_.machine(begun.at.text());
  if (!machine.runs() || record->id.empty()) return;
  CorrectionRequest request{begun.view,
                            record->id,
                            pick(std::vector<std::string>{"correction", "retraction", "wrong-child"}),
                            "it was another family",
                            "",
                            ""};
  std::string corrected;
  if (request.kind == "correction") {
    TrueRecord after = *record;
    after.id = {};
    after.kept.reset();
    after.is_event = false;
    after.begun = evidence_.now();
    corrected = truth_.add(after);
    request.headline = corrected + " is what was meant";
    request.narrative = "Put right: " + corrected + ".";
  }
  note(machine, begun.user + " takes back " + record->text + " (" + request.kind + ") " + corrected);
  machine.node().correct_record(machine.token(begun.user), request,
                                [=, this, text = record->text](Expected<CorrectionMade> made) {
                                  if (!made) return;
                                  TrueRecord& before = truth_.records.at(text);
                                  before.taken_back = evidence_.now();
                                  before.taken_back_as = request.kind;
                                  if (corrected.empty()) return;
                                  truth_.records.at(corrected).id = made->item;
                                  truth_.records.at(corrected).kept = evidence_.now();
                                });
}

void Workload::merge_or_part() {
  std::vector<Truth::Key> apart;
  for (const auto& [key, held] : truth_.holdings)
    if (held.second) apart.push_back(key);
  if (apart.empty()) return;
  join(pick(apart));
}

void Workload::join(const Truth::Key& key) {
  Machine& machine = world_.machine(key.first.text());
  if (!machine.runs()) return;
  const TrueHolding& held = truth_.holdings.at(key);
  note(machine, "joins the two files about child " + std::to_string(key.second));
  machine.node().merge_people(machine.token(manager), {held.person, *held.second, "one and the same"},
                              [=, this](Expected<bool> merged) {
                                if (merged) truth_.holdings.at(key).second.reset();
                              });
}

void Workload::renew_the_directory() {
  Machine* machine = some_machine();
  if (!machine) return;
  const std::uint64_t version = ++directory_;
  note(*machine, "is given directory " + std::to_string(version));
  Node& node = machine->node();
  const Bytes signed_directory = world_.directory_with([&](Directory& directory) { directory.version = version; });
  node.post(
      [&node, signed_directory](Work& work) {
        if (auto adopted = node.membership().adopt_directory(signed_directory, work.turn); !adopted)
          work.fail(adopted.error());
      },
      [](const Error&) {});
}

// --- at the end

void Workload::look_at_everything() {
  for (const auto& begun : std::vector(views_)) read_again(begun);
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    if (world_.is_hostile(machine.id())) continue;
    for (const auto* user : {worker, other_worker, manager}) look_into_inbox(machine, user, false);
  }
}

void Workload::join_what_is_apart() {
  for (const auto& [key, held] : truth_.holdings)
    if (held.second) join(key);
}

void Workload::ask_everything_again() {
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    if (world_.is_hostile(machine.id())) continue;
    for (std::size_t child = 0; child < children; ++child)
      ask(machine, child, first_contact(truth_.children[child]), worker);
  }
}

}  // namespace ginnel::sim
