#include "audit/net/dial.hpp"

#include "audit/net/resolver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using net::ip::tcp;
using boost::system::error_code;

// Through a proxy each step takes longer, and a second attempt is one more that the server sees.
constexpr std::chrono::milliseconds head_start{250}, head_start_through_proxy{1000};

// What the attempts of one dial share; they may outlive it by a moment.
struct race {
    explicit race(const net::any_io_executor& executor) : news(executor) {}
    net::steady_timer news;  // cancelled when an attempt ends
    std::vector<std::shared_ptr<boost::beast::tcp_stream>> running;
    std::optional<tcp::socket> winner;
    std::optional<net_failure> failure;
    std::size_t pending = 0;
    bool untried = false;                 // the deadline came before the turn of the last address
    std::chrono::milliseconds before{0};  // spent on a proxy
    bool refused = false;                 // the proxy said no to a target
    std::optional<net::ip::address> address;  // of the winner, through a proxy

    void note(const net_failure& f)
    {
        // A word about the server outweighs one about ourselves.
        const bool ours = !data::is_valid(data::class_of(f.why));
        if (!failure || !ours) failure = f;
    }
};

using source_address = std::optional<net::ip::address>;

// Does the kernel know a way to that address? Connecting a datagram socket asks it and sends nothing.
bool has_route(const net::any_io_executor& executor, const tcp::endpoint& to, const source_address& source)
{
    net::ip::udp::socket question(executor);
    error_code ec;
    question.open(to.address().is_v6() ? net::ip::udp::v6() : net::ip::udp::v4(), ec);
    if (!ec && source) question.bind({*source, 0}, ec);
    if (!ec) question.connect({to.address(), to.port()}, ec);
    return ec != net::error::network_unreachable && ec != net::error::host_unreachable && ec != net::error::address_family_not_supported;
}

// The port is chosen with the address of the server, or 28,000 connections would be all that one source can have.
error_code leave_from(tcp::socket& socket, const net::ip::address& source)
{
    error_code ec;
    socket.open(source.is_v6() ? tcp::v6() : tcp::v4(), ec);
    const int yes = 1;
    if (!ec) setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (!ec) socket.bind({source, 0}, ec);
    return ec;
}

net::awaitable<void> attempt(std::shared_ptr<race> shared, tcp::endpoint to, source_address source, deadline until)
{
    auto stream = std::make_shared<boost::beast::tcp_stream>(co_await net::this_coro::executor);
    shared->running.push_back(stream);
    stream->expires_at(until);
    error_code ec;
    if (source) ec = leave_from(stream->socket(), *source);
    if (!ec) {
        auto [failed] = co_await stream->async_connect(to, nothrow);
        ec = failed;
    }
    --shared->pending;
    if (ec)
        shared->note(failure_of_connect(ec, has_route(stream->get_executor(), to, source)));
    else if (!shared->winner) {
        stream->expires_never();
        shared->winner.emplace(stream->release_socket());
    }
    shared->news.cancel();
}

// --- through a proxy

net_failure proxys_fault(std::string detail) { return {data::reason::proxy_failed, data::step::connect, std::move(detail)}; }

net::awaitable<std::variant<std::vector<tcp::endpoint>, net_failure>> find_proxy(const egress& out, resolver& dns)
{
    std::vector<tcp::endpoint> found;
    if (const auto literal = address_literal(out.host)) {
        found.emplace_back(*literal, out.port);
        co_return found;
    }
    const auto answer = co_await dns.resolve(out.host);
    if (answer.error) co_return proxys_fault("our proxy's own name was not found");
    for (const auto& address : answer.addresses)
        if (found.size() < 4) found.emplace_back(address, out.port);
    co_return found;
}

net::awaitable<std::optional<net_failure>> reach_proxy(boost::beast::tcp_stream& stream, const std::vector<tcp::endpoint>& proxy, deadline until)
{
    error_code last;
    for (const auto& endpoint : proxy) {
        stream.close();
        stream.expires_at(until);
        auto [ec] = co_await stream.async_connect(endpoint, nothrow);
        if (!ec) co_return std::nullopt;
        last = ec;
    }
    auto failure = failure_of(last, data::step::connect);
    if (data::is_valid(data::class_of(failure.why))) failure = proxys_fault(failure.timed_out ? "our proxy did not answer" : "our proxy refused the connection");
    co_return failure;
}

