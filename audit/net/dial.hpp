// From a list of addresses to one connection: both families, 250 ms apart, first to stand wins (RFC 8305).
#pragma once

#include "audit/net/egress.hpp"
#include "audit/net/failure.hpp"
#include "audit/net/nothrow.hpp"
#include "audit/net/tunnel.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rollcall::audit {

class resolver;

// The address that a URL's host spells, IPv6 in brackets; empty if it is a name.
std::optional<boost::asio::ip::address> address_literal(const std::string& host);

// The order in which to try: families interleaved, IPv6 first, at most `most` addresses. Clients try all that a
// name has; more than these are no more likely to answer.
std::vector<boost::asio::ip::address> interleave(const std::vector<boost::asio::ip::address>& addresses, std::size_t most = 16);

// Connects to the first address that answers before the deadline, from `source` if one is given. The failure is that of
// the last address that says something about the server; that this machine has no IPv6 is no such thing, and
// refusals are none while another address was never tried (`interrupted`).
boost::asio::awaitable<std::variant<boost::asio::ip::tcp::socket, net_failure>> dial(
    std::vector<boost::asio::ip::address> addresses, std::uint16_t port, deadline until,
    std::optional<boost::asio::ip::address> source = {});

struct tunnelled {
    std::variant<boost::asio::ip::tcp::socket, net_failure> result;
    std::chrono::milliseconds before{0};  // spent on the way to the proxy and into it: no part of the server's time
    bool refused = false;                 // the proxy let us in, and said no to a target
    std::optional<boost::asio::ip::address> address;  // that was connected to; empty where the proxy was given a name
};

// The same through a proxy: the first of the targets that it connects us to, a second apart. The proxy has `limit` to let us
// in, and the server as much again; nothing goes beyond `until`. `out` and `dns`, which looks up the proxy, must outlive
// the awaitable. A silent server is told from a silent proxy by what the proxy did for others meanwhile.
boost::asio::awaitable<tunnelled> dial_through(const egress& out, std::vector<tunnel_target> targets, std::chrono::milliseconds limit,
                                               deadline until, resolver& dns);

// Does the proxy still take connections, and take us in? Asked when a connection through it broke.
boost::asio::awaitable<bool> proxy_lives(const egress& out, std::chrono::milliseconds limit, resolver& dns);

}  // namespace rollcall::audit
