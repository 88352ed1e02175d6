// SPDX-License-Identifier: Apache-2.0
#include "adapters/link_file.h"

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/csv.h"
#include "adapters/limits.h"
#include "adapters/toml_section.h"
#include "federation/base/text.h"

namespace ginnel {
namespace {

// What a column may be: the words of a mapping, and the usual headers.
struct ColumnKind {
  std::string_view kind;
  std::vector<std::string_view> headers;
};
const std::vector<ColumnKind>& column_kinds() {
  static const std::vector<ColumnKind> kinds = {
      {"given_name",
       {"givenname", "forename", "forenames", "firstname", "first", "given", "givennames", "pgivenname",
        "firstforename", "fname", "christianname", "preferredname"}},
      {"middle_name", {"middlename", "middlenames", "secondname", "middle", "othernames"}},
      {"family_name", {"surname", "familyname", "lastname", "family", "last", "lname", "psurname"}},
      {"full_name", {"name", "fullname", "personname"}},
      {"date_of_birth", {"dateofbirth", "dob", "birthdate", "birthday", "born", "personbirthdate"}},
      {"sex", {"sex", "gender", "personsex"}},
      {"street_number", {"streetnumber", "housenumber", "housename", "number", "houseno", "streetno", "paon"}},
      {"address_1", {"address1", "addressline1", "street", "streetname", "address", "addressstreet", "road"}},
      {"address_2", {"address2", "addressline2", "saon"}},
      {"address_3", {"address3", "addressline3", "address4", "addressline4"}},
      {"place", {"suburb", "town", "city", "place", "posttown", "locality", "village"}},
      {"postcode", {"postcode", "postalcode", "zip", "zipcode", "pcode", "pc"}},
      {"nhs_number", {"nhsnumber", "nhsno", "nhs", "newnhsnumber"}},
      {"upn", {"upn", "uniquepupilnumber", "pupilnumber"}},
      {"number",
       {"socsecid", "ssn", "socialsecuritynumber", "nino", "nationalinsurancenumber", "niname", "ninumber", "uln",
        "passportnumber"}},
      {"phone", {"phone", "phonenumber", "telephone", "telephonenumber", "mobile", "mobilenumber", "tel", "homephone"}},
      {"ignore", {"state", "county", "country", "age", "recid", "id", "blockingnumber"}},
  };
  return kinds;
}

constexpr std::size_t phone_digits = 9;  // at the end: what stands before is the country's or the trunk's

std::string normal_header(std::string_view header) {
  std::string out;
  for (char c : header) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

// What stands in a field, cut to what is compared.
std::string_view value_in(std::string_view field) { return trimmed(field).substr(0, limits::link_value_bytes_max); }

std::string_view kind_of(const std::string& header, const LinkColumns& columns) {
  if (auto given = columns.find(header); given != columns.end()) return given->second;
  for (const auto& kind : column_kinds())
    if (std::find(kind.headers.begin(), kind.headers.end(), header) != kind.headers.end()) return kind.kind;
  return {};
}

Sex sex_from(std::string_view text) {
  const std::string word = normal_header(text);
  if (word == "f" || word == "female" || word == "2" || word == "girl" || word == "w" || word == "woman")
    return Sex::female;
  if (word == "m" || word == "male" || word == "1" || word == "boy" || word == "man") return Sex::male;
  return Sex::unknown;
}

std::string phone_from(std::string_view text) {
  std::string digits;
  for (char c : text)
    if (c >= '0' && c <= '9') digits += c;
  return digits.size() > phone_digits ? digits.substr(digits.size() - phone_digits) : digits;
}

void append_words(std::string& to, std::string_view more) {
  if (more.empty()) return;
  if (!to.empty()) to += ' ';
  to += more;
}

class RowReading {
 public:
  RowReading(std::vector<std::string_view> kinds, std::vector<std::string> schemes, const LinkRules& rules)
      : kinds_(std::move(kinds)), schemes_(std::move(schemes)), rules_(rules) {}

  Description read(const CsvRow& row) const {
    Description out;
    std::string given, family, house, place, postcode;
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < std::min(row.fields.size(), kinds_.size()); ++i) {
      const auto value = value_in(row.fields[i]);
      const auto kind = kinds_[i];
      if (value.empty() || kind.empty()) continue;
      if (kind == "given_name" || kind == "middle_name") append_words(given, value);
      if (kind == "family_name") append_words(family, value);
      if (kind == "full_name") take_full_name(value, given, family);
      if (kind == "street_number") house = value;
      if (kind == "address_1" || kind == "address_2" || kind == "address_3") lines.emplace_back(value);
      if (kind == "place") append_words(place, value);
      if (kind == "postcode") postcode = value;
      if (kind == "sex") out.sex = sex_from(value);
      if (kind == "phone")
        if (auto phone = phone_from(value); !phone.empty()) out.phones.push_back(std::move(phone));
      if (kind == "date_of_birth") take_birth(out, value);
      if (!schemes_[i].empty() && out.numbers.size() < described_numbers_max)
        out.numbers.push_back(describe_number(schemes_[i], value));
    }
    if (!given.empty() || !family.empty()) out.names.push_back(describe_name(given, family, rules_));
    if (!house.empty() || !lines.empty() || !place.empty() || !postcode.empty())
      out.addresses.push_back(describe_address(house, lines, place, postcode, rules_));
    return out;
  }

 private:
  // "Tester, Aisha" or "Aisha Tester".
  static void take_full_name(std::string_view value, std::string& given, std::string& family) {
    const auto comma = value.find(',');
    if (comma != std::string_view::npos) {
      append_words(family, value_in(value.substr(0, comma)));
      append_words(given, value_in(value.substr(comma + 1)));
      return;
    }
    const auto last = value.rfind(' ');
    if (last != std::string_view::npos) append_words(given, value_in(value.substr(0, last)));
    append_words(family, last == std::string_view::npos ? value : value.substr(last + 1));
  }

  // What is no date is text, as every value that fails its check: it can still be equal, or nearly.
  static void take_birth(Description& out, std::string_view value) {
    if (auto date = parse_date(value))
      out.birth = {*date, Precision::day};
    else if (out.numbers.size() < described_numbers_max)
      out.numbers.push_back(describe_number("birth", value));
  }

  std::vector<std::string_view> kinds_;
  std::vector<std::string> schemes_;  // of each column: empty unless it holds a number
  const LinkRules& rules_;
};

}  // namespace

tl::expected<LinkColumns, std::vector<Error>> read_link_columns(std::string_view text, std::string path) {
  TomlMistakes mistakes("bad-columns", "the columns " + path);
  auto root = parse_toml(text, mistakes);
  if (!root) return tl::unexpected(mistakes.in_order());
  LinkColumns columns;
  {
    TomlSection top(*root, "the columns", mistakes);
    for (const auto& kind : column_kinds())
      for (const auto& [header, line] : top.texts(top.find(kind.kind), kind.kind)) {
        const std::string normal = normal_header(header);
        if (normal.empty() || !columns.emplace(normal, kind.kind).second)
          mistakes.add(line, "a header is empty or named twice", "name each column once");
      }
  }
  if (columns.empty()) mistakes.add(1, "no column is named", "write, for example, given_name = \"Forename\"");
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return columns;
}

Expected<LinkFile> read_link_file(std::istream& in, const std::string& name, const LinkColumns& columns,
                                  const LinkRules& rules) {
  const std::string cannot = "cannot link " + name;
  CsvReader csv(in);
  CsvRow row;
  auto has_header = csv.next(row);
  if (!has_header) return tl::unexpected(has_header.error());
  if (!*has_header || !row.fault.empty())
    return fail("no-columns", cannot,
                row.fault.empty() ? "it has no header line" : "its header line is broken: " + row.fault,
                "put the columns' names into the first line");
  LinkFile out;
  std::vector<std::string_view> kinds;
  std::vector<std::string> schemes;
  std::size_t compared = 0;
  for (auto header : row.fields) {
    const std::string normal = normal_header(header);
    const auto kind = kind_of(normal, columns);
    kinds.push_back(kind);
    schemes.emplace_back(kind == "nhs_number" ? "nhs"
                         : kind == "upn"      ? "upn"
                         : kind == "number"   ? "other:" + normal
                                              : "");
    if (!kind.empty() && kind != "ignore") ++compared;
    if (kind.empty() && kinds.size() > 1) out.columns_unused.emplace_back(value_in(header));
  }
  if (compared == 0)
    return fail("no-columns", cannot, "no column has a name that says what it holds",
                "name the columns as docs/linking.md has them, or give --columns");
  const RowReading reading(std::move(kinds), std::move(schemes), rules);
  for (;;) {
    auto more = csv.next(row);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    if (!row.fault.empty()) {
      ++out.bad_rows;
      continue;
    }
    if (out.ids.size() == limits::link_rows_max)
      return fail("too-many-rows", cannot, "it has more than " + std::to_string(limits::link_rows_max) + " rows",
                  "divide the file");
    out.ids.emplace_back(value_in(row.fields.front()));
    out.people.push_back(reading.read(row));
  }
  return out;
}

}  // namespace ginnel
