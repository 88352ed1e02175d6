// SPDX-License-Identifier: Apache-2.0
#include "node/web/template.h"

#include <gtest/gtest.h>

#include <regex>

#include "node/web/embedded.h"

namespace ginnel {
namespace {

TEST(Template, escapes_what_it_is_given) {
  TemplateData data;
  data.set("name", "<a href=\"x\">&'");
  EXPECT_EQ(render_text("{{name}}", data).value(), "&lt;a href=&quot;x&quot;&gt;&amp;&apos;");
}

TEST(Template, a_missing_word_is_an_error_and_not_a_hole) {
  TemplateData data;
  data.set("name", "x");
  for (const char* text : {"{{missing}}", "{{#missing}}x{{/missing}}", "{{^missing}}x{{/missing}}", "{{> missing}}",
                           "{{name}}{{other.name}}"}) {
    auto made = render_text(text, data);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().code, "bad-template");
  }
  EXPECT_EQ(render_template("missing", data).error().code, "bad-template");
}

TEST(Template, an_unescaped_tag_is_refused) {
  TemplateData data;
  data.set("name", "<b>");
  for (const char* text : {"{{{name}}}", "{{&name}}", "{{& name}}", "{{ & name}}", "{{=<% %>=}}<%{name}%>"})
    EXPECT_FALSE(render_text(text, data)) << text;
}

TEST(Template, a_value_is_never_read_as_a_template) {
  TemplateData data;
  data.set("name", "{{{other}}} {{other}}").set("other", "x");
  EXPECT_EQ(render_text("{{name}}", data).value(), "{{{other}}} {{other}}");
}

TEST(Template, lists_repeat_and_yes_or_no_decides) {
  TemplateData data;
  data.set_list("rows", {TemplateData().set("x", "1"), TemplateData().set("x", "2")});
  data.set_list("none", {});
  data.set_text("note", "");
  EXPECT_EQ(render_text("{{#has_rows}}{{#rows}}[{{x}}]{{/rows}}{{/has_rows}}{{^has_none}}none{{/has_none}}"
                        "{{#has_note}}!{{/has_note}}",
                        data)
                .value(),
            "[1][2]none");
}

TEST(Template, a_template_that_cannot_be_read_is_an_error) {
  EXPECT_FALSE(render_text("{{#open}}", TemplateData().set("open", true)));
}

TEST(Templates, none_has_an_unescaped_tag_an_unquoted_attribute_or_anything_inline) {
  int templates = 0;
  for (const auto& file : embedded_files()) {
    if (!file.name.starts_with("templates/")) continue;
    ++templates;
    SCOPED_TRACE(file.name);
    std::string text(file.bytes);
    // A copy that is taken away brings its looks with it; its answer allows a style sheet and nothing else.
    const bool is_taken_away = file.name == "templates/chronology-document.html";
    for (const char* banned : {"{{{", "{{&", "{{ &", "{{=", "<style", " style=", "javascript:"})
      EXPECT_TRUE(text.find(banned) == text.npos || (is_taken_away && banned == std::string_view("<style"))) << banned;
    for (auto at = text.find("<script"); at != std::string::npos; at = text.find("<script", at + 1))
      EXPECT_EQ(text.find("<script type=\"module\" src=\"{{script_path}}\"></script>", at), at) << "not our own file";
    EXPECT_FALSE(std::regex_search(text, std::regex(" on[a-z]+="))) << "a script in an attribute";
    // An escaped value in an attribute is safe in quotes only.
    EXPECT_FALSE(std::regex_search(text, std::regex(" [a-z-]+=\\{\\{"))) << "a value without quotes";
  }
  EXPECT_GE(templates, 5);
}

}  // namespace
}  // namespace ginnel