struct conversation_end {
    std::optional<net_failure> failure;
    bool ready = false;                                // it let us in
    std::chrono::steady_clock::time_point ready_at{};
};

// Talks until the tunnel is open, or, with `only_in`, until the proxy has let us in. Reads not a byte of the server's.
net::awaitable<conversation_end> talk_to(boost::beast::tcp_stream& stream, tunnel_talk& talk, bool asks_first, bool only_in, std::chrono::milliseconds limit, deadline until)
{
    using clock = std::chrono::steady_clock;
    conversation_end end;
    std::string to_say = talk.begin();
    for (;;) {
        if (!end.ready && (asks_first || talk.asked())) {
            end.ready = true;
            end.ready_at = clock::now();
            if (only_in) co_return end;
        }
        stream.expires_at(std::min(until, (end.ready ? end.ready_at : clock::now()) + limit));
        if (!to_say.empty()) {
            auto [ec, sent] = co_await net::async_write(stream, net::buffer(to_say), nothrow);
            if (ec) {
                end.failure = proxys_fault("our proxy hung up");
                co_return end;
            }
            to_say.clear();
        }
        // Waits for one byte, and takes what came with it as far as it is the proxy's.
        std::string bytes(1, '\0');
        auto [ec, got] = co_await stream.async_read_some(net::buffer(bytes), nothrow);
        if (ec) {
            end.failure = proxys_fault(ec == boost::beast::error::timeout ? "our proxy did not answer" : "our proxy hung up");
            end.failure->timed_out = ec == boost::beast::error::timeout;
            co_return end;
        }
        std::size_t used = 0;
        auto said = talk.feed(bytes, used);
        if (std::holds_alternative<tunnel_talk::more>(said)) {
            error_code peek_ec;
            bytes.resize(std::min<std::size_t>(stream.socket().available(peek_ec), 16 * 1024));
            if (!bytes.empty() && !peek_ec) {
                const auto there = stream.socket().receive(net::buffer(bytes), net::socket_base::message_peek, peek_ec);
                bytes.resize(peek_ec ? 0 : there);
                said = talk.feed(bytes, used);
                bytes.resize(used);
                if (used > 0) net::read(stream.socket(), net::buffer(bytes), peek_ec);
            }
        }
        if (auto* failure = std::get_if<net_failure>(&said)) {
            end.failure = std::move(*failure);
            co_return end;
        }
        if (std::holds_alternative<tunnel_talk::open>(said)) co_return end;
        if (auto* say = std::get_if<tunnel_talk::say>(&said)) to_say = std::move(say->bytes);
    }
}

net::awaitable<void> attempt_through(std::shared_ptr<race> shared, const egress& out, std::vector<tcp::endpoint> proxy, tunnel_target to,
                                     std::chrono::milliseconds limit, deadline until)
{
    const auto begun = std::chrono::steady_clock::now();
    auto stream = std::make_shared<boost::beast::tcp_stream>(co_await net::this_coro::executor);
    shared->running.push_back(stream);
    const bool by_name = to.by_name();
    const auto* address = std::get_if<net::ip::address>(&to.host);
    const auto chosen = address ? std::optional(*address) : std::nullopt;
    auto failure = co_await reach_proxy(*stream, proxy, std::min(until, begun + limit));
    if (!failure) {
        const auto talk = make_talk(out, std::move(to));
        auto end = co_await talk_to(*stream, *talk, out.kind == egress_kind::http_connect, false, limit, until);
        failure = std::move(end.failure);
        const auto inside = end.ready ? end.ready_at : std::chrono::steady_clock::now();
        shared->before = std::max(shared->before, std::chrono::duration_cast<std::chrono::milliseconds>(inside - begun));
        // Silent for us, while it connected others: then it is the server that does not answer. Of a name it may be the
        // proxy's resolver, and a request that was not known to be read may have waited in a queue.
        if (failure && failure->timed_out && failure->why == data::reason::proxy_failed && talk->asked() && !by_name && out.record && out.record->served > end.ready_at) {
            failure->why = data::reason::tcp_timeout;
            failure->detail = "no answer within the limit, through our proxy";
        }
        shared->refused |= talk->refused();
        if (!failure && out.record) out.record->served = std::chrono::steady_clock::now();
    }
    --shared->pending;
    if (failure)
        shared->note(*failure);
    else if (!shared->winner) {
        stream->expires_never();
        shared->winner.emplace(stream->release_socket());
        shared->address = chosen;
    }
    shared->news.cancel();
}

