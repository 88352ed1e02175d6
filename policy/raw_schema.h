// SPDX-License-Identifier: Apache-2.0
// Schema declarations as written, before their names are resolved: they may come in any order.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "policy/schema.h"
#include "policy/token_cursor.h"

namespace ginnel::policy {

struct RawAttribute;

struct RawType {
  enum class Kind : std::uint8_t { name, set, record };
  Kind kind = Kind::record;
  std::string name;
  Span span;
  std::vector<RawType> element;  // of a set, one
  std::vector<RawAttribute> attributes;
};

struct RawAttribute {
  std::string name;
  RawType type;
  bool required = true;
};

struct RawName {
  std::string text;
  Span span;
};

struct RawEntity {
  std::string space;
  RawName name;
  std::vector<RawName> parents;
  RawType shape;
  std::vector<RawType> tags;  // none or one
  std::vector<std::string> ids;
  bool enumerated = false;
};

struct RawRef {
  std::string type, id;  // the type empty: an action of the same namespace
  Span span;
};

struct RawAction {
  std::string space;
  RawName name;
  std::vector<RawRef> parents;
  bool applies = false, has_principal = false, has_resource = false;
  std::vector<RawName> principals, resources;
  RawType context;
  Span span;
};

struct RawCommon {
  std::string space;
  RawName name;
  RawType type;
};

struct RawSchema {
  std::vector<RawEntity> entities;
  std::vector<RawAction> actions;
  std::deque<RawCommon> commons;
};

// Declarations of the text; mistakes go to the cursor.
RawSchema read_schema(TokenCursor& cursor);

// The schema with all names resolved; of use only when the cursor has no mistakes.
Schema resolve_schema(const RawSchema& raw, TokenCursor& cursor);

// The language's own type of that name; null: none.
const Value::Type* builtin_type(std::string_view name);

}  // namespace ginnel::policy
