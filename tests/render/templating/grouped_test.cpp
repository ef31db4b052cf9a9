#include "render/templating/grouped.hpp"
#include "render/templating/template_set.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace rollcall::render;

TEST_CASE("a number for people has its thousands apart, and what is no number stays")
{
    struct row { const char* text; const char* expected; };
    for (const auto& r : std::vector<row>{{"0", "0"}, {"999", "999"}, {"1000", "1,000"}, {"15426", "15,426"}, {"1234567", "1,234,567"}, {"-12", "-12"}, {"-123", "-123"},
                                          {"-1234", "-1,234"}, {"", ""}, {"-", "-"}, {"12.5", "12.5"}, {"1000 <b>", "1000 <b>"}}) {
        INFO(r.text);
        CHECK(grouped(std::string_view(r.text)) == r.expected);
    }
    CHECK(grouped(std::int64_t{20'000}) == "20,000");
}

TEST_CASE("a template asks for it, and what it gets is escaped all the same")
{
    template_set t;
    t.add("a.html", "<p title=\"{{n:x-grouped}}\">{{n:x-grouped}} {{n}} {{text:x-grouped}}</p>");
    CHECK(t.render("a.html", {{"n", 15426}, {"text", "<b>"}}) == "<p title=\"15,426\">15,426 15426 &lt;b&gt;</p>");
}
