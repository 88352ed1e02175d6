// SPDX-License-Identifier: Apache-2.0
// Reads the tables of a calendar: strictly, every mistake at once.
#include <charconv>

#include "adapters/toml_section.h"
#include "node/calendar/calendar.h"

namespace ginnel {
namespace {

constexpr std::string_view as_calendar_date = "write a date without quotes: 2026-09-01";

Date date_of(const toml::node* node, std::string_view key, TomlSection& section) {
  if (!node) return {};
  if (const auto* value = node->as_date()) {
    const toml::date day = value->get();
    if (auto date = Date::of(day.year, day.month, day.day)) return *date;
  }
  section.wrong(*node, key, as_calendar_date);
  return {};
}

Days read_days(TomlSection& section) {
  Days days{date_of(section.need("from", as_calendar_date), "from", section),
            date_of(section.need("to", as_calendar_date), "to", section)};
  if (days.from.is_set() && days.to.is_set() && days.to < days.from)
    section.mistake("to", "is before `from`", "exchange them");
  return days;
}

int read_minutes(TomlSection& section, std::string_view key, std::string_view example) {
  const std::string text = section.need_text(key, example);
  if (text.empty()) return 0;
  auto when = parse_when("2026-01-01 " + text);
  if (text.size() == 5 && when && when->precision == Precision::minute)
    return int((when->at - london_instant(when->date, 0)) / minute_ms);
  section.mistake(key, "is no time of day", "write it as " + std::string(example));
  return 0;
}

void read_year(TomlSection& root, const std::string& key, TomlSection& years,
               std::map<int, std::map<Date, std::string>>& out) {
  int year = 0;
  auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), year);
  const bool is_year = error == std::errc() && end == key.data() + key.size() && Date::of(year, 1, 1);
  const toml::table* table = years.section(key);
  if (!table) return;
  if (!is_year) {
    years.mistake(key, "is no year", "write [bank_holidays.2026]");
    return;
  }
  TomlSection section(*table, "[bank_holidays." + key + "]", root.mistakes());
  auto& days = out[year];
  for (const auto& [day, name] : section.all_texts()) {
    auto date = parse_date(day);
    if (!date || date->iso() != day)
      root.mistakes().add(name.line, "`" + day + "` is no date", "write it as 2026-12-25 = \"Christmas Day\"");
    else if (date->year != year)
      root.mistakes().add(name.line, "`" + day + "` does not lie in " + key, "move it to its own year");
    else
      days[*date] = name.text;
  }
}

SchoolYear read_school_year(TomlSection& section) {
  SchoolYear year;
  year.span = read_days(section);
  section.tables(section.need("terms", "add terms = [{ from = 2026-09-02, to = 2026-10-23 }, ...]"), "terms",
                 "write each as { from = 2026-09-02, to = 2026-10-23 }", [&](TomlSection& term) {
                   const Days days = read_days(term);
                   if (days.from < year.span.from || year.span.to < days.to)
                     term.mistake("from", "begins a term outside of its school year", "correct one of the dates");
                   if (!year.terms.empty() && days.from <= year.terms.back().to)
                     term.mistake("from", "is before the end of the term before", "put the terms in order");
                   year.terms.push_back(days);
                 });
  const toml::node* closed = section.find("closed");
  if (closed && closed->is_array() && closed->as_array()->empty()) closed = nullptr;
  section.each(closed, "closed", as_calendar_date,
               [&](const toml::node& item) { year.closed.insert(date_of(&item, "closed", section)); });
  return year;
}

}  // namespace

tl::expected<Calendar, std::vector<Error>> Calendar::parse(std::string_view toml, const std::string& file_name) {
  TomlMistakes mistakes("bad-calendar", file_name);
  Calendar out;
  if (auto parsed = parse_toml(toml, mistakes)) {
    TomlSection root(*parsed, "the calendar", mistakes);
    out.title_ = root.need_text("title", "\"England and Wales\"");
    root.need_text("source", "\"Banking and Financial Dealings Act 1971\", where the days come from");
    const std::string zone = root.need_text("zone", "\"Europe/London\"");
    if (!zone.empty()) mistakes.check_word(root.line_of_key("zone"), zone, "zone of this program", {"Europe/London"});
    if (const toml::table* table = root.need_section("office_hours")) {
      TomlSection hours(*table, "[office_hours]", mistakes);
      out.opens_minutes_ = read_minutes(hours, "from", "\"09:00\"");
      out.closes_minutes_ = read_minutes(hours, "to", "\"17:00\"");
      if (mistakes.none() && out.closes_minutes_ <= out.opens_minutes_)
        hours.mistake("to", "is not after `from`", "write the hours of one day");
    }
    if (const toml::table* table = root.need_section("bank_holidays")) {
      TomlSection years(*table, "[bank_holidays]", mistakes);
      for (const std::string& key : years.keys()) read_year(root, key, years, out.years_);
      if (out.years_.empty())
        mistakes.add(years.line(), "the table has no year", "add [bank_holidays.2026] with its days");
    }
  }
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return out;
}

tl::expected<void, std::vector<Error>> Calendar::parse_terms(std::string_view toml, const std::string& file_name) {
  TomlMistakes mistakes("bad-calendar", file_name);
  std::vector<SchoolYear> years;
  if (auto parsed = parse_toml(toml, mistakes)) {
    TomlSection root(*parsed, "the school terms", mistakes);
    root.need_text("title", "\"Community schools\"");
    root.need_text("source", "\"term dates of the authority\", where the days come from");
    root.tables(root.need("school_year", "add a [[school_year]] for each"), "school_year",
                "write each as [[school_year]]", [&](TomlSection& section) {
                  years.push_back(read_school_year(section));
                  if (years.size() > 1 && years.back().span.from <= years[years.size() - 2].span.to)
                    section.mistake("from", "is before the end of the school year before", "put the years in order");
                });
  }
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  school_years_ = std::move(years);
  return {};
}

tl::expected<Calendar, std::vector<Error>> Calendar::read(const std::filesystem::path& holidays,
                                                          const std::filesystem::path& terms) {
  const auto text_of = [](const std::filesystem::path& file) -> tl::expected<std::string, std::vector<Error>> {
    TomlMistakes mistakes("bad-calendar", file.string());
    if (auto text = read_text_file(file, limits::calendar_file_bytes_max, mistakes)) return std::move(*text);
    return tl::unexpected(mistakes.in_order());
  };
  auto text = text_of(holidays);
  if (!text) return tl::unexpected(text.error());
  auto calendar = parse(*text, holidays.filename().string());
  if (!calendar || terms.empty()) return calendar;
  auto more = text_of(terms);
  if (!more) return tl::unexpected(more.error());
  if (auto read = calendar->parse_terms(*more, terms.filename().string()); !read) return tl::unexpected(read.error());
  return calendar;
}

}  // namespace ginnel
