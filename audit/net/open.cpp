#include "audit/net/open.hpp"

#include "audit/net/dial.hpp"

#include <algorithm>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

}  // namespace

bool is_private(const net::ip::address& a)
{
    if (a.is_v4()) {
        const auto bytes = a.to_v4().to_bytes();
        return is_special_purpose(bytes.data(), bytes.size());
    }
    const auto bytes = a.to_v6().to_bytes();
    return is_special_purpose(bytes.data(), bytes.size());
}

net::awaitable<opened> open_link(way_out way, canonical_url to, deadline until)
{
    opened out{net_failure{data::reason::interrupted, data::step::resolve, {}}, {}, {}};
    auto mark = clock::now();
    const auto lap = [&](std::size_t i) {
        const auto now = clock::now();
        out.ms[i] = static_cast<std::uint32_t>(std::chrono::duration_cast<milliseconds>(now - std::exchange(mark, now)).count());
    };

    std::vector<net::ip::address> addresses;
    if (const auto literal = address_literal(to.host)) {
        addresses.push_back(*literal);
    } else {
        auto found = co_await way.dns.resolve(to.host);
        lap(0);
        if (found.error) {
            out.result = failure_of(found.error, data::step::resolve);
            co_return out;
        }
        addresses = std::move(found.addresses);
        out.facts.cname = std::move(found.cname);
    }
    if (way.public_only && std::erase_if(addresses, way.keeps_out) > 0 && addresses.empty()) {
        out.result = net_failure{data::reason::tcp_unreachable, data::step::connect,
                                 "the name leads to a private or reserved address only, which we do not contact"};
        co_return out;
    }

    const auto connect_until = std::min(until, clock::now() + way.connect);
    auto connected = co_await dial(std::move(addresses), to.port, connect_until);
    lap(1);
    if (auto* failure = std::get_if<net_failure>(&connected)) {
        out.result = std::move(*failure);
        co_return out;
    }
    auto& socket = std::get<net::ip::tcp::socket>(connected);
    boost::system::error_code ec;
    if (const auto peer = socket.remote_endpoint(ec); !ec) out.facts.address = peer.address().to_string();
    const bool secure = to.scheme == "https";
    const auto handshake_until = std::min(until, clock::now() + way.handshake);
    out.result = co_await make_link(std::move(socket), secure ? &way.tls : nullptr, to.host, out.facts, handshake_until);
    if (secure) lap(2);
    co_return out;
}

}  // namespace rollcall::audit
