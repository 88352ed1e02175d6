// SPDX-License-Identifier: Apache-2.0
#include "node/setup/federation_plan.h"

#include <algorithm>
#include <map>

#include "adapters/toml_section.h"
#include "federation/wire/limits.h"
#include "node/setup/toml_contact.h"

namespace ginnel {
namespace {

constexpr std::size_t plan_bytes_max = std::size_t{4} << 20;

// The words that a plan may use; an empty list allows every word.
struct Words {
  explicit Words(const Vocabulary* vocabulary) {
    if (!vocabulary) return;
    kinds = vocabulary->ids("agency_kind");
    bases = vocabulary->ids_in_force("basis");
    purposes = vocabulary->ids_in_force("purpose");
    roles = vocabulary->ids("role");
  }
  std::set<std::string> kinds, bases, purposes, roles;
};

class PlanReading {
 public:
  PlanReading(TomlMistakes& mistakes, const Vocabulary* vocabulary) : mistakes_(mistakes), words_(vocabulary) {}

  FederationPlan read(const toml::table& root) {
    TomlSection top(root, "the plan", mistakes_);
    for (const toml::table* table : top.sections("member")) plan_.members.push_back(read_member(*table));
    for (const toml::table* table : top.sections("trustees")) plan_.trustees.push_back(read_trustees(*table));
    plan_.purposes_past_closed = top.words("purposes_past_closed", "purpose", words_.purposes);
    if (auto* table = top.section("test_head")) plan_.test_head = read_head(*table);
    check_whole();
    return std::move(plan_);
  }

 private:
  std::string need_word(TomlSection& in, std::string_view key, std::string_view example, std::string_view is_no,
                        const std::set<std::string>& allowed) {
    std::string word = in.need_text(key, example);
    if (!word.empty()) mistakes_.check_word(in.line_of_key(key), word, is_no, allowed);
    return word;
  }

  // Of another member, to be looked for when all are known.
  std::optional<MemberId> read_other(TomlSection& in, std::string_view key) {
    std::string text = in.text(key);
    if (text.empty()) return std::nullopt;
    return other({text, in.line_of_key(key)}, "`" + std::string(key) + "` of " + in.name());
  }
  std::optional<MemberId> other(const TomlText& name, const std::string& of) {
    auto id = read_member_id(name, of, mistakes_);
    if (id) named_.push_back({*id, name.line, of});
    return id;
  }

  std::vector<PlannedUser> read_users(TomlSection& in) {
    std::vector<PlannedUser> users;
    std::set<std::string> names;
    for (const toml::table* table : in.sections("users")) {
      TomlSection user(*table, "`users`", mistakes_);
      users.push_back({user.need_text("username", "\"s.worker\""),
                       need_word(user, "role", "\"practitioner\"", "role", words_.roles),
                       user.need_text("name", "\"S. Worker\""), user.text("team")});
      const std::string& username = users.back().username;
      if (!username.empty() && !names.insert(username).second)
        user.mistake("username", "is `" + username + "`, which this member has already", "choose another");
    }
    return users;
  }

  PlannedMember read_member(const toml::table& table) {
    TomlSection in(table, "[[member]]", mistakes_);
    PlannedMember planned;
    Member& member = planned.member;
    if (std::string id = in.need_text("id", "\"bradford-csc\""); !id.empty()) {
      const std::uint32_t line = in.line_of_key("id");
      if (auto read = read_member_id({id, line}, "`id` of [[member]]", mistakes_)) member.id = *read;
      if (!ids_.insert(id).second) mistakes_.add(line, "`" + id + "` is planned twice", "remove one");
    }
    member.name = in.need_text("name", "\"Bradford Children and Families Trust\"");
    member.kind = need_word(in, "kind", "\"social_care\"", "kind of agency", words_.kinds);
    member.holds_records = in.flag("holds_records", true);
    member.may_prove = in.words("may_prove", "purpose", words_.purposes);
    if (auto id = read_other(in, "acts_for")) member.acts_for = *id;
    if (auto id = read_other(in, "hosted_by")) member.hosted_by = *id;
    if (auto* duty = in.need_section("duty")) member.duty = read_contact(*duty, "`duty`", mistakes_);
    planned.own_basis = need_word(in, "own_basis", "\"public_task\"", "legal basis in force", words_.bases);
    planned.has_node = in.flag("node");
    planned.is_spare = in.flag("spare");
    if (planned.has_node && planned.is_spare)
      in.mistake("spare", "cannot be true beside `node`", "a spare member has keys and no node: take one away");
    planned.users = read_users(in);
    return planned;
  }

