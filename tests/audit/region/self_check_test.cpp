// Which regions count: a night drawn as a grid, one row a region, one column an endpoint.
#include "audit/region/self_check.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using data::reason;

namespace {

reason of(char letter)
{
    switch (letter) {
        case '+': return reason::ok;
        case 't': return reason::tcp_timeout;
        case 'n': return reason::dns_nxdomain;
        case 'r': return reason::tcp_refused;
        case 'w': return reason::waf_block;
        case 'h': return reason::http_5xx;
        case 'x': return reason::proxy_failed;
        case 'u': return reason::region_down;
        case 'b': return reason::budget;
        default: return reason::interrupted;
    }
}

struct grid {
    std::vector<std::string> rows;      // of regions 1, 2, ...; a space: no cell
    std::string up = {};                // '+' where the endpoint was up before; empty: no night before
    std::string domains = {};           // a letter for each endpoint; empty: each its own
    std::vector<control_look> controls = {};
    std::vector<usual_night> usual = {};
};

night_of_regions night_of(const grid& g)
{
    night_of_regions night;
    for (std::size_t r = 0; r < g.rows.size(); ++r) {
        const auto region = static_cast<std::int64_t>(r) + 1;
        night.regions.push_back(region);
        for (std::size_t e = 0; e < g.rows[r].size(); ++e) {
            const auto endpoint = static_cast<std::int64_t>(e);
            if (g.rows[r][e] != ' ') night.cells.push_back({endpoint, region, of(g.rows[r][e])});
            night.domain[endpoint] = g.domains.empty() ? "site-" + std::to_string(e) : std::string(1, g.domains[e]);
        }
    }
    if (!g.up.empty()) {
        night.up_before.emplace();
        for (std::size_t e = 0; e < g.up.size(); ++e)
            if (g.up[e] == '+') night.up_before->insert(static_cast<std::int64_t>(e));
    }
    night.controls = g.controls;
    night.usual = g.usual;
    return night;
}

// "1 ok; 2 down: why"
std::string told(const grid& g)
{
    std::string out;
    for (const auto& h : check_regions(night_of(g))) {
        out += (out.empty() ? "" : "; ") + std::to_string(h.region) + (h.down ? " down" : " ok");
        if (!h.why.empty()) out += ": " + h.why;
    }
    return out;
}

std::string many(char c, std::size_t n) { return std::string(n, c); }

// So many nights on which so many of a hundred domains failed only in region 1.
std::vector<usual_night> nights(std::size_t n, std::int64_t lone)
{
    std::vector<usual_night> out(n, {1, 100, lone});
    return out;
}

control_look look(std::int64_t region, const char* url, bool expects_good, bool passed) { return {region, url, expects_good, passed}; }

}  // namespace

