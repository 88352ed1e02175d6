// SPDX-License-Identifier: Apache-2.0
// Who sees what of which record, for which purpose: records/*.txt against the gate under the shipped agreement.
#include <map>

#include "node/gate/facts.h"
#include "tests/matrix/table.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel::matrix {
namespace {

// In the column of markings: its author wrote it for whoever asks.
constexpr std::string_view to_asker = "to:asker", to_other = "to:other";

constexpr const char* files[] = {"ordinary",         "proven",  "transfer",       "police-protection",
                                 "immediate-danger", "no-rule", "subject-access", "statistics"};

const Vocabulary& vocabulary() { return west_yorkshire()->vocabulary; }

struct Asker {
  std::string column, kind, role;
  bool is_owner = false;
};

// Every role of every agency kind, with its column of askers.txt.
std::vector<Asker> all_askers(const Table& table) {
  std::vector<Asker> out;
  for (const auto& kind : vocabulary().words("agency_kind"))
    for (const auto& role : vocabulary().words("role"))
      for (const bool is_owner : {true, false}) {
        std::set<std::string> columns;
        for (const auto& row : table.rows) {
          const Words roles = words_of(row.cells[0], ',');
          const bool is_kind = row.key[2] == "*" || row.key[2] == kind.id;
          if ((row.key[1] == "own") == is_owner && is_kind &&
              std::find(roles.begin(), roles.end(), role.id) != roles.end())
            columns.insert(row.key[0]);
        }
        EXPECT_EQ(columns.size(), 1u) << "tests/matrix/askers.txt: the role `" << role.id << "` of a `" << kind.id
                                      << "` agency, for " << (is_owner ? "its own" : "others'")
                                      << " records, stands in " << columns.size() << " columns; put it into one";
        if (columns.size() == 1) out.push_back({*columns.begin(), kind.id, role.id, is_owner});
      }
  return out;
}

// A row of a file, as the records that it stands for.
struct Subject {
  const Row* row;
  std::string holder;  // agency kind
  bool is_to_asker = false;
  RecordLabel record;
  std::set<std::string> in_view;  // markings of the whole view
};

MemberId agency_of(const std::string& kind, bool is_owner) {
  std::string id = (is_owner ? "holder-" : "asker-") + kind;
  std::replace(id.begin(), id.end(), '_', '-');
  return *MemberId::parse(id);
}

std::vector<int> sensitivities_of(const std::string& text) {
  std::vector<int> out;
  for (int i = text.front() - '0'; i <= text.back() - '0'; ++i) out.push_back(i);
  return out;
}

// Adds the records of one row, whose kind, category and holder are given: `any` rows take them from other rows.
void add_subjects(const Row& row, const Words& like, std::vector<Subject>& out) {
  Subject subject;
  subject.row = &row;
  subject.holder = like[3];
  std::set<std::string> markings;
  constexpr std::string_view view = "view:";
  subject.is_to_asker = row.key[4] == to_asker;
  if (row.key[4].starts_with(view))
    subject.in_view = {row.key[4].substr(view.size())};
  else if (subject.is_to_asker || row.key[4] == to_other)
    markings.clear();
  else if (row.key[4] != ".")
    for (auto& word : words_of(row.key[4], '+')) markings.insert(std::move(word));
  subject.in_view.insert(markings.begin(), markings.end());
  for (const int sensitivity : sensitivities_of(row.key[2])) {
    subject.record =
        label_of(agency_of(subject.holder, true).text(), like[0], like[1], sensitivity, markings, row.key[5]);
    if (row.key[4] == to_other) subject.record.label.addressed_to = *MemberId::parse("somebody-else");
    out.push_back(subject);
  }
}

std::vector<Subject> subjects_of(const Table& table) {
  std::map<std::string, const Row*> usual;  // kind -> its first row without a marking
  for (const auto& row : table.rows)
    if (row.key[0] != "any" && row.key[4] == ".") usual.emplace(row.key[0], &row);
  std::vector<Subject> out;
  for (const auto& row : table.rows)
    if (row.key[0] != "any") {
      add_subjects(row, row.key, out);
    } else {
      for (const auto& [kind, first] : usual) add_subjects(row, first->key, out);
    }
  return out;
}

Asking asking_of(const Asker& asker, const std::string& purpose) {
  Asking asking = asking_for(purpose.substr(0, purpose.find('+')), purpose.ends_with("+proof"));
  asking.break_glass = purpose.ends_with("+glass");
  asking.agency = agency_of(asker.kind, asker.is_owner);
  asking.agency_kind = asker.kind;
  asking.role = asker.role;
  asking.highest = Step::copy_out;
  return asking;
}

std::string outcome_of(Step step) {
  switch (step) {
    case Step::none:
      return "-";
    case Step::exists:
      return "e";
    case Step::headline:
      return "h";
    case Step::content:
      return "c";
    case Step::copy_out:
      return "o";
  }
  return "?";
}

// What the gate does with a file's records.
class RecordTrial {
 public:
  explicit RecordTrial(const Table& table) : observed_(table.columns), subjects_(subjects_of(table)) {}

