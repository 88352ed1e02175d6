// SPDX-License-Identifier: Apache-2.0
#include "adapters/cin/cin_child.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace ginnel::cin {
namespace {

using statutory::Context;
using statutory::EventSpec;
using statutory::Format;
using statutory::Names;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return out;
}

// "A/B": the first part and the rest.
std::pair<std::string_view, std::string_view> step_of(std::string_view path) {
  auto slash = path.find('/');
  if (slash == std::string_view::npos) return {path, {}};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

void collect(const XmlElement& in, std::string_view path, std::vector<std::string_view>& out) {
  auto [name, rest] = step_of(path);
  for (const XmlElement& child : in.children) {
    if (!child.is(name)) continue;
    if (!rest.empty())
      collect(child, rest, out);
    else if (!child.text.empty())
      out.push_back(child.text);
  }
}

// What stands in an element; what it does not have is looked for in the elements around it.
class ElementValues : public statutory::Values {
 public:
  explicit ElementValues(std::vector<const XmlElement*> inner_first) : elements_(std::move(inner_first)) {}
  std::vector<std::string_view> all(const Names& names) const override {
    std::vector<std::string_view> out;
    for (const XmlElement* element : elements_) {
      for (const std::string& name : names) collect(*element, name, out);
      if (!out.empty()) break;
    }
    return out;
  }

 private:
  std::vector<const XmlElement*> elements_;
};

// Every name that the format reads or expects, in lower case.
std::set<std::string> known_names(const Format& format) {
  std::set<std::string> out;
  auto add = [&](const std::string& path) {
    for (std::string_view rest = path; !rest.empty();) {
      auto [name, more] = step_of(rest);
      out.insert(lower(name));
      rest = more;
    }
  };
  auto add_all = [&](const Names& names) {
    for (const auto& name : names) add(name);
  };
  const auto& child = format.child;
  for (const Names* names : {&child.key, &child.upn, &child.former_upn, &child.birth, &child.expected_birth,
                             &child.death, &child.required, &format.known})
    add_all(*names);
  for (const auto& sex : child.sex) add_all(sex.from);
  for (const EventSpec& event : format.events) {
    add_all(event.at);
    add_all(event.date);
    add_all(event.not_before);
    for (const auto& field : event.fields) add_all(field.from);
    if (event.target) add_all(event.target->from);
  }
  return out;
}

void find_faults(const XmlElement& in, const std::set<std::string>& known, std::set<Flag>& to) {
  if (in.has_stray_text) to.insert({in.name, "text stands between its elements; left out"});
  for (const XmlElement& child : in.children) {
    if (!known.count(lower(child.name))) {
      // Its name is text of the file, so it is not told.
      to.insert({in.name, "holds an element that this form is not known to have; left out"});
      continue;
    }
    find_faults(child, known, to);
  }
}

class Reading {
 public:
  Reading(const Format& format, const statutory::ItemMaker& maker, const ChildFile& file, std::vector<SourceItem>& out)
      : format_(format), maker_(maker), file_(file), out_(out) {}

  void child(const XmlElement& child, const std::set<std::string>& known) {
    ElementValues values(inside(child));
    auto person = maker_.person(values, {file_.name, child.line});
    if (!person) return out_.push_back(std::move(person.error()));
    std::set<Flag> faults;
    find_faults(child, known, faults);
    person->flags.insert(person->flags.end(), faults.begin(), faults.end());
    context_.child_key = person->key;
    if (person->person.birth.precision == Precision::day) context_.born = person->person.birth.date;
    context_.file_ends = file_.ends;
    out_.push_back(std::move(*person));
    // What is said of the child as a whole stands beside the episodes, in groups.
    auto around = inside(child);
    std::rotate(around.begin(), around.end() - 1, around.end());  // the child itself first
    for (const EventSpec& event : format_.events)
      for (const std::string& path : event.at) at_path(event, around, path);
  }

 private:
  // The child's own elements and those of its groups (ChildIdentifiers, ChildCharacteristics), not of its episodes.
  std::vector<const XmlElement*> inside(const XmlElement& child) const {
    std::vector<const XmlElement*> out;
    for (const XmlElement& group : child.children) {
      bool is_episode = std::any_of(format_.events.begin(), format_.events.end(), [&](const EventSpec& event) {
        return std::any_of(event.at.begin(), event.at.end(),
                           [&](const std::string& path) { return group.is(step_of(path).first); });
      });
      if (!is_episode && !group.children.empty()) out.push_back(&group);
    }
    out.push_back(&child);
    return out;
  }

  void at_path(const EventSpec& event, std::vector<const XmlElement*> inner_first, std::string_view path) {
    const XmlElement& here = *inner_first.front();
    if (path.empty()) return make(event, inner_first);
    auto [name, rest] = step_of(path);
    for (const XmlElement& child : here.children) {
      if (!child.is(name)) continue;
      auto deeper = inner_first;
      deeper.insert(deeper.begin(), &child);
      at_path(event, std::move(deeper), rest);
    }
  }

  void make(const EventSpec& event, const std::vector<const XmlElement*>& inner_first) {
    const XmlElement& here = *inner_first.front();
    // A date of its own and no other's: one conference is not each enquiry's.
    const ElementValues own({&here});
    auto dates = own.all(event.date);
    if (dates.empty() && !event.is_required) return;
    context_.place = {file_.name, here.line};
    // Several dates in one element, as the reviews of a plan, are several events.
    std::size_t count = std::max<std::size_t>(1, dates.size());
    for (std::size_t i = 0; i < count; ++i) {
      OneDate values(event.date, dates.empty() ? std::string_view() : dates[i], inner_first);
      auto made = maker_.record(event, values, context_, counts_);
      if (!made) {
        out_.push_back(std::move(made.error()));
      } else if (*made) {
        if (is_told_twice(event, **made)) continue;
        out_.push_back(std::move(**made));
      }
    }
  }

  // The same conference stands in the episode and in its enquiry.
  bool is_told_twice(const EventSpec& event, const SourceRecord& made) {
    if (!event.is_once_a_day) return false;
    return !once_.insert(event.id + made.record.occurred.date.iso()).second;
  }

  class OneDate : public statutory::Values {
   public:
    OneDate(const Names& names, std::string_view date, std::vector<const XmlElement*> inner_first)
        : names_(names), date_(date), rest_(std::move(inner_first)) {}
    std::vector<std::string_view> all(const Names& names) const override {
      if (&names == &names_) return date_.empty() ? std::vector<std::string_view>() : std::vector{date_};
      return rest_.all(names);
    }

   private:
    const Names& names_;
    std::string_view date_;
    ElementValues rest_;
  };

  const Format& format_;
  const statutory::ItemMaker& maker_;
  const ChildFile& file_;
  std::vector<SourceItem>& out_;
  Context context_;
  statutory::KeyCounts counts_;
  std::set<std::string> once_;
};

void add_series(std::vector<SourceItem>& to, Date since) {
  std::map<std::string, std::shared_ptr<SourceSeries>> all;
  bool has_new = false;  // no: the reference date may be wrong
  for (SourceItem& item : to)
    if (auto* record = std::get_if<SourceRecord>(&item)) {
      const std::string& key = record->record.source.key;
      const Date day = record->record.occurred.date;
      std::string prefix = key.substr(0, key.rfind(':') + 1);
      auto& series = all[prefix];
      if (!series) series = std::make_shared<SourceSeries>(SourceSeries{std::move(prefix), {}, since});
      series->told.push_back(day);
      record->series = series;
      has_new = has_new || day >= since;
    }
  for (auto& [prefix, series] : all) series->and_open_before = has_new;
}

}  // namespace

ChildReader::ChildReader(const Format& format, const MemberId& owner)
    : format_(format), maker_(format, owner), known_(known_names(format)) {}

std::vector<SourceItem> ChildReader::items_of(const XmlElement& child, const ChildFile& file) const {
  std::vector<SourceItem> out;
  Reading(format_, maker_, file, out).child(child, known_);
  add_series(out, format_.covers_since(file.ends));
  return out;
}

}  // namespace ginnel::cin
