// SPDX-License-Identifier: Apache-2.0
#include "node/demo/demo.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "node/admin/admin_client.h"
#include "node/admin/admin_server.h"
#include "node/cli/http_client.h"
#include "node/cli/output.h"
#include "node/cli/render_case_view.h"
#include "node/cli/stop_signal.h"
#include "node/demo/demo_nodes.h"
#include "node/demo/demo_setup.h"
#include "node/demo/story_check.h"
#include "node/gate/bundle.h"
#include "node/setup/federation_plan.h"
#include "node/setup/node_clock.h"
#include "node/view/view_json.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint32_t children_otherwise = 200;
constexpr std::uint64_t seed_otherwise = 1;
constexpr std::int64_t admin_timeout_ms = 10'000, control_timeout_ms = 90'000;
constexpr std::int64_t view_deadline_ms = 5'000;
constexpr std::chrono::milliseconds look_round{100};
constexpr std::int64_t head_issued_again_after_ms = day_ms;
// What the stories' expectations hold for (adapters/synth/synth.h).
constexpr const char* asking_node = "bradford-csc";
constexpr const char* asking_purpose = "child_protection";
constexpr const char* asking_basis = "public_task";
constexpr const char* shown_story = "moved-twice";

// One demonstration a folder. The lock goes with the process.
Expected<int> lock_folder(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  int lock = ::open((dir / "demo.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0)
    return fail("unwritable", "cannot use " + dir.string(), "it cannot be written to", "choose another --dir");
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  ::close(lock);
  return fail("demo-running", "cannot start the demonstration in " + dir.string(), "one runs there already",
              "stop it first, or choose another --dir");
}

// What `ginnel demo start` and `stop` ask, handed from the socket's thread to the main thread.
class Requests {
 public:
  void put(AdminRequest request, AdminServer::Reply reply) {
    std::lock_guard lock(mutex_);
    waiting_.emplace_back(std::move(request), std::move(reply));
  }
  std::vector<std::pair<AdminRequest, AdminServer::Reply>> take() {
    std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<AdminRequest, AdminServer::Reply>> waiting_;
};

class Demo {
 public:
  Demo(DemoSetup setup, DemoState state, Streams& streams)
      : setup_(std::move(setup)),
        state_(std::move(state)),
        streams_(streams),
        nodes_(setup_.paths, state_, setup_.program),
        clock_(clock_ahead_by(setup_.paths.clock())) {}

  Expected<void> start(std::stop_token stop) {
    streams_.err << "starting " << state_.nodes.size() << " nodes ..." << std::endl;
    if (auto started = nodes_.start_all(); !started) return started;
    if (auto ready = nodes_.wait_until_ready(stop); !ready) return ready;
    if (auto issued = issue_heads(); !issued) return issued;
    return tell_scripts();
  }

  Expected<CaseView> view_of(const PlantedChild& child) {
    const DemoUser* user = state_.practitioner(asking_node);
    const DemoNode* node = state_.node(asking_node);
    if (!user || !node)
      return fail("bad-plan", "cannot ask", std::string("there is no practitioner at ") + asking_node);
    auto client = HttpClient::open(
        {node->url(), setup_.paths.ca().string(), setup_.paths.token(user->node, user->username).string()});
    if (!client) return tl::unexpected(client.error());
    Json body{{"child", {{"nhsNumber", child.nhs_number}}},
              {"purpose", asking_purpose},
              {"basis", asking_basis},
              {"reason", "demonstration"},
              {"deadlineMs", view_deadline_ms}};
    auto answer = client->post("/api/v1/case-views", body.dump());
    if (!answer) return tl::unexpected(answer.error());
    auto text = body_or_error(*answer);
    if (!text) return tl::unexpected(text.error());
    return view_from_json(*text);
  }

  Expected<void> show_one_view() {
    const PlantedChild* child = story(shown_story);
    if (!child) return fail("bad-plan", "cannot show a case view", "the story is missing");
    auto view = view_of(*child);
    if (!view) return tl::unexpected(view.error());
    streams_.out << "\n" << render_case_view(*view) << std::endl;
    return {};
  }

  // Every story, each part against what is expected; and that nothing is told of an identity that is sealed.
  ExitCode check_stories() {
    bool all_match = true;
    std::vector<PlantedChild> children = state_.stories;
    children.insert(children.end(), state_.sealed.begin(), state_.sealed.end());
    for (std::size_t i = 0; i < children.size(); ++i) {
      const PlantedChild& child = children[i];
      auto view = view_of(child);
      if (!view) return failed_with(streams_, view.error());
      auto differing = differences(child, *view);
      streams_.out << (differing.empty() ? "as expected  " : "DIFFERS      ") << child.story
                   << (i < state_.stories.size() ? "" : ", the sealed identity") << "\n";
      for (const std::string& line : differing) streams_.out << "             " << line << "\n";
      all_match = all_match && differing.empty();
    }
    streams_.out << std::flush;
    return all_match ? ExitCode::done : ExitCode::partial;
  }

  void print_addresses() {
    std::ostream& out = streams_.out;
    out << "WHERE TO SIGN IN                    every password: " << state_.users.front().password << "\n";
    for (const DemoNode& node : state_.nodes) {
      std::string names;
      for (const DemoUser& user : state_.users)
        if (user.node == node.id) names += (names.empty() ? "" : ", ") + user.username;
      out << "  " << node.url() << "  " << node.name << ": " << names << "\n";
    }
    const DemoUser& user = *state_.practitioner(asking_node);
    out << "\nThe browser will warn until it trusts " << setup_.paths.ca().string()
        << ". For scripts: " << setup_.paths.demo().string() << "\nThe same view again:\n  ginnel case view --url "
        << state_.node(asking_node)->url() << " --ca " << setup_.paths.ca().string() << " --token-file "
        << setup_.paths.token(user.node, user.username).string() << " \\\n    --purpose " << asking_purpose
        << " --basis " << asking_basis << " < " << setup_.paths.child(shown_story).string() << "\n\n"
        << "Everybody here is invented. Stop with Ctrl-C; the data stays in " << setup_.paths.dir.string() << "."
        << std::endl;
  }

  Expected<void> stay_up(std::stop_token stop) {
    Requests requests;
    auto socket = AdminServer::start(setup_.paths.socket(), [&](AdminRequest request, AdminServer::Reply reply) {
      requests.put(std::move(request), std::move(reply));
    });
    if (!socket) return tl::unexpected(socket.error());
    while (!stop.stop_requested()) {
      for (auto& [request, reply] : requests.take()) reply({carry_out(request, stop), true});
      nodes_.tell_of_ended(streams_.err);
      if (auto issued = issue_heads(); !issued) print_error(streams_.err, issued.error());
      std::this_thread::sleep_for(look_round);
    }
    streams_.err << "stopping ..." << std::endl;
    return {};
  }

 private:
  const PlantedChild* story(std::string_view name) const {
    auto found = std::find_if(state_.stories.begin(), state_.stories.end(), [&](auto& c) { return c.story == name; });
    return found == state_.stories.end() ? nullptr : &*found;
  }

  // For every child whose last one is a day old, of the demonstration's clock: a head lives three. The last failure.
  Expected<void> issue_heads() {
    Expected<void> all;
    const Instant now = clock_->now();
    for (const PlantedChild& child : state_.stories) {
      Instant& issued_at = heads_issued_at_[child.story];
      if (!nodes_.was_started(child.lead) || now - issued_at < head_issued_again_after_ms) continue;
      issued_at = now;
      if (auto issued = issue_head(child); !issued) all = issued;
    }
    return all;
  }

  // Until processes exist, a test issuer at the lead's node signs for the children on a plan (DESIGN 7).
  Expected<void> issue_head(const PlantedChild& child) {
    admin::IssueHeadRequest request;
    auto identity =
        read_identity(child.nhs_number, child.family_name, child.given_name, child.birth_date.iso(), child.postcode);
    if (!identity) return tl::unexpected(identity.error());
    request.child = *identity;
    request.definition = setup_.plan.test_head.definition;
    request.edition = setup_.plan.test_head.edition;
    request.state = setup_.plan.test_head.state;
    request.proves = setup_.plan.test_head.proves;
    request.life_ms = 72 * hour_ms;
    auto reply = ask_node(setup_.paths.node(child.lead) / "admin.sock", request, {}, admin_timeout_ms);
    if (!reply) return tl::unexpected(reply.error());
    return {};
  }

  Expected<void> tell_scripts() {
    return write_demo_file(setup_.paths, state_, nodes_.how_they_run(), setup_.home / "federation/wire");
  }

  AdminReply::Body carry_out(const AdminRequest& request, std::stop_token stop) {
    const auto* about = std::get_if<admin::DemoNodeRequest>(&request);
    if (!about)
      return Error{"bad-request", "the demonstration does not do this", "only its nodes do", "ask one of them"};
    auto done = about->start ? nodes_.start(about->node) : nodes_.stop(about->node);
    if (done && about->start) done = nodes_.wait_until_ready(stop, about->node);
    if (done) done = tell_scripts();
    if (!done) return done.error();
    return admin::Done{about->node + (about->start ? " runs" : " has stopped")};
  }

  DemoSetup setup_;
  DemoState state_;
  Streams& streams_;
  DemoNodes nodes_;
  std::unique_ptr<Clock> clock_;
  std::map<std::string, Instant> heads_issued_at_;  // by story
};

bool is_other(const DemoOptions& options, const DemoState& state) {
  return options.children.value_or(state.children) != state.children || options.seed.value_or(state.seed) != state.seed;
}

// The folder's demonstration, or a new one.
Expected<DemoState> prepare(const DemoOptions& options, DemoSetup& setup, Streams& streams) {
  if (!fs::exists(setup.paths.state())) {
    setup.children = options.children.value_or(children_otherwise);
    setup.seed = options.seed.value_or(seed_otherwise);
    return make_demo(setup, streams.err);
  }
  auto state = read_state(setup.paths);
  if (!state) return state;
  if (is_other(options, *state))
    return fail("usage", "cannot start this demonstration in " + setup.paths.dir.string(),
                "it holds one of " + std::to_string(state->children) + " children, seed " + std::to_string(state->seed),
                "choose another --dir, or remove that folder: its people are invented");
  setup.children = state->children;
  setup.seed = state->seed;
  streams.err << "using the demonstration in " << setup.paths.dir.string() << " (" << state->children
              << " children, seed " << state->seed << ")" << std::endl;
  if (auto refreshed = refresh_demo(setup, *state, streams.err); !refreshed) return tl::unexpected(refreshed.error());
  return state;
}

ExitCode tell_demo(const fs::path& dir, const std::string& node, bool start, Streams& streams) {
  auto reply = ask_node(fs::absolute(dir) / "demo.sock", admin::DemoNodeRequest{node, start}, {}, control_timeout_ms);
  if (!reply && reply.error().code == "node-not-running")
    return failed_with(streams, Error{"demo-not-running", "cannot reach the demonstration in " + dir.string(),
                                      "none runs there", "start it: ginnel demo --dir " + dir.string()});
  if (!reply) return failed_with(streams, reply.error());
  if (auto* done = std::get_if<admin::Done>(&reply->body)) streams.err << done->what << "\n";
  return ExitCode::done;
}

}  // namespace

ExitCode run_demo(const DemoOptions& options, Streams& streams) {
  StopSignal stop;
  DemoSetup setup;
  setup.paths.dir = fs::absolute(options.dir).lexically_normal();
  setup.home = options.home;
  setup.program = options.program;
  auto bundle = read_bundle(setup.home / "config-examples/policies/west-yorkshire");
  if (!bundle) return failed_with(streams, bundle.error());
  auto plan = read_federation_plan(setup.home / "config-examples/west-yorkshire/members.toml", &(*bundle)->vocabulary);
  if (!plan) return failed_with(streams, plan.error());
  setup.plan = std::move(*plan);
  auto lock = lock_folder(setup.paths.dir);
  if (!lock) return failed_with(streams, lock.error());
  std::error_code ignored;
  fs::remove(setup.paths.demo(), ignored);  // scripts wait for it: it may only tell of nodes that run

  auto prepared = [&] {
    // Nothing runs yet that needs an orderly end: an unfinished folder is made again.
    std::stop_callback at_once(stop.token(), [] { ::_exit(130); });
    return prepare(options, setup, streams);
  }();
  if (!prepared) return failed_with(streams, prepared.error());

  Demo demo(std::move(setup), std::move(*prepared), streams);
  if (auto started = demo.start(stop.token()); !started)
    return started.error().code == "stopped" ? ExitCode::done : failed_with(streams, started.error());
  auto shown = demo.show_one_view();
  if (!shown) print_error(streams.err, shown.error());
  if (options.once) return shown ? demo.check_stories() : ExitCode::failed;
  demo.print_addresses();
  auto stayed = demo.stay_up(stop.token());
  return stayed ? ExitCode::done : failed_with(streams, stayed.error());
}

ExitCode start_demo_node(const fs::path& dir, const std::string& node, Streams& streams) {
  return tell_demo(dir, node, true, streams);
}

ExitCode stop_demo_node(const fs::path& dir, const std::string& node, Streams& streams) {
  return tell_demo(dir, node, false, streams);
}

}  // namespace ginnel
