// SPDX-License-Identifier: Apache-2.0
// What one agency's system exports: five layouts, as different from each other as the real ones are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/synth/csv_file.h"
#include "adapters/synth/family.h"
#include "adapters/synth/faults.h"
#include "adapters/synth/synth.h"

namespace ginnel::synth {

struct Worker {
  std::string name, role, team, telephone;
};

// A person as one agency's system has them, mistakes included.
struct PersonCopy {
  std::uint32_t id = 0;  // of the Somebody
  std::string key;       // in the agency's system
  std::string nhs_number, upn, given, family, also_known_as;
  Date birth;
  bool is_unborn = false;  // `birth` is expected
  Sex sex = Sex::unknown;
  Home home;
  Home previous_home;         // empty street: none known
  std::string shield;         // "PA": protected address; "AD": sealed by an adoption
  School school;              // education only
  std::vector<Fault> faults;  // that this copy has
};

struct RelationCopy {
  std::string key, other_key, kind;
  bool same_household = false, parental_responsibility = false;
  Date from;
};

// Who works with the child now, or did last.
struct Involvement {
  Worker worker;
  Date from, last_contact;
  bool open = true;
};

struct Event {
  std::string code;  // the layout's own: "VI" a visit, "DOM" a domestic incident
  Date date;
  int minutes = -1;  // after midnight; negative: no time of day
  Date recorded;
  std::string text, outcome, note;
  std::string other_key;  // a parent whom the event is about too; probation: the adult under supervision
  std::string adult_key;  // police: an adult of the household, no parent, whom it is about too
  bool about_child = true;
  std::string file_name, file_sha256;  // evidence: a photograph that lies with the agency
  Worker worker;
  std::string shield;  // "PA"; police: source, information, handling "2BC"
  // -- as somebody or a broken export wrote it
  std::string date_text, recorded_text;  // in place of the date
  std::string row_key;                   // of an earlier row, to write it again; empty: the next
  RowDamage damage = RowDamage::none;
};

// Where a row was written.
struct Written {
  std::string file;
  std::uint32_t line = 0;
  std::string row_key = {};
};

class AgencyExport {
 public:
  // Makes the folder and its files. Nothing if they cannot be written.
  static std::unique_ptr<AgencyExport> open(const SynthNode& node, const std::filesystem::path& source_dir);
  virtual ~AgencyExport() = default;

  // The agency's key of somebody: the same within a family.
  const std::string& key_of(std::uint32_t somebody);
  bool holds(std::uint32_t somebody) const { return keys_.count(somebody) > 0; }
  // A key that is nobody's yet.
  std::string another_key() { return make_key(first_key_ + ++people_); }
  void end_family() { keys_.clear(); }

  virtual Written person(const PersonCopy& person) = 0;
  virtual void relation(const RelationCopy&) {}
  virtual void involvement(const PersonCopy& child, const Involvement& involvement) = 0;
  virtual Written event(const PersonCopy& child, const Event& event) = 0;

  virtual std::vector<CsvFile*> files() = 0;  // in an order that does not change
  bool sound();

 protected:
  virtual std::string make_key(std::uint32_t n) const = 0;  // n differs from node to node too
  std::string next_row(const std::string& prefix) { return prefix + std::to_string(++rows_); }
  std::string row_key(const Event& event, const std::string& prefix) {
    return event.row_key.empty() ? next_row(prefix) : event.row_key;
  }

 private:
  std::map<std::uint32_t, std::string> keys_;
  std::uint32_t people_ = 0, rows_ = 100'000, first_key_ = 0;
};

}  // namespace ginnel::synth
