#include "audit/intake/cluster.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace rollcall::audit;

std::string shown(std::vector<candidate> candidates)
{
    std::string out;
    for (const auto& v : cluster(candidates)) out += std::to_string(v.endpoint) + ">" + std::to_string(v.probed) + " ";
    // The order of the candidates changes nothing.
    std::ranges::reverse(candidates);
    std::string again;
    for (const auto& v : cluster(candidates)) again += std::to_string(v.endpoint) + ">" + std::to_string(v.probed) + " ";
    CHECK(again == out);
    if (!out.empty()) out.pop_back();
    return out;
}

TEST_CASE("of a cluster of campaign variants one is probed, and always the same one", "[intake]")
{
    const std::string base = "https://mcp.mailkite.dev/mcp";
    CHECK(shown({}).empty());
    CHECK(shown({{1, 10, base}}).empty());
    CHECK(shown({{1, 10, base + "?ref=a"}, {2, 10, "https://mcp.other.dev/mcp?ref=a"}}).empty());
    // The one without a parameter, else the first by its text.
    CHECK(shown({{1, 10, base + "?ref=a"}, {2, 10, base}, {3, 10, base + "?via=b"}}) == "1>2 3>2");
    CHECK(shown({{5, 10, base + "?ref=b"}, {6, 10, base + "?ref=a"}}) == "5>6");
    // Who was there first keeps its history.
    CHECK(shown({{1, 10, base + "?ref=a"}, {2, 11, base}}) == "2>1");
    // What else stands in the query makes another cluster.
    CHECK(shown({{1, 10, base + "?tools=a&ref=x"}, {2, 10, base + "?tools=a&ref=y"}, {3, 10, base + "?tools=b&ref=x"}, {4, 10, base}}) == "2>1");
}

std::string learned(const std::vector<moved>& answers, const std::vector<std::int64_t>& rounds)
{
    const std::vector<known_url> urls{{1, "https://mcp.vendor.com/old"}, {2, "https://mcp.other.dev/mcp"}};
    std::string out;
    for (const auto& a : learn_aliases(answers, rounds, urls)) out += std::to_string(a.endpoint) + ">" + a.url + " " + std::to_string(a.rounds) + ";";
    return out;
}

TEST_CASE("an address that has moved for good is learned after three rounds that agree", "[intake]")
{
    const std::string to = "https://mcp.vendor.com/new";
    CHECK(learned({{1, 1, to}, {1, 2, to}}, {1, 2}).empty());
    CHECK(learned({{1, 1, to}, {1, 2, to}, {1, 3, to}}, {1, 2, 3}) == "1>" + to + " 3;");
    CHECK(learned({{1, 1, to}, {1, 2, to}, {1, 3, "https://MCP.vendor.com:443/new/"}}, {1, 2, 3}) == "1>" + to + " 3;");
    CHECK(learned({{1, 1, to}, {1, 2, to}, {1, 3, to}, {1, 4, to}}, {1, 2, 3, 4}) == "1>" + to + " 4;");
    SECTION("a round without an answer breaks nothing")
    {
        CHECK(learned({{1, 1, to}, {1, 2, to}, {1, 4, to}}, {1, 2, 3, 4}) == "1>" + to + " 3;");
    }
    SECTION("an answer on the spot, another address or another region's word does")
    {
        CHECK(learned({{1, 1, to}, {1, 2, to}, {1, 3, to}, {1, 4, ""}}, {1, 2, 3, 4}).empty());
        CHECK(learned({{1, 1, to}, {1, 2, "https://mcp.vendor.com/else"}, {1, 3, to}}, {1, 2, 3}).empty());
        CHECK(learned({{1, 1, to}, {1, 2, to}, {1, 3, to}, {1, 3, ""}}, {1, 2, 3}).empty());
    }
    SECTION("another site is no alias, nor the address itself in another spelling")
    {
        CHECK(learned({{2, 1, to}, {2, 2, to}, {2, 3, to}}, {1, 2, 3}).empty());
        const std::string same = "https://mcp.vendor.com/old/";
        CHECK(learned({{1, 1, same}, {1, 2, same}, {1, 3, same}}, {1, 2, 3}).empty());
    }
    CHECK(learned({}, {}).empty());
    CHECK(learned({{9, 1, to}}, {1}).empty());
}

}  // namespace
