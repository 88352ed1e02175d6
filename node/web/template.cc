// SPDX-License-Identifier: Apache-2.0
#include "node/web/template.h"

#include <kainjow/mustache.hpp>
#include <set>

#include "federation/base/check.h"
#include "node/web/embedded.h"

namespace ginnel {
namespace {

namespace mustache = kainjow::mustache;

mustache::data converted(const TemplateData& from);

struct Converter {
  mustache::data operator()(const std::string& text) const { return text; }
  mustache::data operator()(bool yes) const { return yes; }
  mustache::data operator()(const TemplateData::List& list) const {
    mustache::data out(mustache::data::type::list);
    for (const auto& entry : list) out.push_back(converted(entry));
    return out;
  }
  mustache::data operator()(const TemplateData::Object& object) const {
    mustache::data out(mustache::data::type::object);
    for (const auto& [name, value] : object) out.set(name, converted(value));
    return out;
  }
};

mustache::data converted(const TemplateData& from) { return std::visit(Converter(), from.value()); }

// Finds partials among the program's templates, and remembers what it did not find: the library renders that as
// nothing.
class RecordingContext : public mustache::context<std::string> {
 public:
  explicit RecordingContext(const mustache::data* data) : context(data) {}

  const mustache::data* get(const std::string& name) const override {
    const auto* found = context::get(name);
    if (!found) missing_.insert(name);
    return found;
  }
  const mustache::data* get_partial(const std::string& name) const override {
    auto text = embedded_file("templates/" + name + ".html");
    if (text.empty()) {
      missing_.insert("> " + name);
      return nullptr;
    }
    if (!is_escaped(text)) missing_.insert("> " + name + " is not escaped");
    return &partials_.emplace(name, mustache::data(std::string(text))).first->second;
  }

  // SECURITY: what a peer wrote reaches a page through escaped variables only. A changed delimiter would hide others.
  static bool is_escaped(std::string_view text) {
    for (std::string_view banned : {"{{{", "{{&", "{{ &", "{{="})
      if (text.find(banned) != std::string_view::npos) return false;
    return true;
  }
  const std::set<std::string>& missing() const { return missing_; }

 private:
  mutable std::set<std::string> missing_;
  mutable std::map<std::string, mustache::data> partials_;
};

}  // namespace

TemplateData& TemplateData::set(const std::string& name, TemplateData value) {
  CHECK(std::holds_alternative<Object>(value_));
  std::get<Object>(value_).insert_or_assign(name, std::move(value));
  return *this;
}

TemplateData& TemplateData::set_text(const std::string& name, std::string value) {
  set("has_" + name, !value.empty());
  return set(name, std::move(value));
}

TemplateData& TemplateData::set_list(const std::string& name, List list) {
  set("has_" + name, !list.empty());
  return set(name, std::move(list));
}

Expected<std::string> render_text(std::string_view text, const TemplateData& data) {
  if (!RecordingContext::is_escaped(text))
    return fail("bad-template", "cannot make the page", "it has an unescaped tag");
  mustache::mustache page{std::string(text)};
  if (!page.is_valid()) return fail("bad-template", "cannot make the page", page.error_message());
  auto values = converted(data);
  RecordingContext context(&values);
  auto html = page.render(context);
  if (!page.is_valid()) return fail("bad-template", "cannot make the page", page.error_message());
  if (!context.missing().empty())
    return fail("bad-template", "cannot make the page", "it needs `" + *context.missing().begin() + "`");
  return html;
}

Expected<std::string> render_template(std::string_view name, const TemplateData& data) {
  auto text = embedded_file("templates/" + std::string(name) + ".html");
  if (text.empty()) return fail("bad-template", "cannot make the page", "there is no template of its name");
  return render_text(text, data);
}

}  // namespace ginnel