  void ask(const Asker& asker, const std::string& purpose) {
    const Asking asking = asking_of(asker, purpose);
    // Records that are seen in one view are decided together.
    std::map<std::set<std::string>, std::vector<const Subject*>> views;
    for (const auto& subject : subjects_)
      if (is_tried(subject, asker)) views[subject.in_view].push_back(&subject);
    ++asked_;
    const bool is_refused = !gate_.gate.check_words(asking);
    auto turn = gate_.store.begin();
    for (const auto& [markings, subjects] : views) {
      std::vector<RecordLabel> records;
      for (const auto* subject : subjects) {
        records.push_back(subject->record);
        if (subject->is_to_asker) records.back().label.addressed_to = asking.agency;
      }
      DecisionFor recorded;
      recorded.key = turn->node_key();
      auto verdicts = is_refused ? Expected<Verdicts>() : gate_.gate.decide(asking, records, markings, recorded, *turn);
      ASSERT_TRUE(verdicts) << verdicts.error().text();
      for (std::size_t i = 0; i < subjects.size(); ++i) {
        const std::string outcome = is_refused ? "R" : outcome_of((*verdicts)[i].step);
        if (!seen_.emplace(subjects[i]->row, asker.column, outcome).second) continue;
        observed_.add(subjects[i]->row->key, asker.column, outcome,
                      asker.role + " of " + asking.agency.text() + ", " + purpose + ", " + records[i].kind +
                          " of sensitivity " + std::to_string(int(records[i].label.sensitivity)));
      }
    }
  }
  const Observed& observed() const { return observed_; }

 private:
  // `any` rows stand for many records: each of those meets every sixteenth asker, in turn, so that all meet some.
  bool is_tried(const Subject& subject, const Asker& asker) const {
    if (asker.is_owner && subject.holder != asker.kind) return false;
    return asker.is_owner || subject.row->key[0] != "any" ||
           (asked_ + std::size_t(&subject - subjects_.data())) % 16 == 0;
  }

