#include "audit/net/dial.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <memory>
#include <optional>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using net::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds head_start{250};

// What the attempts of one dial share; they may outlive it by a moment.
struct race {
    explicit race(const net::any_io_executor& executor) : news(executor) {}
    net::steady_timer news;  // cancelled when an attempt ends
    std::vector<std::shared_ptr<boost::beast::tcp_stream>> running;
    std::optional<tcp::socket> winner;
    std::optional<net_failure> failure;
    std::size_t pending = 0;

    void note(const net_failure& f)
    {
        // A word about the server outweighs one about ourselves.
        const bool ours = !data::is_valid(data::class_of(f.why));
        if (!failure || !ours) failure = f;
    }
};

// Does the kernel know a way to that address? Connecting a datagram socket asks it and sends nothing.
bool has_route(const net::any_io_executor& executor, const tcp::endpoint& to)
{
    net::ip::udp::socket question(executor);
    error_code ec;
    question.open(to.address().is_v6() ? net::ip::udp::v6() : net::ip::udp::v4(), ec);
    if (!ec) question.connect({to.address(), to.port()}, ec);
    return ec != net::error::network_unreachable && ec != net::error::host_unreachable && ec != net::error::address_family_not_supported;
}

net::awaitable<void> attempt(std::shared_ptr<race> shared, tcp::endpoint to, deadline until)
{
    auto stream = std::make_shared<boost::beast::tcp_stream>(co_await net::this_coro::executor);
    shared->running.push_back(stream);
    stream->expires_at(until);
    auto [ec] = co_await stream->async_connect(to, nothrow);
    --shared->pending;
    if (ec)
        shared->note(failure_of_connect(ec, has_route(stream->get_executor(), to)));
    else if (!shared->winner) {
        stream->expires_never();
        shared->winner.emplace(stream->release_socket());
    }
    shared->news.cancel();
}

}  // namespace

std::optional<net::ip::address> address_literal(const std::string& host)
{
    error_code not_an_address;
    const auto address = net::ip::make_address(host.starts_with('[') ? host.substr(1, host.size() - 2) : host, not_an_address);
    return not_an_address ? std::nullopt : std::optional(address);
}

std::vector<net::ip::address> interleave(const std::vector<net::ip::address>& addresses, std::size_t most)
{
    std::vector<net::ip::address> v6, v4, out;
    for (const auto& a : addresses) (a.is_v6() ? v6 : v4).push_back(a);
    for (std::size_t i = 0; i < std::max(v6.size(), v4.size()) && out.size() < most; ++i) {
        if (i < v6.size()) out.push_back(v6[i]);
        if (i < v4.size() && out.size() < most) out.push_back(v4[i]);
    }
    return out;
}

net::awaitable<std::variant<tcp::socket, net_failure>> dial(std::vector<net::ip::address> addresses, std::uint16_t port,
                                                            deadline until)
{
    const auto executor = co_await net::this_coro::executor;
    auto shared = std::make_shared<race>(executor);
    const auto order = interleave(addresses);
    std::size_t next = 0;
    // An address whose turn comes after the deadline is not tried.
    const auto more = [&] { return next < order.size() && std::chrono::steady_clock::now() < until; };
    while (!shared->winner && (more() || shared->pending > 0)) {
        if (more()) {
            ++shared->pending;
            net::co_spawn(executor, attempt(shared, tcp::endpoint(order[next++], port), until), net::detached);
        }
        // Until an attempt ends, or the next address's turn comes.
        const bool wait_for_turn = more();
        if (wait_for_turn)
            shared->news.expires_after(head_start);
        else
            shared->news.expires_at(until + std::chrono::seconds(1));
        auto [ec] = co_await shared->news.async_wait(nothrow);
        if (!ec && !wait_for_turn) break;
    }
    for (auto& stream : shared->running) {
        error_code ignored;
        stream->socket().close(ignored);
    }
    if (shared->winner) co_return std::move(*shared->winner);
    if (shared->failure) co_return *shared->failure;
    co_return net_failure{data::reason::tcp_timeout, data::step::connect, "no answer within the limit", true};
}

}  // namespace rollcall::audit
