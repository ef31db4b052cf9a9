#include "render/templating/clean.hpp"

#include "render/templating/markdown.hpp"
#include "tests/catch.hpp"

namespace rollcall::render::tests {

TEST_CASE("foreign text is made valid, visible and short", "[templating]")
{
    const std::string bad = "\xEF\xBF\xBD";
    struct row { const char* name; std::string text; std::size_t cap; std::string expected; };
    const row table[] = {
        {"plain", "caf\xC3\xA9 \xF0\x9F\xA6\x89", no_cap, "caf\xC3\xA9 \xF0\x9F\xA6\x89"},
        {"newline and tab stay", "a\n\tb", no_cap, "a\n\tb"},
        {"control", std::string("a\0b\x1B[31m\x7F", 9), no_cap, "a" + bad + "b" + bad + "[31m" + bad},
        {"c1 control", "\xC2\x9B", no_cap, bad},
        {"right to left override", "\xE2\x80\xAE" "abc\xE2\x81\xA6", no_cap, bad + "abc" + bad},
        {"arabic letter mark", "\xD8\x9C", no_cap, bad},
        {"line separator", "\xE2\x80\xA8", no_cap, bad},
        {"byte order mark", "\xEF\xBB\xBF", no_cap, bad},
        {"tag characters", "\xF3\xA0\x81\x81", no_cap, bad},
        {"joiner in an emoji stays", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", no_cap, "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB"},
        {"overlong slash", "\xC0\xAF", no_cap, bad + bad},
        {"surrogate", "\xED\xA0\x80", no_cap, bad + bad + bad},
        {"beyond unicode", "\xF4\x90\x80\x80", no_cap, bad + bad + bad + bad},
        {"cut sequence", "a\xE2\x82", no_cap, "a" + bad + bad},
        {"cap counts characters", "\xC3\xA9\xC3\xA9\xC3\xA9", 2, "\xC3\xA9\xC3\xA9\xE2\x80\xA6"},
        {"cap not reached", "ab", 2, "ab"},
        {"cap within plain text", "abcdef", 3, "abc\xE2\x80\xA6"},
        {"cap after a sign among plain text", "ab\x01" "cd", 4, "ab" + bad + "c\xE2\x80\xA6"},
        {"cap before a sign", "ab\x01", 2, "ab\xE2\x80\xA6"},
        {"nothing", "", 0, ""},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name) { CHECK(clean(r.text, r.cap) == r.expected); }
}

TEST_CASE("only plain web addresses become links", "[templating]")
{
    struct row { const char* url; bool link; };
    const row table[] = {
        {"https://a.example/x?y=1#z", true}, {"http://a.example", true},       {"javascript:alert(1)", false}, {"data:text/html,x", false},
        {"//a.example", false},              {"https://", false},              {"https:///x", false},          {"https://a.example/\"x", false},
        {"https://a.example/ x", false},     {"https://a.example/\xC3\xA9", false}, {" https://a.example", false}, {"", false},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.url) { CHECK(is_web_link(r.url) == r.link); }
}

TEST_CASE("a word for the shell stays one word", "[templating]")
{
    CHECK(shell_quoted("https://a.example/$(x)") == "'https://a.example/$(x)'");
    CHECK(shell_quoted("a'b") == "'a'\\''b'");
}

TEST_CASE("Markdown drops raw HTML and script links", "[templating]")
{
    const auto html = markdown_to_html("# A\n\na <script>x</script> [l](javascript:x) **b**\n");
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("javascript") == std::string::npos);
    CHECK(html.find("<strong>b</strong>") != std::string::npos);
    CHECK(markdown_to_html(markdown_escaped("*a* <b> [c](d) `e` # & \\")) == "<p>*a* &lt;b&gt; [c](d) `e` # &amp; \\</p>\n");
}

}  // namespace rollcall::render::tests
