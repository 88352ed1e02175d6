// SPDX-License-Identifier: Apache-2.0
#include "node/setup/federation_plan.h"

#include <algorithm>

#include "federation/wire/limits.h"
#include "node/setup/config_table.h"

namespace ginnel {
namespace {

constexpr std::size_t plan_bytes_max = std::size_t{4} << 20;

std::optional<MemberId> member_id(ConfigTable& in, std::string_view key, const std::string& text) {
  auto id = MemberId::parse(text);
  if (!id && !text.empty())
    in.mistake(key, "is no member id", "use lower-case letters, digits and hyphens, a letter first");
  return id;
}

std::vector<PlannedUser> read_users(ConfigTable& in, ConfigMistakes& mistakes) {
  std::vector<PlannedUser> users;
  for (const toml::table* table : in.sections("users")) {
    ConfigTable user(*table, "`users`", mistakes);
    users.push_back({user.need_text("username", "\"s.worker\""), user.need_text("role", "\"practitioner\""),
                     user.need_text("name", "\"S. Worker\""), user.text("team")});
  }
  return users;
}

Contact read_contact(const toml::table& table, ConfigMistakes& mistakes) {
  ConfigTable in(table, "`duty`", mistakes);
  Contact contact;
  contact.name = in.need_text("name", "\"Front door\"");
  contact.phone = in.need_text("phone", "\"01632 960001\"");
  contact.role = in.text("role");
  contact.team = in.text("team");
  contact.hours = in.text("hours");
  return contact;
}

PlannedMember read_member(const toml::table& table, ConfigMistakes& mistakes) {
  ConfigTable in(table, "[[member]]", mistakes);
  PlannedMember planned;
  Member& member = planned.member;
  if (auto id = member_id(in, "id", in.need_text("id", "\"bradford-csc\""))) member.id = *id;
  member.name = in.need_text("name", "\"Bradford Children and Families Trust\"");
  member.kind = in.need_text("kind", "\"social_care\"");
  member.holds_records = in.flag("holds_records", true);
  auto may_prove = in.texts("may_prove");
  member.may_prove = {may_prove.begin(), may_prove.end()};
  if (std::string text = in.text("acts_for"); !text.empty())
    if (auto id = member_id(in, "acts_for", text)) member.acts_for = *id;
  if (std::string text = in.text("hosted_by"); !text.empty())
    if (auto id = member_id(in, "hosted_by", text)) member.hosted_by = *id;
  if (auto* duty = in.need_section("duty")) member.duty = read_contact(*duty, mistakes);
  planned.own_basis = in.need_text("own_basis", "\"public_task\"");
  planned.has_node = in.flag("node", false);
  planned.is_spare = in.flag("spare", false);
  planned.users = read_users(in, mistakes);
  return planned;
}

PlannedTrustees read_trustees(const toml::table& table, ConfigMistakes& mistakes) {
  ConfigTable in(table, "[[trustees]]", mistakes);
  PlannedTrustees group;
  group.name = in.need_text("name", "\"authorities\"");
  group.needed = std::uint32_t(in.need_number("needed", 1, std::int64_t(limits::trustees_max)));
  for (const std::string& text : in.texts("members"))
    if (auto id = member_id(in, "members", text)) group.members.push_back(*id);
  if (group.members.size() < group.needed)
    in.mistake("needed", "is more than there are members", "name as many members, or need fewer");
  return group;
}

PlannedHead read_head(const toml::table& table, ConfigMistakes& mistakes) {
  ConfigTable in(table, "[test_head]", mistakes);
  PlannedHead head;
  head.definition = in.need_text("definition", "\"child-protection\"");
  head.edition = in.need_text("edition", "\"2023-12-15\"");
  head.state = in.need_text("state", "\"plan\"");
  auto proves = in.texts("proves");
  head.proves = {proves.begin(), proves.end()};
  return head;
}

void check_whole(const FederationPlan& plan, ConfigMistakes& mistakes) {
  std::set<MemberId> ids;
  for (const PlannedMember& planned : plan.members)
    if (!planned.member.id.empty() && !ids.insert(planned.member.id).second)
      mistakes.add(0, "`" + planned.member.id.text() + "` is planned twice", "remove one");
  for (const PlannedTrustees& group : plan.trustees)
    for (const MemberId& id : group.members)
      if (!ids.contains(id))
        mistakes.add(0, "trustee `" + id.text() + "` is no [[member]]", "add it, or correct its id");
  if (plan.members.empty()) mistakes.add(0, "it has no [[member]]", "add one for each agency");
  if (plan.trustees.empty()) mistakes.add(0, "it has no [[trustees]]", "say whose signatures make the list valid");
}

}  // namespace

const PlannedMember* FederationPlan::find(const MemberId& id) const {
  auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.member.id == id; });
  return found == members.end() ? nullptr : &*found;
}

tl::expected<FederationPlan, std::vector<Error>> read_federation_plan(const std::filesystem::path& file) {
  ConfigMistakes mistakes("bad-plan", file.string());
  auto text = read_text_file(file.string(), plan_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse_federation_plan(*text, file.string());
}

tl::expected<FederationPlan, std::vector<Error>> parse_federation_plan(std::string_view text, const std::string& file) {
  ConfigMistakes mistakes("bad-plan", file);
  auto parsed = toml::parse(text, file);
  if (!parsed) {
    mistakes.add(std::uint32_t(parsed.error().source().begin.line), std::string(parsed.error().description()),
                 "correct that line; what comes after it was not checked");
    return tl::unexpected(mistakes.in_order());
  }
  FederationPlan plan;
  {
    ConfigTable top(parsed.table(), "the plan", mistakes);
    for (const toml::table* table : top.sections("member")) plan.members.push_back(read_member(*table, mistakes));
    for (const toml::table* table : top.sections("trustees")) plan.trustees.push_back(read_trustees(*table, mistakes));
    auto purposes = top.texts("purposes_past_closed");
    plan.purposes_past_closed = {purposes.begin(), purposes.end()};
    if (auto* table = top.section("test_head")) plan.test_head = read_head(*table, mistakes);
  }
  check_whole(plan, mistakes);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return plan;
}

}  // namespace ginnel
