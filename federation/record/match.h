// SPDX-License-Identifier: Apache-2.0
// By which keys a node knows that two descriptions are of one person.
//
// Exact keys only: an NHS number, or both names, the day of birth and a postcode, all in normal form. What needs a
// score (day and month swapped, another spelling, no postcode) is not found by them. Keys hold personal data in the
// clear: a store keeps their HMAC.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <vector>

#include "federation/record/identity.h"
#include "federation/record/person.h"

namespace ginnel {

// "nhs:9990000018" and "demographic:tester|aisha|2016-03-14|BD1 1AA", sorted and without doubles. A person has one for
// each of their names with each of their postcodes; somebody of whom too little is known has none.
std::vector<std::string> link_keys(const Person& person);

// The same for somebody who is asked about.
std::vector<std::string> link_keys(const Identity& identity);

// What a person is found by when somebody asks: the link keys, and "names:tester|aisha|2016-03-14" without a postcode.
// More people than one may share the last, so nobody is linked by it.
std::vector<std::string> find_keys(const Person& person);

// In the order in which to look: each group only if the ones before it found nobody.
std::vector<std::vector<std::string>> find_keys(const Identity& identity);

// True where a shared key must not link: each has an NHS number and they share none, or the days of birth are known and
// differ. Twins with a shared given name, and a number typed into the wrong child's record, end here.
bool contradict(const Person& a, const Person& b);

// Each has a verified NHS number whose check digit is right, and they share none: never one person.
bool contradict_by_number(const Person& a, const Person& b);

}  // namespace ginnel
