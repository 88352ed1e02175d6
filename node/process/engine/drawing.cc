// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/drawing.h"

#include <algorithm>
#include <array>
#include <functional>

#include "federation/base/text.h"

namespace ginnel {
namespace {

// Sizes of the picture, in pixels of a screen at its own size.
constexpr int line_height = 15, font_size = 12, character_width = 8, padding = 8;
constexpr int gap_across = 110, gap_down = 22, margin = 24, heading_height = 64;
constexpr std::size_t characters_in_line = 46;
constexpr int sweeps = 8;  // of putting steps near what leads to them

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

// Broken at spaces; a longer word stands alone.
std::vector<std::string> wrapped(std::string_view text) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > characters_in_line)
      lines.emplace_back("  ");
    else if (!lines.back().empty() && lines.back() != "  ")
      lines.back() += ' ';
    lines.back() += word;
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines;
}

std::string quorum_text(const StepDefinition& step, const Definition& of) {
  std::vector<std::string> parts;
  for (const auto& [kind, count] : step.quorum.kinds) {
    const auto title = of.agencies.find(kind);
    parts.push_back((count > 1 ? std::to_string(count) + " " : "") +
                    (title == of.agencies.end() ? kind : title->second));
  }
  if (step.quorum.others > 0) parts.push_back(std::to_string(step.quorum.others) + " more");
  return joined(parts, ", ");
}

std::string role_title(const Definition& of, const std::string& role) {
  const auto found = of.roles.find(role);
  return found == of.roles.end() ? role : found->second;
}

std::string state_titles(const Definition& of, const std::vector<std::string>& states) {
  std::vector<std::string> titles;
  for (const std::string& id : states) titles.push_back(of.state(id) ? of.state(id)->title : id);
  return joined(titles, ", ");
}

std::string where_to(const StepOutcome& outcome, const Definition& of) {
  std::vector<std::string> parts;
  for (const std::string& id : outcome.to) parts.push_back(of.step(id) ? of.step(id)->title : id);
  std::string out = outcome.ends ? "the end" : parts.empty() ? "nothing more" : joined(parts, ", ");
  if (!outcome.opens.empty()) out += "; opens " + state_titles(of, outcome.opens);
  if (!outcome.closes.empty()) out += "; closes " + state_titles(of, outcome.closes);
  return out;
}

struct Line {
  std::string text;
  const char* style = "";                // a class of the picture
  const StepOutcome* outcome = nullptr;  // of its first line
};

struct Box {
  const StepDefinition* step = nullptr;
  std::vector<Line> lines;
  std::size_t column = 0;
  int x = 0, y = 0, width = 0;
  int height() const { return int(lines.size()) * line_height + 2 * padding; }
  int row(std::size_t line) const { return y + padding + int(line) * line_height + line_height / 2; }
};

Box box_of(const StepDefinition& step, const Definition& of) {
  Box box;
  box.step = &step;
  const auto put = [&](std::string_view text, const char* style, const StepOutcome* outcome = nullptr) {
    for (std::string& line : wrapped(text)) {
      box.lines.push_back({std::move(line), style, outcome});
      outcome = nullptr;
    }
  };
  put(step.title, "name");
  put(role_title(of, step.lead) + (step.any_time ? " - at any time" : ""), "who");
  if (step.quorum.is_set()) put("quorum: " + quorum_text(step, of), "need");
  if (!step.holds.empty()) put("holds: " + state_titles(of, {step.holds}), "state");
  if (!step.in_states.empty()) put("only while: " + state_titles(of, step.in_states), "state");
  for (const StepClock& clock : step.clocks) put(clock.rule.text(), "clock");
  for (const StepOutcome& outcome : step.outcomes) {
    std::string text = "> " + outcome.title;
    if (outcome.ends) text += " (the end)";
    if (!outcome.opens.empty()) text += " [opens: " + state_titles(of, outcome.opens) + "]";
    if (!outcome.closes.empty()) text += " [closes: " + state_titles(of, outcome.closes) + "]";
    put(text, "way", &outcome);
  }
  for (const Line& line : box.lines)
    box.width = std::max(box.width, int(line.text.size()) * character_width + 2 * padding);
  return box;
}

