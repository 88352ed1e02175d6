// SPDX-License-Identifier: Apache-2.0
#include "node/admin/admin_message.h"

#include <nlohmann/json.hpp>

namespace ginnel {
namespace {

using Json = nlohmann::json;

// Raised by the readers below and caught where the line is read: a reader within a reader need not hand errors up.
struct BadField {
  std::string name;
};

// Reads one object strictly: each field once asked for, none left over.
class Object {
 public:
  explicit Object(const Json& json, std::string name) : json_(json) {
    if (!json.is_object()) throw BadField{std::move(name)};
  }
  const Json& at(const char* key) {
    ++read_;
    auto found = json_.find(key);
    if (found == json_.end()) throw BadField{key};
    return *found;
  }
  std::string text(const char* key) {
    const Json& value = at(key);
    if (!value.is_string()) throw BadField{key};
    return value.get<std::string>();
  }
  bool flag(const char* key) {
    const Json& value = at(key);
    if (!value.is_boolean()) throw BadField{key};
    return value.get<bool>();
  }
  std::uint64_t count(const char* key) {
    const Json& value = at(key);
    if (!value.is_number_unsigned()) throw BadField{key};
    return value.get<std::uint64_t>();
  }
  std::vector<std::string> texts(const char* key) {
    const Json& list = at(key);
    if (!list.is_array()) throw BadField{key};
    std::vector<std::string> out;
    for (const Json& item : list) {
      if (!item.is_string()) throw BadField{key};
      out.push_back(item.get<std::string>());
    }
    return out;
  }
  void nothing_else() const {
    if (read_ != json_.size()) throw BadField{"an unknown field"};
  }