// Begins an attempt when its turn comes or the one before has failed, until one has won or all have failed.
template <class Begin>
net::awaitable<bool> run_race(std::shared_ptr<race> shared, std::size_t count, Begin begin, std::chrono::milliseconds turn, deadline until)
{
    std::size_t next = 0;
    // An address whose turn comes after the deadline is not tried.
    const auto more = [&] { return next < count && std::chrono::steady_clock::now() < until; };
    while (!shared->winner && (more() || shared->pending > 0)) {
        if (more()) {
            ++shared->pending;
            begin(next++);
        }
        // Until an attempt ends, or the next address's turn comes.
        const bool wait_for_turn = more();
        if (wait_for_turn)
            shared->news.expires_after(turn);
        else
            shared->news.expires_at(until + std::chrono::seconds(1));
        auto [ec] = co_await shared->news.async_wait(nothrow);
        if (!ec && !wait_for_turn) break;
    }
    shared->untried = next < count;
    for (auto& stream : shared->running) {
        error_code ignored;
        stream->socket().close(ignored);
    }
    co_return shared->winner.has_value();
}

std::variant<tcp::socket, net_failure> outcome_of(race& shared, bool through_proxy)
{
    if (shared.winner) return std::move(*shared.winner);
    // That some addresses refused says nothing of the server while another was never asked. Refusals are quick: it was
    // we who were slow.
    if (shared.untried && shared.failure && !shared.failure->timed_out) return net_failure{data::reason::interrupted, data::step::connect, "not every address could be tried within the limit", true};
    if (shared.failure) return *shared.failure;
    if (through_proxy) return proxys_fault("our proxy did not answer");
    return net_failure{data::reason::tcp_timeout, data::step::connect, "no answer within the limit", true};
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
                                                            deadline until, std::optional<net::ip::address> source)
{
    const auto executor = co_await net::this_coro::executor;
    if (source && std::erase_if(addresses, [&](const auto& a) { return a.is_v6() != source->is_v6(); }) > 0 && addresses.empty())
        co_return net_failure{data::reason::region_down, data::step::connect, source->is_v6() ? "no route from here: this region has no IPv4" : "no route from here: this region has no IPv6"};
    auto shared = std::make_shared<race>(executor);
    const auto order = interleave(addresses);
    const auto begin = [&](std::size_t i) { net::co_spawn(executor, attempt(shared, tcp::endpoint(order[i], port), source, until), net::detached); };
    co_await run_race(shared, order.size(), begin, head_start, until);
    co_return outcome_of(*shared, false);
}

net::awaitable<tunnelled> dial_through(const egress& out, std::vector<tunnel_target> targets, std::chrono::milliseconds limit, deadline until, resolver& dns)
{
    const auto begun = std::chrono::steady_clock::now();
    const auto executor = co_await net::this_coro::executor;
    auto found = co_await find_proxy(out, dns);
    if (auto* failure = std::get_if<net_failure>(&found)) co_return tunnelled{std::move(*failure), {}, false, {}};
    const auto& proxy = std::get<std::vector<tcp::endpoint>>(found);
    const auto looked_up = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    const auto last = std::min(until, std::chrono::steady_clock::now() + 2 * limit);
    auto shared = std::make_shared<race>(executor);
    const auto begin = [&](std::size_t i) { net::co_spawn(executor, attempt_through(shared, out, proxy, targets[i], limit, last), net::detached); };
    co_await run_race(shared, targets.size(), begin, head_start_through_proxy, last);
    const auto before = looked_up + shared->before;
    co_return tunnelled{outcome_of(*shared, true), before, shared->refused, shared->address};
}

net::awaitable<bool> proxy_lives(const egress& out, std::chrono::milliseconds limit, resolver& dns)
{
    const auto until = std::chrono::steady_clock::now() + limit;
    auto found = co_await find_proxy(out, dns);
    const auto* proxy = std::get_if<std::vector<tcp::endpoint>>(&found);
    if (!proxy) co_return false;
    boost::beast::tcp_stream stream(co_await net::this_coro::executor);
    if (co_await reach_proxy(stream, *proxy, until)) co_return false;
    if (out.kind == egress_kind::http_connect) co_return true;  // what comes next would be a request
    const auto talk = make_talk(out, {net::ip::address(net::ip::address_v4::loopback()), 1});
    const auto end = co_await talk_to(stream, *talk, false, true, limit, until);
    co_return !end.failure;
}

}  // namespace rollcall::audit
