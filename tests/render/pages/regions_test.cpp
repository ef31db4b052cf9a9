// A region that was not believed at the last roll call: on the overview, on a server's page and in the documents.
#include "render/documents/documents.hpp"
#include "tests/render/support/sample.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <set>

using namespace rollcall;
using namespace rollcall::render;

namespace {

const std::string why = "27 of 30 domains that answered elsewhere failed only here";

data::edition with_a_lost_region()
{
    auto e = tests::three_regions();
    for (const auto& round : e.rounds) {
        e.region_nights.push_back({1, round.id, false, "", 0, 0});
        e.region_nights.push_back({2, round.id, round.id == e.rounds.back().id, round.id == e.rounds.back().id ? why : "", 8, 8});
    }
    return e;
}

}  // namespace

TEST_CASE("a region that is not believed stands on the overview, in words", "[regions]")
{
    const auto lost = tests::rendered(with_a_lost_region()).at("index.html");
    CHECK(lost.find("What was seen from Singapore at this roll call is not counted:</span> " + why + ".") != std::string::npos);
    const auto well = tests::rendered(tests::three_regions()).at("index.html");
    CHECK(well.find("not counted") == std::string::npos);
}

TEST_CASE("a cell that does not count is not told against a server", "[regions]")
{
    const auto e = with_a_lost_region();
    const auto hit = std::ranges::find_if(e.endpoints, [](const auto& row) { return row.cells.size() == 3 && row.bucket == data::bucket::regionally_degraded; });
    REQUIRE(hit != e.endpoints.end());
    const auto path = "servers/" + hit->slug + "/index.html";
    const auto page = tests::rendered(e).at(path);
    CHECK(page.find("Not counted that night:</span> " + why + ".") != std::string::npos);
    CHECK(page.find("not from Singapore") == std::string::npos);
    CHECK(tests::rendered(tests::three_regions()).at(path).find("not from Singapore") != std::string::npos);

    const auto r = call_roll(e, "https://status.example.org/");
    const auto entry = std::ranges::find_if(r.entries, [&](const auto& n) { return n.row->slug == hit->slug; });
    const auto d = server_document(r, *entry);
    CHECK(d["regions"][0]["counted"] == true);
    CHECK(d["regions"][0]["note"].is_null());
    CHECK(d["regions"][1]["counted"] == false);
    CHECK(d["regions"][1]["note"] == why);
    CHECK(d["regions"][1]["reason"] == "tcp_timeout");
}

TEST_CASE("the summary tells of each region whether it counted, and when it did not", "[regions]")
{
    const auto e = with_a_lost_region();
    const auto d = summary_document(call_roll(e, "https://status.example.org/"));
    REQUIRE(d["regions"].size() == 3);
    CHECK(d["regions"][0].dump() == R"({"region":"fra","city":"Frankfurt","country":"DE","counted":true,"note":null,"controls":null,"not_counted":[]})");
    CHECK(d["regions"][1]["counted"] == false);
    CHECK(d["regions"][1]["note"] == why);
    CHECK(d["regions"][1]["controls"].dump() == R"({"ok":8,"n":8})");
    CHECK(d["regions"][1]["not_counted"].size() == 1);
    CHECK(d["regions"][2]["counted"].is_null());
}

TEST_CASE("of three regions one counts, one does not, and one was not checked: three signs, and words", "[regions]")
{
    const auto site = tests::rendered(with_a_lost_region());
    struct row { const char *page, *sign; };
    const row rows[] = {
        {"regions/fra/index.html", R"(s-up" aria-hidden="true">●</span> What it saw was counted.)"},
        {"regions/sin/index.html", R"(s-degraded" aria-hidden="true">▲</span> What it saw was not counted.)"},
        {"regions/gru/index.html", R"(s-unknown" aria-hidden="true">○</span> What it saw was not checked.)"},
    };
    for (const auto& r : rows) {
        CAPTURE(r.page);
        CHECK(site.at(r.page).find(r.sign) != std::string::npos);
    }
}
