// A server on a loopback port that plays a script, on the test's own io_context: no threads, no sleeping, no
// ports to agree on. It must outlive every run of its context.
#pragma once

#include "audit/net/nothrow.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::tests {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using audit::nothrow;

template <class T>
net::awaitable<void> keep_result(net::awaitable<T> work, std::optional<T>& into)
{
    into.emplace(co_await std::move(work));
}

// Runs until the coroutine is done, whatever else is still pending.
template <class T>
T run(net::io_context& context, net::awaitable<T> work)
{
    std::optional<T> result;
    std::exception_ptr failure;
    net::co_spawn(context, keep_result(std::move(work), result), [&](std::exception_ptr e) {
        failure = e;
        context.stop();
    });
    context.restart();
    context.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

class scripted_server {
public:
    // For each request on a connection, in turn, over all connections: the bytes to answer. Empty: close without
    // an answer. After the last one the server stays silent.
    scripted_server(net::io_context& context, std::vector<std::string> answers)
        : context_(context), acceptor_(context, {net::ip::address_v4::loopback(), 0}), answers_(std::move(answers))
    {
        net::co_spawn(context_, accept(), net::detached);
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    const std::vector<std::string>& requests() const { return requests_; }
    std::size_t connections() const { return connections_; }

private:
    net::awaitable<void> accept()
    {
        for (;;) {
            auto [ec, peer] = co_await acceptor_.async_accept(nothrow);
            if (ec) co_return;
            ++connections_;
            net::co_spawn(context_, serve(std::move(peer)), net::detached);
        }
    }

    net::awaitable<void> serve(tcp::socket peer)
    {
        for (;;) {
            std::string request;
            auto [ec, n] = co_await net::async_read_until(peer, net::dynamic_buffer(request), "\r\n\r\n", nothrow);
            if (ec) co_return;
            requests_.push_back(request);
            if (next_ >= answers_.size()) {
                net::steady_timer forever(peer.get_executor(), std::chrono::hours(1));
                co_await forever.async_wait(nothrow);
            }
            const auto& answer = answers_[next_++];
            if (answer.empty()) co_return;
            auto [write_ec, m] = co_await net::async_write(peer, net::buffer(answer), nothrow);
            if (write_ec || answer.find("Connection: close") != std::string::npos) co_return;
        }
    }

    net::io_context& context_;
    tcp::acceptor acceptor_;
    std::vector<std::string> answers_, requests_;
    std::size_t next_ = 0, connections_ = 0;
};

}  // namespace rollcall::tests
