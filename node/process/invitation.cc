// SPDX-License-Identifier: Apache-2.0
#include "node/process/invitation.h"

#include <algorithm>
#include <charconv>

#include "federation/base/text.h"

namespace ginnel {
namespace {

constexpr const char* step_field = "process-step";
constexpr const char* wanted_field = "wanted";
constexpr const char* invited_field = "invited";
constexpr const char* due_field = "due";
constexpr const char* brings_field = "brings";
constexpr std::string_view between = ", ";

const std::string* value_of(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &found->value;
}

std::optional<StepRef> step_of(const std::vector<Field>& fields) {
  const std::string* step = value_of(fields, step_field);
  return step ? StepRef::parse(*step) : std::nullopt;
}

}  // namespace

std::optional<StepRef> StepRef::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto process = ProcessId::parse(text.substr(0, slash));
  const std::string_view number = text.substr(slash + 1);
  StepRef out;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), out.number);
  if (!process || error != std::errc() || end != number.data() + number.size() || out.number == 0) return std::nullopt;
  out.process = *process;
  return out;
}

std::vector<Field> fields_of(const Invitation& invitation) {
  std::vector<Field> out{{step_field, invitation.at.text()},
                         {invited_field, joined(invitation.invited, between)},
                         {wanted_field, joined(invitation.wanted, between)}};
  if (invitation.due.is_set()) out.push_back({due_field, to_iso_utc(invitation.due)});
  return out;
}

std::optional<Invitation> invitation_of(std::string_view kind, const std::string& headline,
                                        const std::vector<Field>& fields) {
  const auto step = kind == invitation_kind ? step_of(fields) : std::nullopt;
  const std::string* wanted = value_of(fields, wanted_field);
  if (!step || !wanted) return std::nullopt;
  Invitation out{*step, headline, split(*wanted, between), {}, {}};
  if (out.wanted.empty()) return std::nullopt;
  if (const std::string* invited = value_of(fields, invited_field)) out.invited = split(*invited, between);
  if (const std::string* due = value_of(fields, due_field)) out.due = parse_iso_utc(*due).value_or(Instant());
  return out;
}

std::vector<Field> fields_of(const BroughtToStep& brought) {
  return {{step_field, brought.at.text()}, {brings_field, brought.name}};
}

std::optional<BroughtToStep> brought_of(const Item& item) {
  if (item.kind != contribution_kind || item.step < Step::content || !item.label.markings.empty()) return std::nullopt;
  const auto step = step_of(item.fields);
  const std::string* name = value_of(item.fields, brings_field);
  if (!step || !name || name->empty()) return std::nullopt;
  BroughtToStep out{*step, *name, item.narrative, item.occurred};
  const std::string role = item.author.role.empty() ? std::string() : ", " + item.author.role;
  if (!item.author.name.empty()) out.text += (out.text.empty() ? "(" : " (") + item.author.name + role + ")";
  return out;
}

}  // namespace ginnel