class Picture {
 public:
  explicit Picture(const Definition& of) : of_(of) {
    const auto columns = drawing_columns(of);
    for (std::size_t i = 0; i < of.steps.size(); ++i) {
      boxes_.push_back(box_of(of.steps[i], of));
      boxes_.back().column = columns[i];
      if (columns_.size() <= columns[i]) columns_.resize(columns[i] + 1);
      columns_[columns[i]].push_back(i);
    }
    place();
  }

  std::string svg() const {
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width_) + "\" height=\"" +
                      std::to_string(height_) + "\" viewBox=\"0 0 " + std::to_string(width_) + " " +
                      std::to_string(height_) + "\" role=\"img\" aria-labelledby=\"title\">\n<title id=\"title\">" +
                      escaped(of_.title + ", " + of_.edition) + "</title>\n" + std::string(style) +
                      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    out += text(margin, margin + font_size, "name", of_.title + " (" + of_.key.text() + ")");
    out += text(margin, margin + font_size + line_height, "who",
                of_.edition + "; in effect from " + of_.effective_from.iso());
    for (const Box& box : boxes_) out += arrows(box);
    for (const Box& box : boxes_) out += drawn(box);
    return out + "</svg>\n";
  }

 private:
  static constexpr std::string_view style =
      "<style>text{font:12px monospace;fill:#0b0c0c;white-space:pre}.name{font-weight:bold}.who{fill:#505a5f}"
      ".clock{fill:#942514}.state,.need{fill:#003078}rect.box{fill:#f8f8f8;stroke:#0b0c0c}"
      "rect.first{stroke-width:3}path{fill:none;stroke-width:1.4}.back{stroke-dasharray:4 4}</style>\n"
      "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
      "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:#505a5f\"/></marker></defs>\n";

  static std::string text(int x, int y, const char* cls, std::string_view words) {
    return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" class=\"" + cls + "\">" +
           escaped(words) + "</text>\n";
  }

  const Box* find(std::string_view step) const {
    for (const Box& box : boxes_)
      if (box.step->id == step) return &box;
    return nullptr;
  }

  void place() {
    // Each step to the middle of its neighbours before it, then of those after it, and so on.
    std::vector<double> rank(boxes_.size());
    for (const auto& column : columns_)
      for (std::size_t i = 0; i < column.size(); ++i) rank[column[i]] = double(i);
    for (int sweep = 0; sweep < sweeps; ++sweep)
      for (auto& column : columns_) {
        std::vector<double> wish = rank;
        for (std::size_t box : column) {
          double sum = 0, count = 0;
          for (std::size_t other = 0; other < boxes_.size(); ++other)
            if (boxes_[other].column != boxes_[box].column && leads(other, box)) sum += rank[other], ++count;
          for (std::size_t other = 0; other < boxes_.size(); ++other)
            if (boxes_[other].column != boxes_[box].column && leads(box, other)) sum += rank[other], ++count;
          if (count > 0) wish[box] = sum / count;
        }
        std::stable_sort(column.begin(), column.end(), [&](auto a, auto b) { return wish[a] < wish[b]; });
        for (std::size_t i = 0; i < column.size(); ++i) rank[column[i]] = double(i);
      }
    int x = margin;
    for (const auto& column : columns_) {
      int y = margin + heading_height, width = 0;
      for (std::size_t i : column) width = std::max(width, boxes_[i].width);
      for (std::size_t i : column) {
        boxes_[i].x = x;
        boxes_[i].y = y;
        boxes_[i].width = width;
        y += boxes_[i].height() + gap_down;
      }
      height_ = std::max(height_, y + margin);
      x += width + gap_across;
    }
    width_ = x - gap_across + margin + gap_across / 2;
  }

  bool leads(std::size_t from, std::size_t to) const {
    for (const StepOutcome& outcome : boxes_[from].step->outcomes)
      if (std::find(outcome.to.begin(), outcome.to.end(), boxes_[to].step->id) != outcome.to.end()) return true;
    return false;
  }

  std::string drawn(const Box& box) const {
    const bool first = box.step->id == of_.start;
    std::string out = "<g id=\"step-" + escaped(box.step->id) + "\"><rect class=\"box" + (first ? " first" : "") +
                      "\" x=\"" + std::to_string(box.x) + "\" y=\"" + std::to_string(box.y) + "\" width=\"" +
                      std::to_string(box.width) + "\" height=\"" + std::to_string(box.height()) + "\" rx=\"3\"/>\n";
    for (std::size_t i = 0; i < box.lines.size(); ++i)
      out += text(box.x + padding, box.row(i) + font_size / 2 - 2, box.lines[i].style, box.lines[i].text);
    return out + "</g>\n";
  }

  std::string arrows(const Box& box) const {
    static constexpr std::array colours = {"#1d70b8", "#00703c", "#912b88", "#b58840", "#505a5f", "#d4351c"};
    std::string out;
    for (std::size_t i = 0; i < box.lines.size(); ++i) {
      if (!box.lines[i].outcome) continue;
      for (const std::string& step : box.lines[i].outcome->to) {
        const Box* to = find(step);
        if (!to) continue;
        const bool back = to->column <= box.column;
        const int x1 = box.x + box.width, y1 = box.row(i), y2 = to->row(0);
        const int x2 = back ? to->x + to->width : to->x, bend = back ? gap_across / 2 : (x2 - x1) / 2;
        const auto n = [](int value) { return std::to_string(value); };
        out += "<path class=\"" + std::string(back ? "back" : "on") + "\" stroke=\"" +
               colours[std::size_t(to - boxes_.data()) % colours.size()] + "\" marker-end=\"url(#tip)\" d=\"M" + n(x1) +
               " " + n(y1) + "C" + n(x1 + bend) + " " + n(y1) + " " + n(back ? x2 + bend : x2 - bend) + " " + n(y2) +
               " " + n(x2) + " " + n(y2) + "\"/>\n";
      }
    }
    return out;
  }

  const Definition& of_;
  std::vector<Box> boxes_;
  std::vector<std::vector<std::size_t>> columns_;
  int width_ = 0, height_ = 0;
};

}  // namespace

