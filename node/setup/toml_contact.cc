// SPDX-License-Identifier: Apache-2.0
#include "node/setup/toml_contact.h"

namespace ginnel {

std::optional<MemberId> read_member_id(const TomlText& name, const std::string& of, TomlMistakes& mistakes) {
  auto id = MemberId::parse(name.text);
  if (!id)
    mistakes.add(name.line, of + ": `" + name.text + "` is no member id",
                 "use lower-case letters, digits and hyphens, a letter first");
  return id;
}

Contact read_contact(const toml::table& table, const std::string& name, TomlMistakes& mistakes) {
  TomlSection in(table, name, mistakes);
  Contact contact;
  contact.name = in.need_text("name", "\"Front door\"");
  contact.phone = in.need_text("phone", "\"01632 960001\"");
  contact.role = in.text("role");
  contact.team = in.text("team");
  contact.hours = in.text("hours");
  return contact;
}

}  // namespace ginnel
