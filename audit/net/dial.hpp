// From a list of addresses to one connection: both families, 250 ms apart, first to stand wins (RFC 8305).
#pragma once

#include "audit/net/failure.hpp"
#include "audit/net/nothrow.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rollcall::audit {

// The address that a URL's host spells, IPv6 in brackets; empty if it is a name.
std::optional<boost::asio::ip::address> address_literal(const std::string& host);

// The order in which to try: families interleaved, IPv6 first, at most `most` addresses. Clients try all that a
// name has; more than these are no more likely to answer.
std::vector<boost::asio::ip::address> interleave(const std::vector<boost::asio::ip::address>& addresses, std::size_t most = 16);

// Connects to the first address that answers before the deadline. The failure is that of the last address that
// says something about the server; that this machine has no IPv6 is no such thing.
boost::asio::awaitable<std::variant<boost::asio::ip::tcp::socket, net_failure>> dial(
    std::vector<boost::asio::ip::address> addresses, std::uint16_t port, deadline until);

}  // namespace rollcall::audit