std::vector<std::size_t> drawing_columns(const Definition& definition) {
  const std::size_t count = definition.steps.size();
  std::vector<std::vector<std::size_t>> ways(count);  // without those that lead back
  std::map<std::string, std::size_t> number;
  for (std::size_t i = 0; i < count; ++i) number[definition.steps[i].id] = i;
  enum class Mark : std::uint8_t { fresh, open, done };
  std::vector<Mark> marks(count, Mark::fresh);
  std::vector<std::size_t> finished;
  const std::function<void(std::size_t)> visit = [&](std::size_t at) {
    marks[at] = Mark::open;
    for (const StepOutcome& outcome : definition.steps[at].outcomes)
      for (const std::string& id : outcome.to) {
        const auto to = number.find(id);
        if (to == number.end() || marks[to->second] == Mark::open) continue;
        ways[at].push_back(to->second);
        if (marks[to->second] == Mark::fresh) visit(to->second);
      }
    marks[at] = Mark::done;
    finished.push_back(at);
  };
  if (auto start = number.find(definition.start); start != number.end()) visit(start->second);
  for (std::size_t i = 0; i < count; ++i)
    if (marks[i] == Mark::fresh) visit(i);
  std::vector<std::size_t> columns(count, 0);
  for (auto at = finished.rbegin(); at != finished.rend(); ++at)
    for (std::size_t to : ways[*at]) columns[to] = std::max(columns[to], columns[*at] + 1);
  // What nothing leads to stands next to what it leads to, and not far away with the first.
  std::set<std::size_t> led_to;
  for (const auto& from : ways) led_to.insert(from.begin(), from.end());
  for (std::size_t at = 0; at < count; ++at) {
    if (led_to.contains(at) || ways[at].empty() || definition.steps[at].id == definition.start) continue;
    std::size_t nearest = count;
    for (std::size_t to : ways[at]) nearest = std::min(nearest, columns[to]);
    columns[at] = nearest - 1;
  }
  return columns;
}

