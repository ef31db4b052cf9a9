#include "audit/net/open.hpp"

#include "audit/net/dial.hpp"
#include "audit/net/placed_link.hpp"
#include "audit/net/watched_link.hpp"

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
    opened out{net_failure{data::reason::interrupted, data::step::resolve, {}}, {}};
    auto mark = clock::now();
    const auto lap = [&](std::size_t i) {
        const auto now = clock::now();
        out.ms[i] = static_cast<std::uint32_t>(std::chrono::duration_cast<milliseconds>(now - std::exchange(mark, now)).count());
    };

    // What our own limits cost is nobody's time.
    const auto hold = [&](milliseconds time) {
        out.held += time;
        mark += time;
        if (until != deadline::max()) until += time;
    };

    const auto* proxy = way.out && way.out->proxied() ? way.out : nullptr;
    std::vector<net::ip::address> addresses;
    bool names_there = false;                      // the proxy looks the name up
    std::optional<net_failure> unknown_here;       // our own resolver is sure that there is no such name
    if (const auto literal = address_literal(to.host)) {
        addresses.push_back(*literal);
    } else {
        names_there = proxy && proxy->names_there;
        auto found = co_await way.dns.resolve(to.host, until);
        hold(found.held);
        if (!names_there) lap(0);
        else mark = clock::now();  // our own resolver's time is no part of that region's
        if (found.error) {
            auto failure = failure_of(found.error, data::step::resolve);
            if (!names_there) {
                out.result = std::move(failure);
                co_return out;
            }
            if (failure.why == data::reason::dns_nxdomain || failure.why == data::reason::dns_nodata) unknown_here = std::move(failure);
        }
        addresses = std::move(found.addresses);
        out.facts.cname = std::move(found.cname);
    }
    if (way.public_only && std::erase_if(addresses, way.keeps_out) > 0) {
        if (addresses.empty()) {
            out.result = net_failure{data::reason::dns_private, data::step::connect,
                                     address_literal(to.host) ? "the address is private or reserved, which we do not contact"
                                                              : "the name leads to a private or reserved address only, which we do not contact"};
            co_return out;
        }
        out.left_out_private = true;
        // Which of the addresses would the proxy choose? It is given those that were checked.
        names_there = false;
    }

    std::optional<address_gate::place> place;
    if (way.out && way.out->gate && !addresses.empty()) {
        const auto came = clock::now();
        place = co_await way.out->gate->enter(first_choice(interleave(addresses)), way.load);
        hold(std::chrono::duration_cast<milliseconds>(clock::now() - came));
        if (!place) {
            out.result = net_failure{data::reason::interrupted, data::step::connect, "we were told to stop"};
            co_return out;
        }
    }

    std::optional<net::ip::tcp::socket> socket;
    if (proxy) {
        std::vector<tunnel_target> targets;
        if (names_there) targets.push_back({to.host, to.port});
        else for (const auto& address : interleave(addresses)) targets.push_back({address, to.port});
        auto made = co_await dial_through(*proxy, std::move(targets), way.connect, until, way.dns);
        lap(1);
        const auto before = static_cast<std::uint32_t>(made.before.count());
        out.ms[1] = *out.ms[1] - std::min(*out.ms[1], before);
        if (auto* failure = std::get_if<net_failure>(&made.result)) {
            // Two that know nothing of a name are evidence; each alone may be broken.
            const bool confirmed = unknown_here && names_there && made.refused && failure->why == data::reason::proxy_failed;
            out.result = std::move(confirmed ? *unknown_here : *failure);
            co_return out;
        }
        if (made.address) out.facts.address = made.address->to_string();
        socket = std::get<net::ip::tcp::socket>(std::move(made.result));
    } else {
        const auto connect_until = std::min(until, clock::now() + way.connect);
        auto connected = co_await dial(std::move(addresses), to.port, connect_until, way.out ? way.out->source : std::nullopt);
        lap(1);
        if (auto* failure = std::get_if<net_failure>(&connected)) {
            out.result = std::move(*failure);
            co_return out;
        }
        socket = std::get<net::ip::tcp::socket>(std::move(connected));
        boost::system::error_code ec;
        if (const auto peer = socket->remote_endpoint(ec); !ec) out.facts.address = peer.address().to_string();
    }
    const bool secure = to.scheme == "https";
    const auto handshake_until = std::min(until, clock::now() + way.handshake);
    out.result = co_await make_link(std::move(*socket), secure ? &way.tls : nullptr, to.host, out.facts, handshake_until);
    if (secure) lap(2);
    if (auto* good = std::get_if<std::unique_ptr<link>>(&out.result); good && place) *good = std::make_unique<placed_link>(std::move(*good), std::move(*place));
    if (!proxy) co_return out;
    if (auto* failure = std::get_if<net_failure>(&out.result)) co_await doubt(*failure, *proxy, way.connect, way.dns);
    else out.result = watch(std::get<std::unique_ptr<link>>(std::move(out.result)), *proxy, way.connect, way.dns);
    co_return out;
}

}  // namespace rollcall::audit
