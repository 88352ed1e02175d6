// SPDX-License-Identifier: Apache-2.0
#include "node/admin/admin_message.h"

#include "node/admin/json_object.h"

namespace ginnel {
namespace {

using admin::BadField;
using admin::Json;
using admin::Object;

// nlohmann throws on text that is no UTF-8; a reply may quote a file name that is none.
std::string to_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

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

admin::SignPapersRequest sign_papers_from(Object& in) {
  admin::SignPapersRequest request;
  request.papers = in.bytes("papers");
  request.approved = in.texts("approved");
  request.instead = in.flag("instead");
  return request;
}

admin::SignBundleRequest sign_bundle_from(Object& in) {
  admin::SignBundleRequest request;
  request.bundle = in.bytes("bundle");
  return request;
}

admin::SuspendRequest suspend_from(Object& in) {
  admin::SuspendRequest request;
  request.member = in.text("member");
  request.reason = in.text("reason");
  request.lift = in.flag("lift");
  return request;
}

admin::AccountRequest account_from(Object& in) {
  admin::AccountRequest request;
  request.username = in.text("username");
  request.reason = in.text("reason");
  request.enable = in.flag("enable");
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
  if (verb == "members") return admin::MembersRequest{};
  if (verb == "sign-papers") return sign_papers_from(in);
  if (verb == "sign-bundle") return sign_bundle_from(in);
  if (verb == "adopt-papers") return admin::AdoptPapersRequest{in.bytes("papers")};
  if (verb == "member-request") return admin::MemberFileRequest{in.text("plan")};
  if (verb == "suspend") return suspend_from(in);
  if (verb == "account") return account_from(in);
  if (verb == "doctor") return admin::DoctorRequest{};
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
  else if (kind == "members")
    reply.body = admin::members_from(body);
  else if (kind == "signed-papers")
    reply.body = admin::SignedPapers{Object(body, "body").bytes("papers")};
  else if (kind == "diagnosis")
    reply.body = admin::diagnosis_from(body);
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
      Overloaded{
          [](const admin::StatusRequest&) {
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
          },
          [](const admin::MembersRequest&) {
            return Json{{"request", "members"}};
          },
          [](const admin::SignPapersRequest& r) {
            return Json{{"request", "sign-papers"},
                        {"papers", to_hex(r.papers)},
                        {"approved", r.approved},
                        {"instead", r.instead}};
          },
          [](const admin::SignBundleRequest& r) {
            return Json{{"request", "sign-bundle"}, {"bundle", to_hex(r.bundle)}};
          },
          [](const admin::AdoptPapersRequest& r) {
            return Json{{"request", "adopt-papers"}, {"papers", to_hex(r.papers)}};
          },
          [](const admin::MemberFileRequest& r) {
            return Json{{"request", "member-request"}, {"plan", r.plan}};
          },
          [](const admin::SuspendRequest& r) {
            return Json{{"request", "suspend"}, {"member", r.member}, {"reason", r.reason}, {"lift", r.lift}};
          },
          [](const admin::AccountRequest& r) {
            return Json{{"request", "account"}, {"username", r.username}, {"reason", r.reason}, {"enable", r.enable}};
          },
          [](const admin::DoctorRequest&) {
            return Json{{"request", "doctor"}};
          }},
      request));
}

Expected<AdminRequest> decode_request(std::string_view line) {
  return read_line<AdminRequest>(line, "bad-request", "cannot read the request", request_from);
}

std::string encode_reply(const AdminReply& reply) {
  auto [kind, body] = std::visit(
      Overloaded{[](const admin::Done& done) { return std::pair<const char*, Json>("done", done.what); },
                 [](const admin::Status& status) { return std::pair<const char*, Json>("status", json_of(status)); },
                 [](const ImportRun& run) { return std::pair<const char*, Json>("import", json_of(run)); },
                 [](const Rejected& row) { return std::pair<const char*, Json>("rejected", json_of(row)); },
                 [](const Error& error) { return std::pair<const char*, Json>("error", json_of(error)); },
                 [](const admin::Members& members) {
                   return std::pair<const char*, Json>("members", admin::json_of(members));
                 },
                 [](const admin::SignedPapers& signed_papers) {
                   return std::pair<const char*, Json>("signed-papers", Json{{"papers", to_hex(signed_papers.papers)}});
                 },
                 [](const admin::Diagnosis& diagnosis) {
                   return std::pair<const char*, Json>("diagnosis", admin::json_of(diagnosis));
                 }},
      reply.body);
  return to_line({{"reply", kind}, {"last", reply.last}, {"body", body}});
}

Expected<AdminReply> decode_reply(std::string_view line) {
  return read_line<AdminReply>(line, "bad-reply", "cannot read the node's reply", reply_from);
}

std::string status_json(const admin::Status& status) { return to_line(json_of(status)); }
std::string import_json(const ImportRun& run) { return to_line(json_of(run)); }
std::string diagnosis_json(const admin::Diagnosis& diagnosis) { return to_line(admin::json_of(diagnosis)); }

}  // namespace ginnel
