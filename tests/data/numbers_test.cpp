#include "data/model/numbers.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace rollcall::data;

TEST_CASE("a number for people has its thousands apart, and what is no number stays")
{
    struct row { const char* text; const char* expected; };
    for (const auto& r : std::vector<row>{{"0", "0"}, {"999", "999"}, {"1000", "1,000"}, {"15426", "15,426"}, {"1234567", "1,234,567"}, {"-12", "-12"}, {"-123", "-123"},
                                          {"-1234", "-1,234"}, {"", ""}, {"-", "-"}, {"12.5", "12.5"}, {"1000 <b>", "1000 <b>"}}) {
        INFO(r.text);
        CHECK(grouped(std::string_view(r.text)) == r.expected);
    }
    CHECK(grouped(20'000) == "20,000");
    CHECK(grouped(std::size_t{1'000'000}) == "1,000,000");
}

TEST_CASE("a count has its noun, and a small one its word")
{
    CHECK(many(0, "server") == "0 servers");
    CHECK(many(1, "server") == "1 server");
    CHECK(many(std::size_t{1'200}, "server") == "1,200 servers");
    const std::pair<std::int64_t, const char*> rows[] = {{-1, "-1"}, {0, "no"}, {1, "one"}, {12, "twelve"}, {13, "13"}, {1'200, "1200"}};
    for (const auto& [number, text] : rows) CHECK(in_words(number) == text);
}
