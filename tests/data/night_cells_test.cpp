#include "data/model/night_cells.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

using namespace rollcall::data;

TEST_CASE("what regions saw survives its packing, two bytes a region")
{
    const std::vector<kept_cell> rows[] = {
        {},
        {{1, cell_class::pass, 0u}},
        {{1, cell_class::pass, 412u}, {2, cell_class::slow, 6210u}, {3, cell_class::transport, {}}, {5, cell_class::unusable, {}}},
        {{4, cell_class::auth, {}}},
        {{1, cell_class::malformed, {}}, {2, cell_class::http, {}}, {3, cell_class::wall, {}}},
    };
    std::mt19937 order(7);
    for (auto cells : rows) {
        auto expected = cells;
        for (auto& c : expected)
            if (c.ms) c.ms = kept_time(*c.ms);
        std::ranges::shuffle(cells, order);
        const auto bytes = pack_cells(cells);
        CHECK(bytes.size() == (expected.empty() ? 0u : 2u * static_cast<unsigned>(expected.back().region)));
        CHECK(unpack_cells(bytes) == expected);
    }
    CHECK(pack_cells(std::vector<kept_cell>{{1, cell_class::pass, 411u}}) == std::string("\x01\x9c", 2));
    CHECK_THROWS_AS(pack_cells(std::vector<kept_cell>{{0, cell_class::pass, {}}}), std::logic_error);
    CHECK_THROWS_AS(pack_cells(std::vector<kept_cell>{{most_regions + 1, cell_class::pass, {}}}), std::logic_error);
}

TEST_CASE("a kept time is exact below half a second, then to two in a thousand, and keeps order")
{
    std::uint32_t before = 0;
    for (std::uint32_t ms = 0; ms < 40'000; ++ms) {
        const auto kept = kept_time(ms);
        const auto off = kept > ms ? kept - ms : ms - kept;
        if (ms < 512 ? off != 0 : off * 500 > ms) FAIL(ms << " ms is kept as " << kept);
        if (kept < before || kept_time(kept) != kept) FAIL("order or rest lost at " << ms);
        before = kept;
    }
    CHECK(kept_time(4294967295u) == 511u << 14);
    CHECK(unpack_cells(std::string(7, '\xfe')).size() == 3);  // damage gives something, and no error
}
