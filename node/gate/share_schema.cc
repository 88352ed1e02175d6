// SPDX-License-Identifier: Apache-2.0
#include "node/gate/share_schema.h"

#include <functional>

namespace ginnel {
namespace {

struct Enumeration {
  const char* type;
  const char* list;  // of the vocabulary
};
// The consent of a child has the words of `consent_state`; who decided it is resolved before, by node/gate/consents.h.
constexpr Enumeration enumerations[] = {{"AgencyKind", "agency_kind"}, {"Role", "role"},
                                        {"Purpose", "purpose"},        {"Basis", "basis"},
                                        {"Marking", "marking"},        {"RecordKind", "record_kind"},
                                        {"Consent", "consent_state"}};

constexpr const char* shapes = R"(
  // A member's id, such as "bradford-csc": of whom there will be tomorrow no policy knows.
  entity Member;
  // "health.sexual" is in "health".
  entity Category in [Category];

  // Who asks. Everything of another agency's worker is a claim that its member signed.
  entity Worker = {
    "agency": Member,
    "kind": AgencyKind,
    "role": Role,
  };

  type Handling = {
    "is_intelligence": Bool,   // has a 3x5x2 grading; the rest is empty without one
    "source": String,          // 1 to 3
    "information": String,     // A to E
    "code": String,            // P or C
  };
  // What holds of a root category for who asks, for their purpose, now. Nobody recorded anything: not_asked.
  type Consenting = { "state": Consent };
)";

constexpr const char* requests = R"(
  // One dated fact, by its label alone.
  entity Record in [Category] = {
    "owner": Member,
    "kind": RecordKind,
    "sensitivity": Long,       // 0 involvement and contact .. 4 professional decision only
    "markings": Set<Marking>,  // on the record itself
    "handling": Handling,
    "addressed": Bool,         // its author wrote it for the agency that asks
    "child": Child,
  };

  type Asking = {
    "purpose": Purpose,        // the one that counts: unproven, it is first_contact
    "basis": Basis,            // the asker's
    "proven": Set<Purpose>,    // by a process head that the lead signed for this child
    "markings": Set<Marking>,  // on the person, and on every part of the view
    "break_glass": Bool,
    "allocated": Bool,         // the agency's own worker is allocated to the child now
    "conflict": Bool,          // a conflict of interest between the agency's own worker and the child is recorded
  };

  // exists, headline and content: a ladder, and `view` is all three.
  action "view";
)";

std::string quoted(const std::string& word) { return "\"" + word + "\""; }

std::string enumeration(const Enumeration& one, const Vocabulary& vocabulary) {
  std::string out = std::string("  entity ") + one.type + " enum [";
  bool is_first = true;
  for (const Word& word : vocabulary.words(one.list)) {
    out += (is_first ? "" : ", ") + quoted(word.id);
    is_first = false;
  }
  return out + "];\n";
}

std::string child(const Vocabulary& vocabulary) {
  std::string out =
      "\n  type Child = {\n    \"competent\": Bool,        // to decide of the record's root category; nobody judged: "
      "true\n"
      "    \"consents\": {\n";
  for (const Word& word : vocabulary.words("category"))
    if (parent_category(word.id).empty()) out += "      " + quoted(word.id) + ": Consenting,\n";
  return out + "    },\n  };\n";
}

std::string actions(const Vocabulary& vocabulary) {
  std::string out;
  for (const Word& word : vocabulary.words("action")) {
    const bool is_view = word.id == "exists" || word.id == "headline" || word.id == "content";
    out += "  action " + quoted(word.id) + (is_view ? " in [\"view\"]" : "") +
           " appliesTo { principal: [Worker], resource: [Record], context: Asking };\n";
  }
  return out;
}

using Visit = std::function<void(const policy::EntityUid&, policy::Span)>;

void each_entity(const policy::Expr& expression, const Visit& visit) {
  const auto* entity = expression.kind == policy::Expr::Kind::literal ? expression.value.as_entity() : nullptr;
  if (entity) visit(*entity, expression.span);
  for (const auto& operand : expression.operands) each_entity(operand, visit);
}

void each_entity(const policy::Policy& policy, const Visit& visit) {
  for (const auto* scope : {&policy.principal, &policy.action, &policy.resource})
    for (const auto& entity : scope->entities) visit(entity, scope->span);
  for (const auto& clause : *policy.clauses) each_entity(clause.condition, visit);
}

}  // namespace

std::string share_schema_text(const Vocabulary& vocabulary) {
  std::string out = "// What policies of sharing may speak of. The words are those of " + vocabulary.edition() +
                    ".\nnamespace Share {\n";
  for (const Enumeration& one : enumerations) out += enumeration(one, vocabulary);
  return out + shapes + child(vocabulary) + requests + actions(vocabulary) + "}\n";
}

Expected<policy::Schema> share_schema(const Vocabulary& vocabulary) {
  auto schema = policy::parse_schema(share_schema_text(vocabulary), "the schema of sharing");
  if (!schema)
    return fail("bad-vocabulary", "cannot make the schema of sharing from " + vocabulary.edition(),
                policy::to_text(schema.error()),
                "give each list at least one word, and make words of letters, digits, dots and underscores");
  return std::move(*schema);
}

policy::Diagnostics unknown_categories(const policy::PolicySet& policies, const Vocabulary& vocabulary) {
  policy::Diagnostics out;
  for (const auto& policy : policies.policies())
    each_entity(policy, [&](const policy::EntityUid& entity, policy::Span span) {
      if (entity.type != "Share::Category" || vocabulary.knows("category", entity.id)) return;
      const auto at = policy.position(span);
      out.push_back({policy.source->file, at.line, at.column,
                     "`" + entity.id + "` is no category of " + vocabulary.edition(), "the vocabulary lists them"});
    });
  return out;
}

}  // namespace ginnel