TEST_CASE("several regions: one that stands alone with its failures is not counted", "[region]")
{
    struct row { const char* name; grid night; std::string told; };
    const std::vector<row> rows{
        {"all is well", {{"++++++++++", "++++++++++", "++++++++++"}}, "1 ok; 2 ok; 3 ok"},
        {"one without a network", {{"++++++++++", "tttttttttt", "++++++++++"}}, "1 ok; 2 down: 10 of 10 domains that answered elsewhere failed only here; 3 ok"},
        {"two of three without a network", {{"tttttttttt", "tttttttttt", "++++++++++"}},
         "1 down: 10 of 10 domains that answered elsewhere failed only here; 2 down: 10 of 10 domains that answered elsewhere failed only here; 3 ok"},
        {"one of two: good is good, so it is the other", {{"++++++++++", "nnnnnnnnnn"}}, "1 ok; 2 down: 10 of 10 domains that answered elsewhere failed only here"},
        {"half of what it saw", {{"++++++++++", "+t+t+t+t+t", "++++++++++"}}, "1 ok; 2 down: 5 of 10 domains that answered elsewhere failed only here; 3 ok"},
        {"one server that it cannot reach", {{"++++++++++", "++++t+++++", "++++++++++"}}, "1 ok; 2 ok; 3 ok"},
        {"two of ten, on the first night", {{"++++++++++", "++tt++++++", "++++++++++"}}, "1 ok; 2 ok; 3 ok"},
        {"two of two, of a small roll", {{"++", "tt"}}, "1 ok; 2 down: 2 of 2 domains that answered elsewhere failed only here"},
        {"one of one tells nothing", {{"+", "t"}}, "1 ok; 2 ok"},
        {"servers that are down everywhere are not its doing", {{"tttttttt++", "tttttttt++", "tttttttt++"}}, "1 ok; 2 ok; 3 ok"},
        {"a platform that one region cannot reach is one domain", {{"++++++++++++", "tttttttt++++", "++++++++++++"}, "", "aaaaaaaabcde"}, "1 ok; 2 ok; 3 ok"},
        {"a wall that only one region meets", {{"++++++++++", "wwwww+++++", "++++++++++"}}, "1 ok; 2 down: 5 of 10 domains that answered elsewhere failed only here; 3 ok"},
        {"what was down before is not asked", {{"++++++++++", "++++++tttt", "++++++++++"}, "++++++    "}, "1 ok; 2 ok; 3 ok"},
        {"its own failures are U already", {{"++++++++++", "+++++xxxxx", "++++++++++"}}, "1 ok; 2 ok: its network or its proxy failed for 5 of 10 servers, which do not count; 3 ok"},
        {"its proxy failed for all", {{"++++++++++", "xxxxxxxxxx", "++++++++++"}}, "1 ok; 2 down: its network or its proxy failed for 10 of 10 servers; 3 ok"},
        {"what was not reached in time says nothing", {{"++++++++++", "bbbbbbbbbb", "++++++++++"}}, "1 ok; 2 ok; 3 ok"},
        {"a region that did not probe is not mentioned", {{"++++++++++", "          "}}, "1 ok"},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name) { CHECK(told(row.night) == row.told); }
    }
}

TEST_CASE("several regions: far more than usual", "[region]")
{
    // Of a hundred domains, so many fail only in region 1.
    const auto share = [](std::size_t lone, std::vector<usual_night> usual) {
        grid g{{many('t', lone) + many('+', 100 - lone), many('+', 100), many('+', 100)}};
        g.usual = std::move(usual);
        return check_regions(night_of(g)).front().down;
    };
    struct row { const char* name; std::size_t last_ok; std::vector<usual_night> usual; };
    auto mixed = nights(14, 2);
    for (const auto& n : nights(14, 6)) mixed.push_back(n);
    auto with_one_bad = nights(27, 1);
    with_one_bad.push_back({1, 100, 90});
    auto of_others = nights(28, 40);
    for (auto& n : of_others) n.region = 2;
    const std::vector<row> rows{
        {"no history: a quarter", 25, {}},
        {"six nights are none", 25, nights(6, 1)},
        {"usually none: 5 %", 5, nights(7, 0)},
        {"usually 1 %", 5, nights(28, 1)},
        {"usually 4 %, give or take what chance gives", 9, nights(28, 4)},
        {"usually 2 to 6 %", 12, mixed},  // median 4 %, deviation 2 % by 1.4826
        {"one bad night changes nothing", 5, with_one_bad},
        {"a region that one wall has always stood before", 43, nights(28, 30)},
        {"what is usual elsewhere is not usual here", 25, of_others},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            std::size_t last_ok = 0;
            for (std::size_t lone = 0; lone <= 60; ++lone)
                if (!share(lone, row.usual)) last_ok = lone;
            CHECK(last_ok == row.last_ok);
            CHECK(share(row.last_ok + 1, row.usual));
        }
    }
}

