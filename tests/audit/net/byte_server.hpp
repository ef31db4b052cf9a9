// A server on a loopback port whose every connection is a script of bytes: for answers that are no good HTTP.
#pragma once

#include "tests/support/scripted_server.hpp"

#include <boost/asio/socket_base.hpp>

namespace rollcall::tests {

// What one connection does after the first bytes of a request came.
struct byte_script {
    std::vector<std::string> pieces;                        // written one after the other
    enum class ending { stays, closes, resets } end = ending::closes;
    bool before_the_request = false;                        // the same without waiting for a request
};

// Plays the scripts in turn, one a connection; the last one again and again. Outlives every run of its context.
class byte_server {
public:
    byte_server(net::io_context& context, std::vector<byte_script> scripts)
        : acceptor_(context, {net::ip::address_v4::loopback(), 0}), scripts_(std::move(scripts))
    {
        net::co_spawn(context, accept(), net::detached);
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::size_t connections() const { return peers_.size(); }

private:
    net::awaitable<void> accept()
    {
        for (;;) {
            auto [ec, peer] = co_await acceptor_.async_accept(nothrow);
            if (ec) co_return;
            peers_.push_back(std::make_shared<tcp::socket>(std::move(peer)));
            net::co_spawn(acceptor_.get_executor(), play(peers_.back(), scripts_[std::min(peers_.size(), scripts_.size()) - 1]), net::detached);
        }
    }

    static net::awaitable<void> play(std::shared_ptr<tcp::socket> peer, byte_script script)
    {
        std::array<char, 4096> request;
        if (!script.before_the_request) {
            auto [ec, n] = co_await peer->async_read_some(net::buffer(request), nothrow);
            if (ec) co_return;
        }
        for (const auto& piece : script.pieces) {
            auto [ec, n] = co_await net::async_write(*peer, net::buffer(piece), nothrow);
            if (ec) co_return;
        }
        boost::system::error_code ignored;
        if (script.end == byte_script::ending::resets) peer->set_option(net::socket_base::linger(true, 0), ignored);
        if (script.end != byte_script::ending::stays) peer->close(ignored);
    }

    tcp::acceptor acceptor_;
    std::vector<byte_script> scripts_;
    std::vector<std::shared_ptr<tcp::socket>> peers_;
};

}  // namespace rollcall::tests
