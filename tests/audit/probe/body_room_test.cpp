#include "audit/probe/body_room.hpp"

#include "tests/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace rollcall::audit;
namespace net = boost::asio;

namespace {

// Visitors that come in the order of their names and go when they are told to.
struct visit {
    net::io_context io{1};
    body_room room{io, 2, 1};
    std::vector<std::pair<char, body_room::place>> inside;
    std::string came;

    void come(char name, body_room::size what)
    {
        net::co_spawn(
            io,
            [](visit& v, char n, body_room::size w) -> net::awaitable<void> {
                auto place = co_await v.room.enter(w);
                v.came += n;
                v.inside.emplace_back(n, std::move(place));
            }(*this, name, what),
            net::detached);
        settle();
    }

    void go(char name)
    {
        std::erase_if(inside, [name](const auto& one) { return one.first == name; });
        settle();
    }

    void settle()
    {
        io.restart();
        io.poll();
    }
};

}  // namespace

TEST_CASE("a body needs no place up to 64 KiB, a middling one up to 512 KiB, a large one beyond")
{
    struct row { std::size_t bytes; body_room::size expected; };
    using enum body_room::size;
    for (const auto& r : std::vector<row>{{0, small}, {65'536, small}, {65'537, middling}, {524'288, middling}, {524'289, large}, {64u << 20, large}}) {
        INFO(r.bytes);
        CHECK(body_room::size_of(r.bytes) == r.expected);
    }
}

TEST_CASE("large bodies wait for one another in the order in which they came; small ones for nobody")
{
    using enum body_room::size;
    visit v;
    for (const char name : {'a', 'b', 'c', 'd'}) v.come(name, middling);
    v.come('L', large);
    v.come('M', large);
    v.come('s', small);
    CHECK(v.came == "abLs");
    CHECK(v.room.waiting() == 3);

    v.go('s');
    CHECK(v.came == "abLs");
    v.go('b');
    CHECK(v.came == "abLsc");
    v.go('L');
    CHECK(v.came == "abLscM");
    v.go('a');
    v.go('c');
    CHECK(v.came == "abLscMd");
    CHECK(v.room.waiting() == 0);

    // All have left: there is room as at the beginning.
    for (const char name : {'d', 'M'}) v.go(name);
    for (const char name : {'x', 'y', 'z'}) v.come(name, middling);
    CHECK(v.came == "abLscMdxy");
}
