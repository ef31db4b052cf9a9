#include "audit/registry/adapter.hpp"
#include "audit/registry/surrogates.hpp"
#include "tests/catch.hpp"

namespace {

using namespace rollcall::audit;

TEST_CASE("half a character in JSON is replaced, a whole one is not", "[registry]")
{
    struct row { const char *text, *expected; };  // empty: untouched
    const row rows[] = {
        {R"("a")", ""},
        {R"("\u0041\n\\u0041")", ""},
        {R"("\ud83d\ude00")", ""},
        {R"("\uD83D\uDE00 \ud83d\ude00")", ""},
        {R"("\ud800")", R"("\ufffd")"},
        {R"("\udc00x")", R"("\ufffdx")"},
        {R"("\ud800\ud83d\ude00")", R"("\ufffd\ud83d\ude00")"},
        {R"("\ud800\u0041")", R"("\ufffd\u0041")"},
        {R"("\ude00\ud83d")", R"("\ufffd\ufffd")"},
        {R"("\\ud800")", ""},
        {R"("\\\ud800")", R"("\\\ufffd")"},
        {R"("\ud8)", ""},
        {R"("\)", ""},
        {"\\ud800", "\\ufffd"},
        {"", ""},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.text) { CHECK(detail::without_lone_surrogates(r.text).value_or("") == r.expected); }
    }
}

TEST_CASE("one name that is no text does not cost the page", "[registry]")
{
    const auto read = find_adapter("mcp-registry")->parse(
        R"({"servers":[{"server":{"name":"a\ud800","version":"1","description":"\udfff","remotes":[{"type":"sse","url":"https://a.dev/sse"}]}},{"server":{"name":"b","version":"1"}}]})");
    const auto* page = std::get_if<registry_page>(&read);
    REQUIRE(page);
    REQUIRE(page->listings.size() == 2);
    CHECK(page->listings[0].name == "a\ufffd");
    CHECK(page->listings[1].name == "b");
}

}  // namespace
