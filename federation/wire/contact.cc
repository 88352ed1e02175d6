// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/contact.h"

#include "federation/wire/codec.h"

namespace ginnel {

Problem problem_from(const Error& error, std::string id) {
  Problem problem{error.code, error.what, error.remedy, std::move(id)};
  if (!error.why.empty()) problem.sentence += ": " + error.why;
  // SECURITY: an error that would not be read back must not silence the answer that carries it.
  codec::Checker check;
  codec::check_problem(problem, check);
  if (!check.good()) problem = {"internal", "the ask could not be answered", "ring the duty contact", ""};
  return problem;
}

Bytes encode_problem(const Problem& problem) {
  return codec::encode_as<wire::Problem>(4096, [&](wire::Problem::Builder to) { codec::write_problem(problem, to); });
}

Expected<Problem> decode_problem(ByteView payload) {
  return codec::decode_as<wire::Problem, Problem>(payload, limits::payload_bytes_max,
                                                  {"bad-payload", "cannot read an error"},
                                                  [](wire::Problem::Reader from, codec::Checker& check) {
                                                    Problem problem = codec::read_problem(from);
                                                    codec::check_problem(problem, check);
                                                    check.word(problem.code, "problem.code");
                                                    return problem;
                                                  });
}

}  // namespace ginnel
