// SPDX-License-Identifier: Apache-2.0
#include "tests/federation/wire_samples.h"

namespace ginnel::samples {
namespace {

Contact contact() { return {"Duty desk", "safeguarding unit", "West Yorkshire Police", "01632 960033", "always"}; }

Label label() {
  Label label;
  label.category = "police.domestic";
  label.sensitivity = 3;
  label.markings = {"intelligence", "protected_address"};
  label.handling = "3x5x2:2:B:C:not to be shown to the family";
  label.owner = member("wy-police");
  label.retention.review_on = *Date::of(2032, 11, 8);
  label.addressed_to = member("bradford-csc");
  return label;
}

Attachment attachment() { return {"bodymap.pdf", "application/pdf", 48'123, bytes<32>(0x40)}; }

When minute() { return {Instant{1'794'179'400'000}, *Date::of(2026, 11, 8), Precision::minute}; }

}  // namespace

Header header() {
  Header header;
  header.from = member("bradford-csc");
  header.to = member("wy-police");
  header.from_incarnation = 3;
  header.to_incarnation = 2;
  header.sent_at = noon;
  header.expires = noon + 5 * minute_ms;
  header.id = id<MessageId>(0x10);
  header.correlation = id<MessageId>(0x30);
  header.directory_version = 18;
  header.kind = Kind::ask;
  return header;
}

Ask ask_by_handle() {
  Ask ask;
  ask.id = id<AskId>(0x20);
  ask.about = Handle{7, Bytes(32, 0xa5)};
  ask.about_role = SubjectRole::parent;
  ask.claims.worker = bytes<16>(0x60);
  ask.claims.role = "practitioner";
  ask.claims.purpose = "child_protection";
  ask.claims.basis = "public_task";
  ask.claims.case_commitment = bytes<32>(0x70);
  ask.claims.colleague = bytes<16>(0x90);
  ask.break_glass_reason = "found alone at 23:10, nobody to be reached";
  ask.highest = Step::copy_out;
  ask.categories = {"health.community", "police"};
  ask.as_known_at = noon + -day_ms;
  ask.deadline = noon + 5000;
  ask.process_head = Bytes(64, 0x5a);
  ask.process_head_salt = bytes<16>(0xb0);
  ask.bundle = {41, bytes<32>(0xc0)};
  return ask;
}

Ask ask_by_name() {
  Ask ask = ask_by_handle();
  ask.about = Identity{"9990000018", "Aisha", "Tester", *Date::of(2016, 3, 14), "BD1 1AA"};
  ask.claims.named_reason = "she lived in Kirklees until September";
  return ask;
}

FileRequest file_request() { return {{id<AskId>(0x20), id<RecordId>(0x30), Hash{1, 2, 3}}, 2}; }

FilePage file_page() { return {{id<AskId>(0x20), id<RecordId>(0x30), Hash{1, 2, 3}}, 1, 2, Bytes{'e', 'n', 'd'}}; }

FileRequest transfer_part_request() { return {transfer_part_name(id<TransferId>(0x44), Hash{1, 2, 3}), 2}; }

FilePage transfer_part_page() {
  return {transfer_part_name(id<TransferId>(0x44), Hash{1, 2, 3}), 1, 2, Bytes{'e', 'n', 'd'}};
}

TransferManifest transfer_manifest() {
  using enum TransferPartKind;
  return {id<TransferId>(0x44),
          {{child, bytes<32>(0x11), 1200, {}},
           {process, bytes<32>(0x12), 40'000, {}},
           {records, bytes<32>(0x13), 230'000, {}},
           {attachment, bytes<32>(0x40), 48'123, id<RecordId>(0x30)}}};
}

TransferChildPart transfer_child_part() {
  return {bytes<16>(0xb0), {"9990000018", "Aisha", "Tester", *Date::of(2016, 3, 14), "BD1 1AA"}, person()};
}

TransferProcessPart transfer_process_part() { return {{Bytes{'o', 'n', 'e'}, Bytes(9, 0x5a)}}; }

PageRequest page_request() { return {id<AskId>(0x20), 3}; }

Notice notice() {
  Notice notice;
  notice.id = id<NoticeId>(0x11);
  notice.number = 42;
  notice.ask = id<AskId>(0x21);
  notice.asked_by_sender = true;
  notice.kind = "correction";
  notice.at = noon + 5 * minute_ms;
  notice.item = item();
  notice.record = notice.item->record;
  notice.step = notice.item->step;
  notice.replaces = id<RecordId>(0x31);
  notice.category = "education";
  notice.reason = "the date was wrong";
  notice.contact = {"Duty desk", "duty manager", "Education Bradford", "01632 960210", "school hours"};
  notice.markings = {"protected_address"};
  return notice;
}

Receipt receipt() {
  return {member("bradford-education"),
          member("bradford-csc"),
          noon + 6 * minute_ms,
          {{id<NoticeId>(0x11), Outcome::taken}, {id<NoticeId>(0x51), Outcome::refused}}};
}

Item item() {
  Item item;
  item.record = id<RecordId>(0xd0);
  item.kind = "domestic_incident";
  item.occurred = minute();
  item.recorded = When::on(*Date::of(2026, 11, 9));
  item.received = noon + -hour_ms;
  item.step = Step::content;
  item.headline = "officers attended the home address";
  item.fields = {{"attended", "2 officers"}, {"child seen", "yes, asleep \xe2\x80\x94 not alone"}};
  item.narrative = "Neighbours rang at 23:02.\nThe child was asleep upstairs.";
  item.assertion = Assertion::opinion;
  item.label = label();
  item.author = {"PC Tester", "constable", "Bradford South response", "01632 960034"};
  item.source_system = "niche";
  item.subject_role = SubjectRole::household;
  item.attachments = {attachment()};
  item.replaces = id<RecordId>(0xe0);
  item.superseded_at = noon + -2 * day_ms;
  return item;
}

Answer answer() {
  Answer answer;
  answer.ask = id<AskId>(0x20);
  answer.page = 1;
  answer.pages = 2;
  answer.status = PartStatus::out_of_date;
  answer.reason = {"out-of-date", "the last complete file is 26 hours old", "ring the duty desk", "an-7f3k-2"};
  answer.contact = contact();
  answer.data_to = noon + -26 * hour_ms;
  answer.answered_at = noon + 700;
  answer.items = {item()};
  answer.withheld = {{"police", 1, "intelligence with conditions (handling C)", "safeguarding unit, 01632 960033",
                      "Police intelligence stays with its owner"}};
  answer.markings = {"intelligence"};
  answer.bundle = {42, bytes<32>(0xc1)};
  answer.basis = "law_enforcement";
  return answer;
}

Problem problem() {
  return {"unsupported-kind", "this node does not know kind 99", "upgrade it, or send what it knows", "er-01j9-4qx"};
}

ProcessHead process_head() {
  ProcessHead head;
  head.process = id<ProcessId>(0x11);
  head.lead = member("bradford-csc");
  head.lead_epoch = 2;
  head.number = 5;
  head.supersedes = 4;
  head.definition = "wy-child-protection";
  head.edition = "2023-12-15";
  head.state = "plan";
  head.proves = {"child_protection", "transfer"};
  head.child_commitments = {bytes<32>(0x21), bytes<32>(0x22)};
  head.issued_at = noon;
  head.expires = noon + 72 * hour_ms;
  return head;
}

Record record() {
  const Item from = item();
  Record record;
  record.id = from.record;
  record.subjects = {{id<PersonRef>(0x01), SubjectRole::child}, {id<PersonRef>(0x02), SubjectRole::third_party}};
  record.kind = from.kind;
  record.occurred = from.occurred;
  record.recorded_at_source = from.recorded;
  record.received_by_node = from.received;
  record.headline = from.headline;
  record.fields = from.fields;
  record.narrative = from.narrative;
  record.assertion = from.assertion;
  record.label = from.label;
  record.label.retention.rule = "police-6y";
  record.author = from.author;
  record.source = {"niche", "INC/2026/118-7", bytes<32>(0x80), 3};
  record.replaces = from.replaces;
  record.attachments = from.attachments;
  record.markings_by_person = {"court_papers", "mappa"};
  return record;
}

Person person() {
  Person person;
  person.ref = id<PersonRef>(0x01);
  person.identifiers = {{"nhs", "9990000018", true}, {"source:mosaic", "C-4711", true}};
  person.names = {{"Aisha", "Tester", "birth", *Date::of(2016, 3, 14), *Date::of(2020, 1, 1)}};
  person.birth = {*Date::of(2016, 3, 1), Precision::month};
  person.death = *Date::of(2026, 11, 22);
  person.sex = Sex::female;
  person.addresses = {
      {{"Flat 2", "1 Ginnel Row"}, "BD1 1AA", "100051", *Date::of(2020, 1, 1), *Date::of(2026, 9, 1), true}};
  person.relationships = {
      {id<PersonRef>(0x02), "mother", true, true, *Date::of(2016, 3, 14), *Date::of(2026, 1, 1), "mosaic"}};
  person.markings_by_source = {"staff_relative"};
  person.markings_by_person = {"hide_from_carer", "protected_address"};
  return person;
}

Member directory_member() {
  Member out;
  out.id = member("wy-police");
  out.kind = "police";
  out.name = "West Yorkshire Police";
  out.duty = contact();
  out.identity_key = bytes<32>(0x31);
  out.holds_records = false;
  out.may_prove = {"police_protection"};
  out.revoked_since = noon;
  out.suspended_since = noon + -hour_ms;
  out.acts_for = member("bradford-csc");
  out.hosted_by = member("leeds-csc");
  return out;
}

Directory directory() {
  Directory out;
  out.version = 18;
  out.issued_at = noon + -12 * day_ms;
  out.members = {directory_member()};
  out.rule = {{"authorities", 1, {{member("leeds-csc"), bytes<32>(0x51)}, {member("wakefield-csc"), bytes<32>(0x52)}}},
              {"police", 1, {{member("wy-police"), bytes<32>(0x31)}}}};
  return out;
}

KeyStatement key_statement() {
  KeyStatement out;
  out.member = member("wy-police");
  out.number = 7;
  out.signing_key = bytes<32>(0x61);
  out.curve_key = bytes<32>(0x62);
  out.oprf_key = Bytes(32, 0x63);
  out.endpoints = {"tcp://127.0.0.1:7445", "tcp://[::1]:7445"};
  out.incarnation = 2;
  out.valid_from = noon;
  out.valid_until = noon + 90 * day_ms;
  out.supersedes = 6;
  out.superseded_until = noon + 7 * day_ms;
  return out;
}

std::string Chance::text(std::size_t bytes_max) {
  static const std::vector<std::string> letters = {
      "a", "Z", " ", "'", "\n", "\xc3\xa9", "\xc5\x81", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\x1b", "{", "0"};
  std::string out;
  for (auto left = below(40); left > 0; --left) {
    const auto& letter = letters[below(letters.size())];
    if (out.size() + letter.size() > bytes_max) break;
    out += letter;
  }
  return out;
}

std::string Chance::word() {
  std::string out;
  for (auto left = 1 + below(20); left > 0; --left) out += char('!' + below(94));
  return out;
}

std::set<std::string> Chance::words(std::size_t count_max) {
  std::set<std::string> out;
  for (auto left = below(count_max + 1); left > 0; --left) out.insert(word());
  return out;
}

Date Chance::date() { return Date::from_days(std::int32_t(below(30'000))); }

When Chance::when() {
  switch (below(4)) {
    case 0:
      return {};
    case 1:
      return {Instant{std::int64_t(1 + below(2'000'000'000'000))}, date(), Precision::minute};
    case 2:
      return {{}, date(), Precision::year};
    default:
      return When::on(date());
  }
}

Label Chance::label() {
  Label label;
  label.category = word();
  label.sensitivity = std::uint8_t(below(5));
  label.markings = words(4);
  label.handling = text(limits::name_bytes_max);
  if (below(2) == 0) label.owner = member("leeds-csc");
  if (below(2) == 0) label.addressed_to = member("wy-police");
  if (below(2) == 0) label.retention.review_on = date();
  return label;
}

Author Chance::author() { return {text(200), text(200), text(200), text(200)}; }

std::vector<Field> Chance::fields() {
  std::vector<Field> out;
  for (auto left = below(5); left > 0; --left) out.push_back({"f" + text(100), text(100)});
  return out;
}

std::vector<Attachment> Chance::attachments() {
  std::vector<Attachment> out;
  for (auto left = below(3); left > 0; --left) out.push_back({"a" + text(100), text(50), random_.next(), bytes<32>(1)});
  return out;
}

Item Chance::item() {
  Item item;
  item.record = RecordId::make(random_);
  item.kind = word();
  item.occurred = when();
  item.recorded = when();
  item.received = {std::int64_t(below(2'000'000'000'000))};
  item.step = static_cast<Step>(2 + below(3));
  item.headline = text(limits::line_bytes_max);
  if (item.step >= Step::content) item.fields = fields();
  if (item.step >= Step::content) item.narrative = text(10'000) + std::string(below(3000), 'x');
  item.assertion = static_cast<Assertion>(below(2));
  item.label = label();
  item.author = author();
  item.source_system = text(200);
  item.subject_role = static_cast<SubjectRole>(below(5));
  item.attachments = attachments();
  if (below(2) == 0) item.replaces = RecordId::make(random_);
  if (below(2) == 0) item.superseded_at = {std::int64_t(1 + below(2'000'000'000'000))};
  return item;
}

Answer Chance::answer() {
  Answer answer;
  answer.ask = AskId::make(random_);
  answer.status = PartStatus::answered;
  answer.contact = {text(200), text(200), text(200), text(200), text(200)};
  answer.answered_at = {std::int64_t(1 + below(2'000'000'000'000))};
  for (auto left = below(60); left > 0; --left) answer.items.push_back(item());
  for (auto left = below(5); left > 0; --left)
    answer.withheld.push_back({word(), std::uint32_t(1 + below(9)), text(500), text(500), text(500)});
  answer.markings = words(5);
  answer.basis = below(2) == 0 ? word() : "";
  return answer;
}

Ask Chance::ask() {
  Ask ask = ask_by_handle();
  ask.id = AskId::make(random_);
  if (below(2) == 0) ask = ask_by_name();
  ask.break_glass_reason = text(300);
  ask.claims.role = word();
  ask.claims.purpose = word();
  ask.claims.basis = word();
  ask.categories = words(6);
  ask.highest = static_cast<Step>(1 + below(4));
  ask.about_role = static_cast<SubjectRole>(below(4));
  if (below(2) == 0) ask.as_known_at = {};
  if (below(2) == 0) ask.process_head = {}, ask.process_head_salt = {};
  return ask;
}

Record Chance::record() {
  const Item from = item();
  Record record;
  record.id = from.record;
  for (auto left = 1 + below(4); left > 0; --left)
    record.subjects.push_back({PersonRef::make(random_), static_cast<SubjectRole>(below(5))});
  record.kind = from.kind;
  record.occurred = from.occurred;
  record.recorded_at_source = from.recorded;
  record.received_by_node = from.received;
  record.headline = from.headline;
  record.fields = from.fields;
  record.narrative = from.narrative;
  record.assertion = from.assertion;
  record.label = from.label;
  record.label.retention.rule = text(60);
  record.author = from.author;
  record.source = {text(200), text(500), bytes<32>(std::uint8_t(below(256))), std::uint32_t(below(9))};
  record.replaces = from.replaces;
  record.attachments = from.attachments;
  return record;
}

Person Chance::person() {
  Person person;
  person.ref = PersonRef::make(random_);
  for (auto left = below(4); left > 0; --left) person.identifiers.push_back({"s" + text(50), text(50), below(2) == 0});
  for (auto left = below(4); left > 0; --left) person.names.push_back({text(50), text(50), text(20), date(), {}});
  if (below(2) == 0) person.birth = {date(), Precision::day};
  person.sex = static_cast<Sex>(below(4));
  for (auto left = below(4); left > 0; --left)
    person.addresses.push_back({{text(50), text(50)}, text(9), text(12), date(), {}, below(2) == 0});
  for (auto left = below(4); left > 0; --left)
    person.relationships.push_back(
        {PersonRef::make(random_), text(30), below(2) == 0, below(2) == 0, date(), {}, text(9)});
  person.markings_by_person = words(3);
  person.markings_by_source = words(3);
  return person;
}

}  // namespace ginnel::samples