 private:
  const Json& json_;
  std::size_t read_ = 0;
};

// nlohmann throws on text that is no UTF-8; a reply may quote a file name that is none.
std::string to_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class... Ts>
struct Match : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Match(Ts...) -> Match<Ts...>;

Json json_of(const Identity& child) {
  return {{"nhsNumber", child.nhs_number},
          {"familyName", child.family},
          {"givenName", child.given},
          {"dateOfBirth", child.birth_date.is_set() ? child.birth_date.iso() : ""},
          {"postcode", child.postcode}};
}

Identity child_from(const Json& json) {
  Object in(json, "child");
  std::string nhs = in.text("nhsNumber"), family = in.text("familyName"), given = in.text("givenName");
  std::string birth = in.text("dateOfBirth"), postcode = in.text("postcode");
  in.nothing_else();
  auto child = read_identity(nhs, family, given, birth, postcode);
  if (!child) throw BadField{"child"};
  return *child;
}

admin::ImportRequest import_from(Object& in) {
  admin::ImportRequest request{in.texts("files"), in.text("mapping"), in.flag("dryRun")};
  if (request.files.empty()) throw BadField{"files"};
  return request;
}

admin::IssueHeadRequest head_from(Object& in) {
  admin::IssueHeadRequest request;
  request.child = child_from(in.at("child"));
  request.definition = in.text("definition");
  request.edition = in.text("edition");
  request.state = in.text("state");
  auto proves = in.texts("proves");
  request.proves = {proves.begin(), proves.end()};
  request.life_ms = std::int64_t(in.count("lifeMs"));
  return request;
}

AdminRequest request_from(Object& in) {
  std::string verb = in.text("request");
  if (verb == "status") return admin::StatusRequest{};
  if (verb == "stop") return admin::StopRequest{};
  if (verb == "rebuild") return admin::RebuildRequest{};
  if (verb == "import") return import_from(in);
  if (verb == "issue-head") return head_from(in);
  if (verb == "demo-node") return admin::DemoNodeRequest{in.text("node"), in.flag("start")};
  throw BadField{"request"};
}

Json json_of(const admin::Status& status) {
  Json peers = Json::array();
  for (const auto& peer : status.peers)
    peers.push_back({{"member", peer.member},
                     {"name", peer.name},
                     {"standing", peer.standing},
                     {"reached", peer.reached},
                     {"lastHeard", peer.last_heard}});
  Json sources = Json::array();
  for (const auto& source : status.sources)
    sources.push_back({{"system", source.system},
                       {"file", source.file},
                       {"dataTo", source.data_to},
                       {"quarantine", source.quarantine},
                       {"supplement", source.supplement}});
  return {{"member", status.member},
          {"mode", status.mode},
          {"ready", status.ready},
          {"reasons", status.reasons},
          {"pid", std::uint64_t(status.pid)},
          {"startedAt", status.started_at},
          {"endpoint", status.endpoint},
          {"url", status.url},
          {"ledgerEntries", status.ledger_entries},
          {"ledgerRoot", status.ledger_root},
          {"directoryVersion", status.directory_version},
          {"directoryIssuedAt", status.directory_issued_at},
          {"bundle", status.bundle},
          {"sources", sources},
          {"peers", peers}};
}

admin::Status status_from(const Json& json) {
  Object in(json, "status");
  admin::Status status;
  status.member = in.text("member");
  status.mode = in.text("mode");
  status.ready = in.flag("ready");
  status.reasons = in.texts("reasons");
  status.pid = std::int64_t(in.count("pid"));
  status.started_at = in.text("startedAt");
  status.endpoint = in.text("endpoint");
  status.url = in.text("url");
  status.ledger_entries = in.count("ledgerEntries");
  status.ledger_root = in.text("ledgerRoot");
  status.directory_version = in.count("directoryVersion");
  status.directory_issued_at = in.text("directoryIssuedAt");
  status.bundle = in.text("bundle");
  for (const Json& item : in.at("peers")) {
    Object peer(item, "peers");
    status.peers.push_back(
        {peer.text("member"), peer.text("name"), peer.text("standing"), peer.flag("reached"), peer.text("lastHeard")});
    peer.nothing_else();
  }
  for (const Json& item : in.at("sources")) {
    Object source(item, "sources");
    status.sources.push_back({source.text("system"), source.text("file"), source.text("dataTo"),
                              source.text("quarantine"), source.flag("supplement")});
    source.nothing_else();
  }
  in.nothing_else();
  return status;
}

Json json_of(const ImportRun& run) {
  auto counts = [](std::uint64_t added, std::uint64_t changed, std::uint64_t unchanged) {
    return Json{{"added", added}, {"changed", changed}, {"unchanged", unchanged}};
  };
  return {{"system", run.system},
          {"file", run.file},
          {"people", counts(run.people_added, run.people_changed, run.people_unchanged)},
          {"records", counts(run.records_added, run.records_changed, run.records_unchanged)},
          {"rejected", run.rejected},
          {"flagged", run.flagged},
          {"complete", run.complete},
          {"quarantine", run.quarantine}};
}

ImportRun import_run_from(const Json& json) {
  Object in(json, "import");
  ImportRun run;
  run.system = in.text("system");
  run.file = in.text("file");
  Object people(in.at("people"), "people"), records(in.at("records"), "records");
  run.people_added = people.count("added");
  run.people_changed = people.count("changed");
  run.people_unchanged = people.count("unchanged");
  run.records_added = records.count("added");
  run.records_changed = records.count("changed");
  run.records_unchanged = records.count("unchanged");
  run.rejected = in.count("rejected");
  run.flagged = in.count("flagged");
  run.complete = in.flag("complete");
  run.quarantine = in.text("quarantine");
  in.nothing_else();
  return run;
}

Json json_of(const Rejected& row) {
  return {{"file", row.file}, {"line", row.line}, {"field", row.field}, {"reason", row.reason}};
}

Rejected rejected_from(const Json& json) {
  Object in(json, "rejected");
  return {in.text("file"), std::uint32_t(in.count("line")), in.text("field"), in.text("reason")};
}

Json json_of(const Error& error) {
  return {{"code", error.code}, {"what", error.what}, {"why", error.why}, {"remedy", error.remedy}};
}

Error error_from(const Json& json) {
  Object in(json, "error");
  return {in.text("code"), in.text("what"), in.text("why"), in.text("remedy")};
}

AdminReply reply_from(Object& in) {
  AdminReply reply;
  reply.last = in.flag("last");
  std::string kind = in.text("reply");
  const Json& body = in.at("body");
  if (kind == "done" && body.is_string())
    reply.body = admin::Done{body.get<std::string>()};
  else if (kind == "status")
    reply.body = status_from(body);
  else if (kind == "import")
    reply.body = import_run_from(body);
  else if (kind == "rejected")
    reply.body = rejected_from(body);
  else if (kind == "error")
    reply.body = error_from(body);
  else
    throw BadField{"reply"};
  return reply;
}

// Parses a line and gives its object to `read`; every way in which that can fail is one Error.
template <class T, class Read>
Expected<T> read_line(std::string_view line, const char* code, const char* what, Read read) {
  try {
    if (line.size() > limits::admin_line_bytes_max) throw BadField{"the line, which is too long,"};
    Json json = Json::parse(line);
    Object in(json, "the line");
    T value = read(in);
    in.nothing_else();
    return value;
  } catch (const BadField& bad) {
    return fail(code, what, "`" + bad.name + "` is missing, unknown or of the wrong form",
                "use the same version of both");
  } catch (const Json::exception&) {
    return fail(code, what, "the line is no JSON", "use the same version of both");
  }
}

}  // namespace

std::string encode_request(const AdminRequest& request) {
  return to_line(std::visit(
      Match{[](const admin::StatusRequest&) {
              return Json{{"request", "status"}};
            },
            [](const admin::StopRequest&) {
              return Json{{"request", "stop"}};
            },
            [](const admin::RebuildRequest&) {
              return Json{{"request", "rebuild"}};
            },
            [](const admin::ImportRequest& r) {
              return Json{{"request", "import"}, {"files", r.files}, {"mapping", r.mapping}, {"dryRun", r.dry_run}};
            },
            [](const admin::IssueHeadRequest& r) {
              return Json{{"request", "issue-head"},
                          {"child", json_of(r.child)},
                          {"definition", r.definition},
                          {"edition", r.edition},
                          {"state", r.state},
                          {"proves", r.proves},
                          {"lifeMs", std::uint64_t(r.life_ms)}};
            },
            [](const admin::DemoNodeRequest& r) {
              return Json{{"request", "demo-node"}, {"node", r.node}, {"start", r.start}};
            }},
      request));
}

Expected<AdminRequest> decode_request(std::string_view line) {
  return read_line<AdminRequest>(line, "bad-request", "cannot read the request", request_from);
}

std::string encode_reply(const AdminReply& reply) {
  auto [kind, body] = std::visit(
      Match{[](const admin::Done& done) { return std::pair<const char*, Json>("done", done.what); },
            [](const admin::Status& status) { return std::pair<const char*, Json>("status", json_of(status)); },
            [](const ImportRun& run) { return std::pair<const char*, Json>("import", json_of(run)); },
            [](const Rejected& row) { return std::pair<const char*, Json>("rejected", json_of(row)); },
            [](const Error& error) { return std::pair<const char*, Json>("error", json_of(error)); }},
      reply.body);
  return to_line({{"reply", kind}, {"last", reply.last}, {"body", body}});
}

Expected<AdminReply> decode_reply(std::string_view line) {
  return read_line<AdminReply>(line, "bad-reply", "cannot read the node's reply", reply_from);
}

std::string status_json(const admin::Status& status) { return to_line(json_of(status)); }
std::string import_json(const ImportRun& run) { return to_line(json_of(run)); }

}  // namespace ginnel
