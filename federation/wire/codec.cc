// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/codec.h"

#include "federation/base/utf8.h"

namespace ginnel::codec {
namespace {

// The end of 2201: dates end a year before, and an offset may carry a time past them. SECURITY: what adds a span to a
// peer's instant, or looks up its day, never overflows.
constexpr std::int64_t instant_ms_max = 7'321'190'399'999;

}  // namespace

kj::ArrayPtr<capnp::word> scratch(std::size_t words) {
  // The builder leaves it zeroed.
  thread_local kj::Array<capnp::word> kept;
  if (kept.size() < words) {
    kept = kj::heapArray<capnp::word>(words);
    std::fill_n(reinterpret_cast<std::uint8_t*>(kept.begin()), words * sizeof(capnp::word), std::uint8_t(0));
  }
  return kept;
}

Bytes framed(kj::ArrayPtr<const capnp::word> segment) {
  // Cap'n Proto's stream framing: the number of segments less one, then each one's length in words, little-endian.
  const auto words = static_cast<std::uint32_t>(segment.size());
  const auto bytes = segment.asBytes();
  Bytes out;
  out.reserve(sizeof(capnp::word) + bytes.size());
  out.assign({0, 0, 0, 0, std::uint8_t(words), std::uint8_t(words >> 8), std::uint8_t(words >> 16),
              std::uint8_t(words >> 24)});
  out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

Bytes in_one_segment(capnp::MallocMessageBuilder& builder) {
  const auto segments = builder.getSegmentsForOutput();
  if (segments.size() == 1) return framed(segments[0]);
  capnp::MallocMessageBuilder whole(static_cast<capnp::uint>(capnp::computeSerializedSizeInWords(builder)));
  whole.setRoot(builder.getRoot<capnp::AnyPointer>().asReader());
  CHECK(whole.getSegmentsForOutput().size() == 1);
  return framed(whole.getSegmentsForOutput()[0]);
}

bool is_utf8_without_nul(std::string_view text) { return text.find('\0') == text.npos && is_utf8(text); }

bool is_word(std::string_view text) {
  if (text.empty() || text.size() > limits::word_bytes_max) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Error Checker::error(std::string code, std::string what) const {
  return Error{std::move(code), std::move(what), "`" + std::string(field_) + "` " + why_, ""};
}

void Checker::refuse(const char* field, const char* why, const char* code) {
  if (field_ != nullptr) return;
  field_ = field;
  why_ = why;
  code_ = code;
}

void Checker::text(const std::string& value, std::size_t bytes_max, const char* field, Empty empty) {
  if (value.size() > bytes_max) return refuse(field, "is too long", "too-long");
  if (value.empty() && empty == Empty::refused) return refuse(field, "is empty");
  if (!is_utf8_without_nul(value)) refuse(field, "is not valid UTF-8");
}

void Checker::word(const std::string& value, const char* field, Empty empty) {
  if (value.empty() && empty == Empty::allowed) return;
  if (value.size() > limits::word_bytes_max) return refuse(field, "is too long", "too-long");
  require(is_word(value), field, "is not a word");
}

void Checker::words(const std::set<std::string>& values, std::size_t count_max, const char* field) {
  count(values.size(), count_max, field);
  for (const auto& value : values) word(value, field);
}

void Checker::count(std::size_t size, std::size_t count_max, const char* field) {
  if (size > count_max) refuse(field, "has too many elements", "too-long");
}

void Checker::instant(Instant value, const char* field, Empty empty) {
  require(value.ms >= 0, field, "is before 1970");
  require(value.ms <= instant_ms_max, field, "is after 2201");
  require(value.is_set() || empty == Empty::allowed, field, "is not set");
}

void Checker::when(const When& value, const char* field) {
  instant(value.at, field);
  require(value.at.is_set() == (value.precision == Precision::minute), field,
          "has an instant and no minutes, or minutes and no instant");
  require(value.date.is_set() == (value.precision != Precision::none), field,
          "has a date and no precision, or precision and no date");
}

MemberId Checker::member(capnp::Text::Reader text, const char* field, Empty empty) {
  if (text.size() == 0 && empty == Empty::allowed) return {};
  auto id = MemberId::parse({text.begin(), text.size()});
  if (!id) {
    refuse(field, "is not a member id");
    return {};
  }
  return *id;
}

Date Checker::date(std::uint32_t number, const char* field) {
  if (number == 0) return {};
  auto date =
      number < 100'000'000 ? Date::of(int(number / 10'000), int(number / 100 % 100), int(number % 100)) : std::nullopt;
  if (!date) {
    refuse(field, "is not a day that exists");
    return {};
  }
  return *date;
}

When Checker::read_when(wire::When::Reader from, const char* field) {
  return When{Instant{from.getAt()}, date(from.getDate(), field),
              closed(from.getPrecision(), Precision::expected, field)};
}

std::set<std::string> Checker::read_words(capnp::List<capnp::Text>::Reader from, std::size_t count_max,
                                          const char* field) {
  std::set<std::string> out;
  if (!walk(from, count_max, field)) return out;
  std::string last;
  for (auto text : from) {
    std::string word = string_of(text);
    // Sorted and each once: one set has one encoding.
    require(word > last, field, "is not sorted, or holds a word twice or an empty one");
    last = word;
    out.insert(std::move(word));
  }
  return out;
}

std::uint32_t date_number(Date date) {
  if (!date.is_set()) return 0;
  return std::uint32_t(date.year) * 10'000 + date.month * 100u + date.day;
}

void write_when(const When& value, wire::When::Builder to) {
  to.setAt(value.at.ms);
  to.setDate(date_number(value.date));
  to.setPrecision(static_cast<wire::Precision>(value.precision));
}

void write_words(const std::set<std::string>& words, capnp::List<capnp::Text>::Builder to) {
  capnp::uint at = 0;
  for (const auto& word : words) to.set(at++, text_of(word));
}

void write_contact(const Contact& value, wire::Contact::Builder to) {
  to.setName(text_of(value.name));
  to.setRole(text_of(value.role));
  to.setTeam(text_of(value.team));
  to.setPhone(text_of(value.phone));
  to.setHours(text_of(value.hours));
}

Contact read_contact(wire::Contact::Reader from) {
  return Contact{string_of(from.getName()), string_of(from.getRole()), string_of(from.getTeam()),
                 string_of(from.getPhone()), string_of(from.getHours())};
}

void check_contact(const Contact& value, Checker& check) {
  check.text(value.name, limits::name_bytes_max, "contact.name");
  check.text(value.role, limits::name_bytes_max, "contact.role");
  check.text(value.team, limits::name_bytes_max, "contact.team");
  check.text(value.phone, limits::name_bytes_max, "contact.phone");
  check.text(value.hours, limits::name_bytes_max, "contact.hours");
}

void write_problem(const Problem& value, wire::Problem::Builder to) {
  to.setCode(text_of(value.code));
  to.setSentence(text_of(value.sentence));
  to.setRemedy(text_of(value.remedy));
  to.setId(text_of(value.id));
}

Problem read_problem(wire::Problem::Reader from) {
  return Problem{string_of(from.getCode()), string_of(from.getSentence()), string_of(from.getRemedy()),
                 string_of(from.getId())};
}

void check_problem(const Problem& value, Checker& check) {
  check.word(value.code, "problem.code", Empty::allowed);
  check.text(value.sentence, limits::sentence_bytes_max, "problem.sentence");
  check.text(value.remedy, limits::sentence_bytes_max, "problem.remedy");
  check.word(value.id, "problem.id", Empty::allowed);
  check.require(!value.empty() || value == Problem{}, "problem.code", "is empty though there is a problem");
}

void write_bundle(const BundleRef& value, wire::BundleRef::Builder to) {
  to.setVersion(value.version);
  to.setHash(data_or_none(value.hash));
}

BundleRef read_bundle(wire::BundleRef::Reader from, Checker& check) {
  return BundleRef{from.getVersion(), check.fixed<32>(from.getHash(), "bundle.hash", Empty::allowed)};
}

void write_label(const Label& value, wire::Label::Builder to, bool with_rule) {
  to.setCategory(text_of(value.category));
  to.setSensitivity(value.sensitivity);
  write_words(value.markings, to.initMarkings(capnp::uint(value.markings.size())));
  to.setHandling(text_of(value.handling));
  to.setOwner(text_of(value.owner.text()));
  if (with_rule) to.setRetentionRule(text_of(value.retention.rule));
  to.setRetentionReview(date_number(value.retention.review_on));
  if (!value.addressed_to.empty()) to.setAddressedTo(text_of(value.addressed_to.text()));
}

Label read_label(wire::Label::Reader from, Checker& check) {
  Label label;
  label.category = string_of(from.getCategory());
  label.sensitivity = from.getSensitivity();
  label.markings = check.read_words(from.getMarkings(), limits::markings_max, "label.markings");
  label.handling = string_of(from.getHandling());
  label.owner = check.member(from.getOwner(), "label.owner", Empty::allowed);
  label.retention.rule = string_of(from.getRetentionRule());
  label.retention.review_on = check.date(from.getRetentionReview(), "label.retentionReview");
  label.addressed_to = check.member(from.getAddressedTo(), "label.addressedTo", Empty::allowed);
  return label;
}

void check_label(const Label& value, Checker& check) {
  check.word(value.category, "label.category");
  check.require(value.sensitivity <= sensitivity_max, "label.sensitivity", "is above the highest");
  check.words(value.markings, limits::markings_max, "label.markings");
  check.text(value.handling, limits::name_bytes_max, "label.handling");
  check.text(value.retention.rule, limits::word_bytes_max, "label.retentionRule");
}

void write_author(const Author& value, wire::Author::Builder to) {
  to.setName(text_of(value.name));
  to.setRole(text_of(value.role));
  to.setTeam(text_of(value.team));
  to.setContact(text_of(value.contact));
}

Author read_author(wire::Author::Reader from) {
  return Author{string_of(from.getName()), string_of(from.getRole()), string_of(from.getTeam()),
                string_of(from.getContact())};
}

void check_author(const Author& value, Checker& check) {
  check.text(value.name, limits::name_bytes_max, "author.name");
  check.text(value.role, limits::name_bytes_max, "author.role");
  check.text(value.team, limits::name_bytes_max, "author.team");
  check.text(value.contact, limits::name_bytes_max, "author.contact");
}

void write_fields(const std::vector<Field>& values, capnp::List<wire::Field>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setName(text_of(values[i].name));
    to[i].setValue(text_of(values[i].value));
  }
}

std::vector<Field> read_fields(capnp::List<wire::Field>::Reader from, Checker& check) {
  std::vector<Field> out;
  if (!check.walk(from, limits::fields_max, "fields")) return out;
  out.reserve(from.size());
  for (auto field : from) out.push_back({string_of(field.getName()), string_of(field.getValue())});
  return out;
}

void check_fields(const std::vector<Field>& values, Checker& check) {
  check.count(values.size(), limits::fields_max, "fields");
  for (const auto& field : values) {
    check.text(field.name, limits::line_bytes_max, "field.name", Empty::refused);
    check.text(field.value, limits::value_bytes_max, "field.value");
  }
}

void write_attachments(const std::vector<Attachment>& values, capnp::List<wire::Attachment>::Builder to) {
  for (capnp::uint i = 0; i < to.size(); ++i) {
    to[i].setName(text_of(values[i].name));
    to[i].setMediaType(text_of(values[i].media_type));
    to[i].setSizeBytes(values[i].size_bytes);
    to[i].setSha256(data_of(values[i].sha256));
  }
}

std::vector<Attachment> read_attachments(capnp::List<wire::Attachment>::Reader from, Checker& check) {
  std::vector<Attachment> out;
  if (!check.walk(from, limits::attachments_max, "attachments")) return out;
  out.reserve(from.size());
  for (auto file : from)
    out.push_back({string_of(file.getName()), string_of(file.getMediaType()), file.getSizeBytes(),
                   check.fixed<32>(file.getSha256(), "attachment.sha256")});
  return out;
}

void check_attachments(const std::vector<Attachment>& values, Checker& check) {
  check.count(values.size(), limits::attachments_max, "attachments");
  for (const auto& file : values) {
    check.text(file.name, limits::line_bytes_max, "attachment.name", Empty::refused);
    check.text(file.media_type, limits::name_bytes_max, "attachment.mediaType");
    check.require(file.sha256 != Hash{}, "attachment.sha256", "is all zero");
  }
}

}  // namespace ginnel::codec
