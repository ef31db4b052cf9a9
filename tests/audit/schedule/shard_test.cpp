#include "audit/schedule/shard.hpp"

#include "tests/catch.hpp"

#include <string>

using rollcall::audit::parse_shard;
using rollcall::audit::shard;

TEST_CASE("a shard is written I/N")
{
    struct row { const char* text; bool good; unsigned index, of; };
    for (const auto& r : {row{"1/1", true, 1, 1}, row{"2/4", true, 2, 4}, row{"64/64", true, 64, 64}, row{"0/4", false, 0, 0}, row{"5/4", false, 0, 0},
                          row{"1/65", false, 0, 0}, row{"", false, 0, 0}, row{"/", false, 0, 0}, row{"1", false, 0, 0}, row{"1/", false, 0, 0}, row{"/2", false, 0, 0},
                          row{"-1/2", false, 0, 0}, row{"1/2/3", false, 0, 0}, row{" 1/2", false, 0, 0}, row{"1/99999999999", false, 0, 0}}) {
        INFO(r.text);
        const auto got = parse_shard(r.text);
        CHECK(got.has_value() == r.good);
        if (got && r.good) {
            CHECK(*got == shard{r.index, r.of});
            CHECK(text_of(*got) == r.text);
        }
    }
}

TEST_CASE("a site is in exactly one part, the same on every machine and in every version")
{
    struct row { const char* site; unsigned of4, of7; };
    for (const auto& r : {row{"pipeworx.io", 4, 3}, row{"example.com", 2, 6}, row{"a.onrender.com", 4, 6}, row{"", 2, 7}}) {
        INFO(r.site);
        for (unsigned i = 1; i <= 4; ++i) CHECK(shard{i, 4}.holds(r.site) == (i == r.of4));
        for (unsigned i = 1; i <= 7; ++i) CHECK(shard{i, 7}.holds(r.site) == (i == r.of7));
        CHECK(shard{}.holds(r.site));
    }
}

TEST_CASE("the parts are about equal")
{
    for (const unsigned of : {2u, 3u, 4u, 8u, 16u}) {
        std::vector<int> count(of);
        for (int s = 0; s < 8000; ++s)
            for (unsigned i = 1; i <= of; ++i) count[i - 1] += shard{i, of}.holds("site-" + std::to_string(s) + ".example");
        for (const int n : count) {
            CHECK(n * static_cast<int>(of) > 8000 * 8 / 10);
            CHECK(n * static_cast<int>(of) < 8000 * 12 / 10);
        }
    }
}
