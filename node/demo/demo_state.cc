// SPDX-License-Identifier: Apache-2.0
#include "node/demo/demo_state.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "node/setup/private_file.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

constexpr int state_format = 2;

Json json_of(const PlantedChild& child) {
  Json expect = Json::array();
  for (const StoryExpectation& part : child.expect)
    expect.push_back({{"node", part.node}, {"status", part.status}, {"categories", part.categories}});
  return {{"story", child.story},
          {"nhsNumber", child.nhs_number},
          {"familyName", child.family_name},
          {"givenName", child.given_name},
          {"dateOfBirth", child.birth_date.iso()},
          {"postcode", child.postcode},
          {"lead", child.lead.empty() ? Json() : Json(child.lead)},
          {"expect", expect}};
}

// These throw Json::exception for what is missing or of another type; read_state catches it.
PlantedChild child_from(const Json& json) {
  PlantedChild child;
  json.at("story").get_to(child.story);
  json.at("nhsNumber").get_to(child.nhs_number);
  json.at("familyName").get_to(child.family_name);
  json.at("givenName").get_to(child.given_name);
  child.birth_date = parse_date(json.at("dateOfBirth").get<std::string>()).value_or(Date());
  json.at("postcode").get_to(child.postcode);
  if (json.at("lead").is_string()) json.at("lead").get_to(child.lead);
  for (const Json& part : json.at("expect"))
    child.expect.push_back({part.at("node"), part.at("status"), part.at("categories")});
  return child;
}

DemoState state_from(const Json& json) {
  DemoState state;
  json.at("children").get_to(state.children);
  json.at("seed").get_to(state.seed);
  json.at("directoryVersion").get_to(state.directory_version);
  json.at("directoryIssuedAt").get_to(state.directory_issued_at);
  for (const Json& node : json.at("nodes"))
    state.nodes.push_back(
        {node.at("id"), node.at("kind"), node.at("name"), node.at("httpsPort"), node.at("transportPort")});
  for (const Json& user : json.at("users"))
    state.users.push_back(
        {user.at("node"), user.at("username"), user.at("password"), user.at("role"), user.at("token")});
  for (const Json& child : json.at("stories")) state.stories.push_back(child_from(child));
  for (const Json& child : json.at("sealed")) state.sealed.push_back(child_from(child));
  state.spare = {json.at("spare").at("id"), json.at("spare").at("endpoint")};
  return state;
}

}  // namespace

const DemoNode* DemoState::node(const std::string& id) const {
  auto found = std::find_if(nodes.begin(), nodes.end(), [&](const DemoNode& n) { return n.id == id; });
  return found == nodes.end() ? nullptr : &*found;
}

const DemoUser* DemoState::practitioner(const std::string& node_id) const {
  auto found = std::find_if(users.begin(), users.end(), [&](const DemoUser& u) { return u.node == node_id; });
  return found == users.end() ? nullptr : &*found;
}

Expected<void> write_state(const DemoPaths& paths, const DemoState& state) {
  Json nodes = Json::array(), users = Json::array(), stories = Json::array(), sealed = Json::array();
  for (const DemoNode& node : state.nodes)
    nodes.push_back({{"id", node.id},
                     {"kind", node.kind},
                     {"name", node.name},
                     {"httpsPort", node.https_port},
                     {"transportPort", node.transport_port}});
  for (const DemoUser& user : state.users)
    users.push_back({{"node", user.node},
                     {"username", user.username},
                     {"password", user.password},
                     {"role", user.role},
                     {"token", user.token}});
  for (const PlantedChild& child : state.stories) stories.push_back(json_of(child));
  for (const PlantedChild& child : state.sealed) sealed.push_back(json_of(child));
  Json json{{"format", state_format},
            {"children", state.children},
            {"seed", state.seed},
            {"directoryVersion", state.directory_version},
            {"directoryIssuedAt", state.directory_issued_at},
            {"nodes", nodes},
            {"users", users},
            {"stories", stories},
            {"sealed", sealed},
            {"spare", {{"id", state.spare.id}, {"endpoint", state.spare.endpoint}}}};
  return write_private_file(paths.state(), json.dump(1) + "\n");
}

Expected<DemoState> read_state(const DemoPaths& paths) {
  std::ifstream in(paths.state());
  Json json = Json::parse(in, nullptr, /*allow_exceptions=*/false);
  try {
    if (json.is_object() && json.value("format", 0) == state_format) return state_from(json);
  } catch (const Json::exception&) {
    // A field is missing or of another type: told below.
  }
  return fail("bad-demo-state", "cannot use the demonstration in " + paths.dir.string(),
              "its state.json is damaged, or of another version of ginnel",
              "choose another --dir, or remove this one: its people are invented");
}

Expected<void> write_demo_file(const DemoPaths& paths, const DemoState& state,
                               const std::map<std::string, RunningNode>& running, const std::filesystem::path& schema) {
  Json nodes = Json::array(), users = Json::array(), children = Json::array();
  for (const DemoNode& node : state.nodes) {
    auto found = running.find(node.id);
    nodes.push_back({{"id", node.id},
                     {"kind", node.kind},
                     {"name", node.name},
                     {"url", node.url()},
                     {"endpoint", node.endpoint()},
                     {"pid", found == running.end() || found->second.pid == 0 ? Json() : Json(found->second.pid)},
                     {"dir", paths.node(node.id).string()},
                     {"argv", found == running.end() ? Json() : Json(found->second.argv)},
                     {"adminSocket", (paths.node(node.id) / "admin.sock").string()}});
  }
  for (const DemoUser& user : state.users)
    users.push_back({{"node", user.node},
                     {"username", user.username},
                     {"password", user.password},
                     {"totpSecret", nullptr},
                     {"role", user.role},
                     {"token", user.token}});
  for (const PlantedChild& child : state.stories) children.push_back(json_of(child));
  Json json{{"nodes", nodes},
            {"users", users},
            {"children", children},
            {"ca", paths.ca().string()},
            {"truth", paths.truth().string()},
            {"clockFile", paths.clock().string()},
            {"schema", schema.string()},
            {"spare", {{"id", state.spare.id}, {"keyDir", paths.spare_keys().string()}}}};
  return write_private_file(paths.demo(), json.dump(1) + "\n");
}

std::string child_json(const PlantedChild& child) { return Json{{"nhsNumber", child.nhs_number}}.dump() + "\n"; }

}  // namespace ginnel
