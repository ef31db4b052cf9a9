#include "render/publish/side_by_side.hpp"

#include "tests/catch.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace rollcall::render::tests {
namespace {

// Parts of all lengths: none, one file, many.
std::vector<site_part> parts_of(std::size_t count)
{
    std::vector<site_part> out;
    for (std::size_t i = 0; i < count; ++i)
        out.emplace_back([i](const sink& put) {
            for (std::size_t n = 0; n < i * 7 % 23; ++n) put(std::to_string(i) + "/" + std::to_string(n), std::string(i * n % 500, 'x'));
        });
    return out;
}

std::vector<std::string> order_of(const std::vector<site_part>& parts, unsigned threads, std::size_t most_held)
{
    std::vector<std::string> out;
    std::atomic<int> inside = 0;
    side_by_side(
        parts,
        [&](const std::string& path, std::string bytes) {
            CHECK(inside++ == 0);  // never twice at once
            out.push_back(path + " " + std::to_string(bytes.size()));
            --inside;
        },
        threads, most_held);
    return out;
}

}  // namespace

TEST_CASE("whatever the number of threads and the room, the order is that of the parts", "[side_by_side]")
{
    const auto parts = parts_of(200);
    const auto alone = order_of(parts, 1, 0);
    CHECK(alone.size() > 1000);
    for (const unsigned threads : {2u, 3u, 8u})
        for (const std::size_t room : {std::size_t{0}, std::size_t{1000}, std::size_t{8} << 20})
            DYNAMIC_SECTION(threads << " threads, " << room << " bytes") { CHECK(order_of(parts, threads, room) == alone); }
}

TEST_CASE("the first part that fails is what the caller hears of", "[side_by_side]")
{
    auto parts = parts_of(60);
    parts[20] = [](const sink& put) {
        put("20", "");
        throw std::runtime_error("the twentieth");
    };
    parts[40] = [](const sink&) { throw std::runtime_error("the fortieth"); };
    for (const unsigned threads : {1u, 2u, 8u})
        DYNAMIC_SECTION(threads << " threads") { CHECK_THROWS_WITH(order_of(parts, threads, 100), "the twentieth"); }
}

TEST_CASE("a sink that fails ends the work", "[side_by_side]")
{
    const auto parts = parts_of(60);
    for (const unsigned threads : {1u, 4u})
        DYNAMIC_SECTION(threads << " threads")
        {
            std::size_t taken = 0;
            CHECK_THROWS_WITH(side_by_side(
                                  parts,
                                  [&](const std::string&, std::string) {
                                      if (++taken == 30) throw std::runtime_error("the disk is full");
                                  },
                                  threads),
                              "the disk is full");
            CHECK(taken == 30);
        }
}

TEST_CASE("no parts, no work", "[side_by_side]") { CHECK(order_of({}, 4, 100).empty()); }

}  // namespace rollcall::render::tests
