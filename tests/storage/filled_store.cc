// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/filled_store.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <sstream>

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr int people_count = 60, records_each = 6, turns_more = 12;
// For one copy: of processor time, which other programs do not use up, and by the clock, for one that waits.
constexpr rlimit processor_seconds_max{20, 20};
constexpr unsigned seconds_max = 200;

std::string nhs_of(int person) { return "nhs:99900" + std::to_string(10'000 + person); }

Person person_of(int number) {
  Person person = ben();
  person.names[0].given = "Given" + std::to_string(number);
  person.identifiers = {{"source:liquidlogic", "LL-" + std::to_string(number), true}};
  return person;
}

template <class Value, class Show>
std::string shown(const Expected<Value>& value, const Show& show) {
  if (!value) {
    const bool is_miss = value.error().code == "no-record" || value.error().code == "no-person";
    return (is_miss ? "none: " : "? ") + value.error().text();
  }
  return show(*value);
}
auto count_of = [](const auto& all) { return std::to_string(all.size()); };

void put_all(std::ostream& out, const char* what, const std::string& text) {
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  out << what << ' ' << line << '\n';
}

}  // namespace

const FilledStore& filled() {
  static const FilledStore store;
  return store;
}

FilledStore::FilledStore() {
  std::vector<std::vector<RecordId>> of(people_count);
  for (int i = 0; i < people_count; ++i) {
    auto turn = store_.begin();
    PersonVersion version = version_of(person_of(i));
    version.link_keys.push_back(nhs_of(i));
    people_.push_back(turn->put_person(version, ActorId()).value());
    for (int n = 0; n < records_each; ++n) {
      Record record = visit_to({people_[i]}, "Visit " + std::to_string(n) + " to " + std::to_string(i));
      // Some are longer than a page.
      record.narrative.append(n == 5 ? 9000 : 40 * std::size_t(n), char('a' + n));
      Attachment file{"photo.jpg", "image/jpeg", 5000, {}};
      const Bytes content(5000, std::uint8_t(i));
      if (n == 0 && i % 10 == 0) {
        file.sha256 = sha256(content);
        record.attachments = {file};
      }
      records_.push_back(turn->put_record(record, ActorId()).value());
      if (n == 0 && i % 10 == 0)
        files_.emplace_back(
            records_.back(),
            turn->put_attachment(records_.back(), file, seal_content(content, store_.random()), ActorId()).value());
    }
    EXPECT_TRUE(turn->put_side(SideTable::users, view_of("user " + std::to_string(i)), view_of("account")));
    EXPECT_TRUE(turn->commit());
  }
  // Pages are given back and used again, as in a store that has been running for long.
  for (int i = 0; i < turns_more; ++i) {
    auto turn = store_.begin();
    Record record = visit_to({people_[std::size_t(i)]}, "Later visit " + std::to_string(i));
    record.replaces = records_[std::size_t(i * records_each)];
    if (i > 5) record.replaces = RecordId();
    records_.push_back(turn->put_record(record, ActorId()).value());
    EXPECT_TRUE(turn->erase_side(SideTable::users, view_of("user " + std::to_string(i))));
    EXPECT_TRUE(turn->commit());
  }
  right_ = ask(*store_);
  for (const auto& [question, answer] : right_) EXPECT_NE(answer[0], '?') << question << ": " << answer;
  store_.close();
}

Answers FilledStore::ask(Store& store) const {
  Answers out;
  auto opened = store.snapshot();
  if (!opened) {
    for (const auto& [question, answer] : right_) out[question] = "? " + opened.error().text();
    return out;
  }
  const Snapshot& reader = **opened;
  // Ten more numbers than there are people: that nobody has one is an answer too.
  for (int i = 0; i < people_count + 10; ++i)
    out["who is " + nhs_of(i)] = shown(reader.find_people(std::vector{nhs_of(i)}), [](const auto& found) {
      return found.empty() ? std::string("nobody") : found.front().hex() + " of " + count_of(found);
    });
  for (int i = 0; i < people_count; ++i) {
    const std::string who = std::to_string(i);
    const PersonRef& person = people_[std::size_t(i)];
    out["labels of " + who] = shown(reader.labels(person), [](const auto& labels) {
      std::string all;
      for (const auto& label : labels) all += label.id.hex() + label.label.category + " ";
      return all;
    });
    out["markings of " + who] = shown(reader.markings(person), count_of);
    out["name of " + who] = shown(reader.whole_person(person, LinkTokenForTests::make()),
                                  [](const auto& whole) { return whole.names[0].given; });
    out["access to " + who] = shown(reader.access_to(person), count_of);
    out["user " + who] = shown(reader.side(SideTable::users, view_of("user " + who)), [](const auto& row) {
      return row ? std::string(row->begin(), row->end()) : std::string("none");
    });
  }
  for (const auto& id : records_)
    out["record " + id.hex()] = shown(reader.read(PermitForTests::make(id, Step::content)), [](const Record& record) {
      return record.headline + to_hex(sha256(view_of(record.narrative)));
    });
  for (const auto& [record, file] : files_)
    out["file " + file.hex()] = shown(reader.read_attachment(PermitForTests::make(record, Step::content), file),
                                      [](const KeptFile& kept) { return to_hex(sha256(kept.content)); });
  out["people"] = shown(reader.person_entries(), count_of);
  return out;
}

namespace {

// In the child: what is said, a line each, to the pipe.
std::string report_on(const FilledStore& original, const std::string& copy) {
  std::ostringstream out;
  auto ledger = open_lmdb(copy + "/ledger");
  if (!ledger) return put_all(out, "refused", ledger.error().text()), out.str();
  auto keys = open_lmdb(copy + "/keys");
  if (!keys) return put_all(out, "refused", keys.error().text()), out.str();
  SeededRandom random(7);
  auto store = Store::open(**ledger, **keys, original.root(), random);
  if (!store) return put_all(out, "refused", store.error().text()), out.str();
  const Answers said = original.ask(**store);
  std::size_t right = 0, unknown = 0;
  std::set<std::string> told;
  for (const auto& [question, answer] : original.right()) {
    const std::string& now = said.at(question);
    if (now == answer) {
      ++right;
    } else if (now[0] == '?') {
      ++unknown;
      told.insert(now.substr(2));
    } else {
      put_all(out, "wrong", question + ": " + now + " where " + answer + " is right");
    }
  }
  out << "right " << right << "\nunknown " << unknown << "\n";
  for (const auto& one : told) put_all(out, "told", one);
  auto snapshot = (*store)->snapshot();
  if (!snapshot) return put_all(out, "problem", snapshot.error().text()), out.str();
  auto verified = (*snapshot)->verify();
  if (!verified) return put_all(out, "problem", verified.error().text()), out.str();
  for (const auto& problem : verified->problems) put_all(out, "problem", problem);
  for (const auto& problem : (*snapshot)->verify_stored().problems) put_all(out, "problem", problem);
  return out.str();
}

}  // namespace

Outcome examine_copy(const FilledStore& original, const std::string& copy) {
  int ends[2];
  CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::setrlimit(RLIMIT_CPU, &processor_seconds_max);
    ::alarm(seconds_max);
    const std::string report = report_on(original, copy) + "end\n";
    for (std::size_t done = 0; done < report.size();) {
      const ssize_t wrote = ::write(ends[1], report.data() + done, report.size() - done);
      if (wrote <= 0) ::_exit(2);
      done += std::size_t(wrote);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string report;
  char buffer[4096];
  for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) report.append(buffer, std::size_t(got));
  ::close(ends[0]);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  Outcome out;
  out.died = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  if (out.died) out.how = WIFSIGNALED(status) ? ::strsignal(WTERMSIG(status)) : "an exit with an error";
  std::istringstream lines(report);
  for (std::string what, rest; lines >> what && std::getline(lines >> std::ws, rest, '\n') && what != "end";) {
    if (what == "refused") out.refused = rest;
    if (what == "right") out.right = std::stoul(rest);
    if (what == "unknown") out.unknown = std::stoul(rest);
    if (what == "wrong") out.wrong.push_back(rest);
    if (what == "told") out.told.push_back(rest);
    if (what == "problem") out.problems.push_back(rest);
  }
  return out;
}

}  // namespace ginnel
