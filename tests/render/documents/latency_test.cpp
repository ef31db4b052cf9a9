#include "render/documents/latency.hpp"

#include "data/model/night_cells.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rollcall::render {

TEST_CASE("times are told by region, of good cells alone, and only as far as they bear", "[latency]")
{
    auto e = tests::three_regions();
    auto& server = e.endpoints.front();
    for (std::size_t i = 0; i < server.nights.size(); ++i) {
        const auto ms = static_cast<std::uint32_t>(100 + i);
        std::vector<data::kept_cell> cells{{e.regions[0].id, data::cell_class::pass, ms}, {e.regions[1].id, data::cell_class::transport, {}}};
        if (i < 4) cells.push_back({e.regions[2].id, data::cell_class::slow, 6000u});
        server.nights[i].cells = data::pack_cells(cells);
    }
    const auto nights = server.nights.size();
    REQUIRE(nights == 29);
    const auto r = call_roll(e, "https://status.example.org/");
    const auto entry = std::ranges::find_if(r.entries, [&](const auto& n) { return n.row->id == server.id; });
    const auto d = server_document(r, *entry);
    CHECK(d["regions"][0]["latency_90d"] == document{{"n", 29}, {"p50_ms", 114}, {"p95_ms", nullptr}});
    CHECK(d["regions"][1]["latency_90d"] == document{{"n", 0}, {"p50_ms", nullptr}, {"p95_ms", nullptr}});
    CHECK(d["regions"][2]["latency_90d"] == document{{"n", 4}, {"p50_ms", nullptr}, {"p95_ms", nullptr}});
    CHECK(d["latency_90d"]["n"] == 33);
    CHECK(latency_document(std::vector<std::uint32_t>(59, 120)) == document{{"n", 59}, {"p50_ms", 120}, {"p95_ms", 120}});

    const auto history = history_document(r, *entry);
    CHECK(history["regions"].size() == 3);
    CHECK(history["nights"]["classes"].front() == "PTS");
    CHECK(history["nights"]["classes"].back() == "PT-");
}

}  // namespace rollcall::render
