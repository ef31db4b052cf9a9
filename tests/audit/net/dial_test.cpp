#include "audit/net/dial.hpp"

#include "tests/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <optional>
#include <thread>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using namespace std::chrono_literals;

// Dials addresses at which nobody listens, with a thread that is busy with other things for `lag` as soon as the first
// attempt is on its way.
net_failure refused_by(int addresses, std::chrono::milliseconds limit, std::chrono::milliseconds lag)
{
    net::io_context io;
    std::vector<net::ip::address> all;
    for (int i = 1; i <= addresses; ++i) all.push_back(net::ip::make_address("127.79.1." + std::to_string(i)));
    std::optional<net_failure> failure;
    const auto look = [&]() -> net::awaitable<void> {
        auto got = co_await dial(all, 1, std::chrono::steady_clock::now() + limit, std::nullopt);
        failure = std::get<net_failure>(std::move(got));
    };
    net::co_spawn(io, look(), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    net::post(io, [lag] { std::this_thread::sleep_for(lag); });
    io.run();
    return failure.value();
}

}  // namespace

TEST_CASE("refusals are a word about the server only if every address was asked", "[dial]")
{
    CHECK(refused_by(1, 10s, 0ms).why == data::reason::tcp_refused);
    CHECK(refused_by(8, 10s, 0ms).why == data::reason::tcp_refused);
    // Our thread was late until the time was over: the others were never tried.
    CHECK(refused_by(8, 50ms, 100ms).why == data::reason::interrupted);
    CHECK(refused_by(1, 50ms, 100ms).why != data::reason::interrupted);
}

}  // namespace rollcall::audit