  PlannedTrustees read_trustees(const toml::table& table) {
    TomlSection in(table, "[[trustees]]", mistakes_);
    PlannedTrustees group;
    group.name = in.need_text("name", "\"authorities\"");
    if (!group.name.empty() && !groups_.insert(group.name).second)
      in.mistake("name", "is `" + group.name + "`, which names another group already", "give each its own name");
    group.needed = std::uint32_t(in.need_number("needed", 1, std::int64_t(limits::trustees_max)));
    std::set<std::string> names;
    for (const TomlText& name : in.texts(in.need("members", "list the ids of the trustees"), "members")) {
      if (!names.insert(name.text).second) {
        mistakes_.add(name.line, "trustee `" + name.text + "` stands twice in [[trustees]]", "remove one");
        continue;
      }
      if (auto id = other(name, "`members` of [[trustees]]")) group.members.push_back(*id);
    }
    if (names.size() < group.needed)
      in.mistake("needed", "is more than there are members, so the list of members could never be valid",
                 "name as many members, or need fewer");
    return group;
  }

  PlannedHead read_head(const toml::table& table) {
    TomlSection in(table, "[test_head]", mistakes_);
    PlannedHead head;
    head.definition = in.need_text("definition", "\"child-protection\"");
    head.edition = in.need_text("edition", "\"2023-12-15\"");
    head.state = in.need_text("state", "\"plan\"");
    head.proves = in.words("proves", "purpose", words_.purposes);
    return head;
  }

  void check_whole() {
    for (const auto& [id, line, of] : named_)
      if (!ids_.contains(id.text()))
        mistakes_.check_word(line, id.text(), "[[member]] (" + of + ")",
                             ids_.empty() ? std::set<std::string>{"none is planned"} : ids_);
    if (plan_.members.empty()) mistakes_.add(0, "it has no [[member]]", "add one for each agency");
    if (plan_.trustees.empty()) mistakes_.add(0, "it has no [[trustees]]", "say whose signatures make the list valid");
  }

  struct Named {
    MemberId id;
    std::uint32_t line;
    std::string of;
  };
  TomlMistakes& mistakes_;
  Words words_;
  FederationPlan plan_;
  std::set<std::string> ids_, groups_;
  std::vector<Named> named_;
};

}  // namespace

const PlannedMember* FederationPlan::find(const MemberId& id) const {
  auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.member.id == id; });
  return found == members.end() ? nullptr : &*found;
}

tl::expected<FederationPlan, std::vector<Error>> read_federation_plan(const std::filesystem::path& file,
                                                                      const Vocabulary* vocabulary) {
  TomlMistakes mistakes("bad-plan", file.string());
  auto text = read_text_file(file, plan_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return parse_federation_plan(*text, file.string(), vocabulary);
}

tl::expected<FederationPlan, std::vector<Error>> parse_federation_plan(std::string_view text, const std::string& file,
                                                                       const Vocabulary* vocabulary) {
  TomlMistakes mistakes("bad-plan", file);
  FederationPlan plan;
  if (auto root = parse_toml(text, mistakes)) plan = PlanReading(mistakes, vocabulary).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return plan;
}

}  // namespace ginnel