  GateForTests gate_;
  Observed observed_;
  std::vector<Subject> subjects_;
  std::set<std::tuple<const Row*, std::string, std::string>> seen_;
  std::size_t asked_ = 0;
};

class Records : public testing::TestWithParam<const char*> {};

TEST_P(Records, are_shown_as_the_file_says_and_no_flipped_cell_goes_unseen) {
  const Table table = read_table(std::string("records/") + GetParam() + ".txt");
  const Table askers = read_table("askers.txt");
  RecordTrial trial(table);
  for (const auto& purpose : table.notes.at("purposes"))
    for (const auto& asker : all_askers(askers)) trial.ask(asker, purpose);
  expect_agreement(table, trial.observed(), {"R", "-", "e", "h", "c", "o"});
}

TEST_P(Records, have_a_row_for_every_word_and_no_row_for_another) {
  const Table table = read_table(std::string("records/") + GetParam() + ".txt");
  std::map<std::string, std::set<std::string>> used;
  for (const auto& row : table.rows) {
    if (row.key[0] != "any") {
      used["record_kind"].insert(row.key[0]);
      used["category"].insert(row.key[1]);
      used["agency_kind"].insert(row.key[3]);
    }
    if (!read_intelligence_handling(row.key[5])) used["handling"].insert(row.key[5]);
    for (auto& word : words_of(row.key[4].substr(row.key[4].find(':') + 1), '+'))
      if (word != "." && row.key[4] != to_asker && row.key[4] != to_other) used["marking"].insert(word);
    for (const int sensitivity : sensitivities_of(row.key[2])) used["sensitivity"].insert(std::to_string(sensitivity));
  }
  for (const auto& [list, words] : used)
    for (const auto& word : words)
      if (list != "sensitivity") {
        EXPECT_TRUE(vocabulary().knows(list, word))
            << table.file << ": `" << word << "` is no " << list << "; take its rows out";
      }
  for (const char* list : {"record_kind", "category", "marking", "handling"})
    for (const auto& word : vocabulary().words(list))
      EXPECT_TRUE(used[list].contains(word.id)) << table.file << ": the " << list << " `" << word.id
                                                << "` has no row; add one as the rows above and below it";
  EXPECT_EQ(used["sensitivity"], (std::set<std::string>{"0", "1", "2", "3", "4"})) << table.file;
}

INSTANTIATE_TEST_SUITE_P(Matrix, Records, testing::ValuesIn(files), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Records, of_every_file_are_tried) {
  std::set<std::string> listed, there;
  for (const auto* name : files) listed.insert(std::string(name) + ".txt");
  for (const auto& entry : std::filesystem::directory_iterator(source_tree() / "tests/matrix/records"))
    there.insert(entry.path().filename().string());
  EXPECT_EQ(listed, there) << "name the file in tests/matrix/records_test.cc";
}

// A purpose that must be proved, or take a reason, is another case with it than without.
TEST(Records, have_every_purpose_in_exactly_one_file) {
  std::multiset<std::string> found;
  for (const auto* name : files) {
    const Table table = read_table(std::string("records/") + name + ".txt");
    for (const auto& purpose : table.notes.at("purposes")) found.insert(purpose);
  }
  std::set<std::string> wanted;
  for (const auto& word : vocabulary().words("purpose")) {
    wanted.insert(word.id + (word.break_glass ? "+glass" : ""));
    if (word.needs_head) wanted.insert(word.id + "+proof");
  }
  for (const auto& purpose : wanted)
    EXPECT_EQ(found.count(purpose), 1u) << "`" << purpose << "` stands in " << found.count(purpose)
                                        << " files of tests/matrix/records; put it into the `purposes:` of one";
  for (const auto& purpose : found) EXPECT_TRUE(wanted.contains(purpose)) << "there is no purpose `" << purpose << "`";
}

TEST(Askers, have_words_of_the_vocabulary_and_columns_of_the_files) {
  const Table askers = read_table("askers.txt");
  const Table table = read_table("records/ordinary.txt");
  std::set<std::string> columns;
  for (const auto& row : askers.rows) {
    columns.insert(row.key[0]);
    EXPECT_TRUE(row.key[1] == "own" || row.key[1] == "others") << row.line;
    EXPECT_TRUE(row.key[2] == "*" || vocabulary().knows("agency_kind", row.key[2]))
        << "no agency kind `" << row.key[2] << "`";
    for (const auto& role : words_of(row.cells[0], ','))
      EXPECT_TRUE(vocabulary().knows("role", role)) << "no role `" << role << "`";
  }
  EXPECT_EQ(columns, std::set<std::string>(table.columns.begin(), table.columns.end()));
}

// --- asks as a whole

TEST(Asks, are_refused_before_anything_is_read_as_the_file_says) {
  const Table table = read_table("asks.txt");
  const Gate gate(west_yorkshire());
  Observed observed(table.columns);
  for (const char* list : {"role", "agency_kind", "purpose", "basis"}) {
    Words words{"unknown"};
    for (const auto& word : vocabulary().words(list)) words.push_back(word.id);
    for (const auto& word : words)
      for (const auto& column : table.columns) {
        Asking asking = asking_for();
        asking.break_glass = column == "glass";
        const std::string which = list;
        (which == "role"          ? asking.role
         : which == "agency_kind" ? asking.agency_kind
         : which == "purpose"     ? asking.purpose
                                  : asking.basis) = word;
        const auto checked = gate.check_words(asking);
        observed.add({list, word}, column, checked ? "taken" : checked.error().code);
      }
  }
  expect_agreement(table, observed);
}

}  // namespace
}  // namespace ginnel::matrix