TEST_CASE("one region: what was up before, and gross signs", "[region]")
{
    struct row { const char* name; grid night; std::string told; };
    const std::vector<row> rows{
        {"all is well", {{"++++++++++"}, "++++++++++"}, "1 ok"},
        {"nothing can be connected to any more", {{"tttttttttt"}, "++++++++++"}, "1 down: 10 of 10 domains that were up before could not be connected to"},
        {"more than half of it", {{"ttntnt++++"}, "++++++++++"}, "1 down: 6 of 10 domains that were up before could not be connected to"},
        {"half of it", {{"ttttt+++++"}, "++++++++++"}, "1 ok"},
        {"an outage that answers is one", {{"hhhhhhhhhh"}, "++++++++++"}, "1 ok"},
        {"the outage of the platform of most", {{"tttttttt++++"}, "++++++++++++", "aaaaaaaabcde"}, "1 ok"},
        {"four servers of one's own tell nothing", {{"tttt"}, "++++"}, "1 ok"},
        {"they were down before", {{"tttttttttt"}, "          "}, "1 down: 10 of 10 domains failed alike: " + std::string(data::row_of(reason::tcp_timeout).label)},
        {"first night: all fail alike", {{"nnnnnnnnnn"}}, "1 down: 10 of 10 domains failed alike: " + std::string(data::row_of(reason::dns_nxdomain).label)},
        {"first night: all fail, each in its way", {{"nntrtrhwnt"}}, "1 ok"},
        {"first night: one answers", {{"nnnnnnnnn+"}}, "1 ok"},
        {"first night: servers that answer alike were reached", {{"hhhhhhhhhh"}}, "1 ok"},
        {"first night: four fail alike", {{"nnnn"}}, "1 ok"},
        {"first night: one domain fails alike", {{"tttttttttt"}, "", "aaaaaaaaaa"}, "1 ok"},
        {"our own resolver is dead", {{"uuuuuuuuuu"}}, "1 down: its network or its proxy failed for 10 of 10 servers"},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name) { CHECK(told(row.night) == row.told); }
    }
}

TEST_CASE("controls: known answers", "[region]")
{
    const auto eight = [](std::size_t passed, bool good) {
        std::vector<control_look> out;
        for (std::size_t i = 0; i < 8; ++i) out.push_back({1, "https://control-" + std::to_string(i) + ".test/", good, i < passed});
        return out;
    };
    const grid nothing{{"          "}};
    const auto with = [](grid g, std::vector<control_look> controls) {
        g.controls = std::move(controls);
        return told(g);
    };
    CHECK(with(nothing, eight(8, true)) == "1 ok");
    CHECK(with(nothing, eight(7, true)) == "1 ok");
    CHECK(with(nothing, eight(6, true)) == "1 down: its controls gave 6 of 8 known answers");
    CHECK(with(nothing, eight(6, false)) == "1 down: its controls gave 6 of 8 known answers");

    // Our own endpoints may be down: the servers say so.
    const grid well{{"++++++++++"}, "++++++++++"};
    CHECK(with(well, eight(0, true)) == "1 ok: its controls gave 0 of 8 known answers, while the servers answered as usual");
    // A failure that is not recognised as such has no such excuse: somebody answers in place of others.
    CHECK(with(well, eight(0, false)) == "1 down: its controls gave 0 of 8 known answers");
    const grid not_well{{"+++++++htt"}, "++++++++++"};
    CHECK(with(not_well, eight(0, true)) == "1 down: its controls gave 0 of 8 known answers");

    // One that fails in every region is broken itself.
    const grid two{{"++++++++++", "++++++++++"}};
    CHECK(with(two, {look(1, "a", true, false), look(2, "a", true, false)}) == "1 ok: a control failed in every region, and is not counted; 2 ok: a control failed in every region, and is not counted");
    CHECK(with(two, {look(1, "a", false, false), look(2, "a", false, true)}) == "1 down: its controls gave 0 of 1 known answers; 2 ok");
}

TEST_CASE("the self-check does not depend on the order of its facts", "[region]")
{
    const grid g{{"+++++tttt+", "tttttttttt", "++++++++++"}, "++++++++++", "", {look(2, "a", true, false), look(1, "a", true, true)}, nights(9, 2)};
    auto night = night_of(g);
    const auto first = check_regions(night);
    for (int turn = 0; turn < 20; ++turn) {
        std::rotate(night.cells.begin(), night.cells.begin() + 7, night.cells.end());
        std::reverse(night.controls.begin(), night.controls.end());
        CHECK(check_regions(night) == first);
    }
}
