// From a URL to a connection that can carry HTTP: name, guard, address, TLS. The one way out of this program.
#pragma once

#include "audit/net/address_gate.hpp"
#include "audit/net/egress.hpp"
#include "audit/net/link.hpp"
#include "audit/net/resolver.hpp"
#include "audit/url/url.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

namespace rollcall::audit {

// Loopback, private, link-local and the other blocks that are no place on the public network.
bool is_private(const boost::asio::ip::address& a);

struct way_out {
    resolver& dns;
    boost::asio::ssl::context& tls;
    std::chrono::milliseconds connect{5000}, handshake{5000};
    // Private and reserved addresses are not contacted, whatever a name says: the very address that was checked is
    // the one that is connected to. What is private is a seam: a test's public hosts are on loopback.
    bool public_only = true;
    bool (*keeps_out)(const boost::asio::ip::address&) = is_private;
    const egress* out = nullptr;  // of the region; null: direct
    address_gate::load load{};    // what the connection takes from its address
};

struct opened {
    std::variant<std::unique_ptr<link>, net_failure> result;
    data::path_facts facts;
    bool left_out_private = false;  // the name leads to private addresses beside public ones; only these are contacted
    std::array<std::optional<std::uint32_t>, 3> ms{};  // of resolve, connect, tls, as far as it came
    std::chrono::milliseconds held{0};                 // by our own limits, before the name and before the address: in none of the three
};

// The services of `way` must outlive the awaitable, its gate the link. No step goes beyond `until`, moved by what it was
// held.
boost::asio::awaitable<opened> open_link(way_out way, canonical_url to, deadline until);

}  // namespace rollcall::audit