std::string draw_svg(const Definition& definition) { return Picture(definition).svg(); }

std::string draw_text(const Definition& of) {
  std::string out = of.title + " (" + of.key.text() + ")\n" + of.edition + "; in effect from " +
                    of.effective_from.iso() + "; begins with " + (of.step(of.start) ? of.step(of.start)->title : "") +
                    "\n";
  const auto put = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    out += "  " + std::string(name) + std::string(name.size() < 14 ? 14 - name.size() : 1, ' ') + value + "\n";
  };
  for (const StepDefinition& step : of.steps) {
    out += "\n" + step.title + " (" + step.id + ")\n";
    put("led by", role_title(of, step.lead) + (step.any_time ? "; begun at any time" : ""));
    put("deputy", step.deputy.empty() ? "" : role_title(of, step.deputy));
    put("out of hours", step.out_of_hours.empty() ? "" : role_title(of, step.out_of_hours));
    put("invited", [&] {
      std::vector<std::string> titles;
      for (const std::string& id : step.invite) titles.push_back(of.agencies.contains(id) ? of.agencies.at(id) : id);
      return joined(titles, ", ");
    }());
    put("quorum", quorum_text(step, of));
    put("evidence", joined(step.evidence, ", "));
    put("holds", step.holds.empty() ? "" : state_titles(of, {step.holds}));
    put("only while", state_titles(of, step.in_states));
    put("never while", state_titles(of, step.not_in_states));
    for (const StepClock& clock : step.clocks) {
      std::vector<std::string> told;
      for (int percent : clock.warn) told.push_back(std::to_string(percent));
      std::string text = clock.rule.text() + ", until " + clock.stops + "; told at " + joined(told, ", ") + " %";
      for (const Escalation& one : clock.escalate) text += "; " + one.text();
      put("clock", text + " [" + clock.source + ", from " + clock.effective_from.iso() + "]");
    }
    for (const StepOutcome& outcome : step.outcomes) {
      std::string text = outcome.title + " -> " + where_to(outcome, of);
      if (!outcome.needs.empty()) text += "; needs " + joined(outcome.needs, ", ");
      put("outcome", text);
    }
  }
  for (const Watch& watch : of.watches) {
    out += "\nWatch: " + watch.title + " (" + watch.id + ")\n";
    put("when", watch.rule.text());
    if (watch.at_least > 1)
      put("at least", std::to_string(watch.at_least) + " times" +
                          (watch.within_days ? " within " + std::to_string(watch.within_days) + " days" : ""));
    for (const EventName& event : watch.unless) put("unless", event.text());
    put("proposes", watch.proposes);
    put("source", watch.source);
  }
  if (of.look) {
    out += "\nThe records of all agencies are looked at together\n";
    const auto two_digits = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    put("each day at", two_digits(of.look->at_minutes / 60) + ":" + two_digits(of.look->at_minutes % 60));
    put("asked for", of.look->purpose + ", " + of.look->basis + "; only while it is proved");
    put("source", of.look->source);
  }
  for (const Pattern& pattern : of.patterns) {
    out += "\nPattern: " + pattern.title + " (" + pattern.id + ")\n";
    put("records", joined({pattern.records.begin(), pattern.records.end()}, ", "));
    put("only while", pattern.in_state.empty() ? "" : state_titles(of, {pattern.in_state}));
    if (pattern.absent)
      put("none for", pattern.absent->text());
    else
      put("at least", std::to_string(pattern.at_least) + " within " + std::to_string(pattern.within_days) +
                          " days, from " + std::to_string(pattern.agencies) + " or more agencies");
    for (const EventName& event : pattern.since) put("since", event.text());
    for (const EventName& event : pattern.unless) put("unless", event.text());
    std::vector<std::string> told;
    for (const std::string& role : pattern.tell) told.push_back(role_title(of, role));
    put("tells", joined(told, ", "));
    put("proposes", pattern.proposes);
    put("source", pattern.source);
  }
  return out;
}

}  // namespace ginnel
