// The pages of regions, and the map.
#include "render/documents/regions.hpp"
#include "render/pages/map.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/part.hpp"
#include "tests/render/support/sample.hpp"

#include <algorithm>

namespace rollcall::render::tests {
namespace {

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

data::edition with_checks()
{
    auto e = three_regions();
    for (std::size_t i = 0; i < e.rounds.size(); ++i)
        for (const auto& g : e.regions) {
            const bool down = g.id == 3 && i == 4;
            e.region_nights.push_back({g.id, e.rounds[i].id, down, down ? "its network or its proxy failed for 58 of 60 servers" : "", 8, 8, 60, down ? 2 : 38, down ? 0 : 22, down ? 58 : 0, 40, g.id == 2 ? 3 : 0});
        }
    return e;
}

}  // namespace

TEST_CASE("one region whose place is not known has a page without a map, and nothing is said by place", "[regions]")
{
    const auto site = part_of(sample_edition(), write_regions);
    const auto& list = site.at("regions/index.html");
    CHECK(has(list, "our one region"));
    CHECK(has(list, "nothing is said by place"));
    CHECK_FALSE(has(list, "class=\"map\""));
    CHECK_FALSE(has(site.at("regions/local/index.html"), "Silent only from here"));
}

TEST_CASE("cities stand on the map and in the table", "[regions]")
{
    const auto site = part_of(with_checks(), write_regions);
    const auto& list = site.at("regions/index.html");
    CHECK(has(list, "Natural Earth, public domain"));
    for (const char* city : {"Frankfurt", "Singapore", "S\xC3\xA3o Paulo"}) {
        CHECK(has(list, ">" + std::string(city) + "</text>"));
        CHECK(has(list, "<bdi>" + std::string(city) + "</bdi></a>"));
    }
    CHECK(has(list, "1 of 29"));
}

TEST_CASE("a region's page tells who was silent only there, its check and the nights that were not counted", "[regions]")
{
    const auto e = with_checks();
    const auto site = part_of(e, write_regions);
    const auto& page = site.at("regions/sin/index.html");
    CHECK(has(page, "3 of 40 domains that answered elsewhere failed only from here"));
    CHECK(has(page, "8 of 8 servers of our own with a known answer"));
    CHECK(has(page, "Each of the 29 nights was counted."));
    const auto& other = site.at("regions/gru/index.html");
    CHECK(has(other, "1 of 29 nights were not counted"));
    CHECK(has(other, "its network or its proxy failed for 58 of 60 servers"));

    const auto r = call_roll(e, "https://status.example.org/");
    const auto silent = silent_only_from(r, e.regions[1]);
    CHECK_FALSE(silent.empty());
    for (const auto* n : silent) {
        CHECK(n->row->cells[1].cell.why == data::reason::tcp_timeout);
        CHECK(data::is_good(data::class_of(n->row->cells[0].cell.why)));
        CHECK(has(page, n->row->slug));
    }
    CHECK(silent_only_from(r, e.regions[0]).empty());
}

TEST_CASE("a region that was not counted is told of no server", "[regions]")
{
    auto e = with_checks();
    for (auto& n : e.region_nights)
        if (n.region == 2 && n.round == e.rounds.back().id) n.down = true;
    const auto r = call_roll(e, "https://status.example.org/");
    CHECK(silent_only_from(r, e.regions[1]).empty());
    CHECK(has(part_of(e, write_regions).at("regions/sin/index.html"), "What it saw was not counted."));
}

TEST_CASE("what a region saw sums to the cells of the roll call", "[regions]")
{
    const auto e = three_regions();
    const auto r = call_roll(e, "https://status.example.org/");
    for (const auto& g : e.regions) {
        const auto d = region_document(r, g);
        std::int64_t sum = 0, cells = 0;
        for (const auto& [what, count] : d["seen"].items()) sum += count.get<std::int64_t>();
        for (const auto& n : r.entries)
            cells += n.row->observed_round == r.newest->id ? std::ranges::count(n.row->cells, g.id, &data::region_cell::region) : 0;
        CHECK(sum == cells);
        for (const auto& s : d["steps"]) CHECK((s["n"] >= 59) == s["p95_ms"].is_number());
    }
}

TEST_CASE("labels on the map cover no other label and no mark", "[regions]")
{
    struct row { const char* name; std::vector<pin> pins; std::size_t crowded; };
    const row table[] = {
        {"far apart", {{52, 24, "Frankfurt", true}, {79, 58, "Singapore", true}, {37, 76, "S\xC3\xA3o Paulo", true}}, 0},
        {"at the edges", {{1, 30, "Anadyr", true}, {99, 30, "Suva", true}}, 0},
        {"two beside one another", {{52, 24, "Frankfurt", true}, {54, 23, "Prague", true}}, 0},
        {"a crowd", {{52, 24, "Frankfurt", true}, {51.5, 23, "Brussels", true}, {51, 23.5, "Paris", true}, {52.2, 22, "Amsterdam", true}, {50, 22, "London", true}, {53, 24, "Munich", true}, {52.5, 25, "Zurich", true}}, 1},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name)
        {
            const auto places = places_of_labels(r.pins);
            REQUIRE(places.size() == r.pins.size());
            const auto crowded = static_cast<std::size_t>(std::ranges::count_if(places, &label_place::crowded));
            CHECK((r.crowded == 0 ? crowded == 0 : crowded >= r.crowded));
        }
    // From the right edge a label runs inwards.
    const auto edge = places_of_labels({{99, 30, "Suva", true}});
    CHECK(std::string_view(edge[0].anchor) == "end");
}

}  // namespace rollcall::render::tests
