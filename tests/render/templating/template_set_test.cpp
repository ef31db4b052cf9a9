#include "render/templating/template_set.hpp"

#include "tests/catch.hpp"

namespace rollcall::render::tests {
namespace {

std::string filled(const std::string& name, std::string_view text, const document& values)
{
    template_set t;
    t.add(name, text);
    return t.render(name, values);
}

const std::string attack = "<a href='x'>\"&\x01\xE2\x80\xAE{{x}}";

}  // namespace

TEST_CASE("a template shows what its document says, escaped for where it stands", "[templating]")
{
    struct row { const char* name; const char* file; const char* text; document values; std::string expected; };
    const row table[] = {
        {"text", "t.html", "a {{x}} b", {{"x", 1}}, "a 1 b"},
        {"element", "t.html", "<p>{{x}}</p>", {{"x", attack}}, "<p>&lt;a href=&#39;x&#39;&gt;&quot;&amp;\xEF\xBF\xBD\xEF\xBF\xBD{{x}}</p>"},
        {"attribute", "t.html", "<p title=\"{{x}}\">", {{"x", "\"><b>"}}, "<p title=\"&quot;&gt;&lt;b&gt;\">"},
        {"link with a script in it", "t.html", "<a href=\"{{x}}\">", {{"x", "javascript:alert(1)"}}, "<a href=\"#\">"},
        {"relative link", "t.html", "<a href=\"{{x}}servers/{{y}}/\">", {{"x", "../../"}, {"y", "a.b/~c"}}, "<a href=\"../../servers/a.b/~c/\">"},
        {"xml", "t.xml", "<loc>{{x}}</loc>", {{"x", attack}}, "<loc>&lt;a href=&#39;x&#39;&gt;&quot;&amp;\xEF\xBF\xBD\xEF\xBF\xBD{{x}}</loc>"},
        {"markdown", "t.md", "*{{x}}*", {{"x", "*<b>[a](b)"}}, "*\\*\\<b\\>\\[a\\]\\(b\\)*"},
        {"made by another template", "t.html", "{{x:none}}", {{"x", "<b>1</b>"}}, "<b>1</b>"},
        {"lines kept", "t.html", "<pre>{{x:pre_escape}}</pre>", {{"x", "a\n <b>"}}, "<pre>a\n &lt;b&gt;</pre>"},
        {"list", "t.html", "{{#l}}{{item}}{{#l_separator}}, {{/l_separator}}{{/l}}", {{"l", {1, 2, 3}}}, "1, 2, 3"},
        {"list of objects", "t.html", "{{#l}}{{n}}{{x}} {{/l}}", {{"x", "!"}, {"l", {{{"n", "a"}}, {{"n", "b"}}}}}, "a! b! "},
        {"empty list", "t.html", "{{#l}}x{{/l}}{{#no_l}}none{{/no_l}}", {{"l", document::array()}}, "none"},
        {"false", "t.html", "{{#f}}yes{{/f}}{{#no_f}}no{{/no_f}}", {{"f", false}}, "no"},
        {"text as a section", "t.html", "{{#t}}[{{t}}]{{/t}}{{#no_t}}-{{/no_t}}", {{"t", "a"}}, "[a]"},
        {"zero is shown", "t.html", "{{#n}}{{n}}{{/n}}", {{"n", 0}}, "0"},
        {"a section inside an object sees the object", "t.html", "{{#o}}{{#f}}{{x}}{{/f}}{{/o}}", {{"x", "outer"}, {"f", true}, {"o", {{"x", "inner"}}}}, "inner"},
        {"thousands apart, and escaped all the same", "t.html", "{{n:x-grouped}} {{n}} {{t:x-grouped}}", {{"n", 15426}, {"t", "<b>"}}, "15,426 15426 &lt;b&gt;"},
        {"code between backticks, and escaped all the same", "t.html", "{{t:x-code}} {{u:x-code}}", {{"t", "Send `<a>` & `b`."}, {"u", "one ` alone"}}, "Send <code>&lt;a&gt;</code> &amp; <code>b</code>. one ` alone"},
        {"null hides an outer member of that name", "t.html", "{{#o}}{{#x}}{{x}}{{/x}}{{#no_x}}-{{/no_x}}{{/o}}", {{"x", "outer"}, {"o", {{"x", nullptr}}}}, "-"},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name) { CHECK(filled(r.file, r.text, r.values) == r.expected); }
}

TEST_CASE("a name that the document lacks is an error that says where", "[templating]")
{
    struct row { const char* text; document values; const char* expected; };
    const row table[] = {
        {"one\n{{x}}", {{"y", 1}}, "t.html:2: nothing called 'x'"},
        {"{{#l}}\n{{n}}{{/l}}", {{"l", {{{"m", 1}}}}}, "t.html:2: nothing called 'n'"},
        {"{{#no_x}}{{/no_x}}", {{"y", 1}}, "t.html:1: nothing called 'no_x'"},
        {"{{x}}", {{"x", nullptr}}, "t.html:1: 'x' is null, not text"},
        {"{{#x}}", {{"x", 1}}, "t.html:1: section 'x' is never closed"},
        {"{{/x}}", {{"x", 1}}, "t.html:1: '/x' closes nothing"},
        {"\n{{x", {{"x", 1}}, "t.html:2: tag is never closed"},
        {"{{>x}}", {{"x", 1}}, "t.html:1: '>x' is not a name"},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.expected) { CHECK_THROWS_WITH(filled("t.html", r.text, r.values), r.expected); }
}

}  // namespace rollcall::render::tests
