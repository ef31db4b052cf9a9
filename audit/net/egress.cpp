#include "audit/net/egress.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/net/dial.hpp"
#include "data/config/config.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <ifaddrs.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using boost::system::error_code;

// Where a fault stands. What a variable holds is never part of a message.
struct spot {
    std::string file, pointer;
    [[noreturn]] void fail(const char* key, const std::string& problem) const { throw data::config_error(file + ": " + pointer + "/" + key + ": " + problem); }
};

// --- source addresses

bool is_here(const net::ip::address& address)
{
    net::io_context context{1};
    net::ip::udp::socket question(context);
    error_code ec;
    question.open(address.is_v6() ? net::ip::udp::v6() : net::ip::udp::v4(), ec);
    if (!ec) question.bind({address, 0}, ec);
    return !ec;
}

std::string own_addresses()
{
    constexpr std::size_t most = 12;
    ifaddrs* all = nullptr;
    if (getifaddrs(&all) != 0) return "an address of this machine";
    std::vector<std::string> found;
    for (const auto* one = all; one && found.size() < most; one = one->ifa_next) {
        if (!one->ifa_addr) continue;
        std::optional<net::ip::address> address;
        if (one->ifa_addr->sa_family == AF_INET)
            address = net::ip::address_v4(ntohl(reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr.s_addr));
        if (one->ifa_addr->sa_family == AF_INET6) {
            net::ip::address_v6::bytes_type bytes;
            std::copy_n(reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr.s6_addr, bytes.size(), bytes.begin());
            address = net::ip::address_v6(bytes);
        }
        if (address && !(address->is_v6() && address->to_v6().is_link_local())) found.push_back(address->to_string());
    }
    freeifaddrs(all);
    std::string out;
    for (const auto& address : found) out += (out.empty() ? "" : ", ") + address;
    return "an address of this machine (" + out + ")";
}

net::ip::address source_of(const data::region_source& region, const spot& at)
{
    error_code ec;
    const auto address = net::ip::make_address(region.bind_address, ec);
    if (ec || address.is_unspecified() || address.is_multicast()) at.fail("bind_address", "\"" + region.bind_address + "\", expected the address to send from");
    if (!is_here(address)) at.fail("bind_address", "\"" + region.bind_address + "\", expected " + own_addresses());
    return address;
}

// --- proxies

std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned value = 0;
        if (i + 2 >= text.size()) return std::nullopt;
        const auto [end, ec] = std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
        if (ec != std::errc() || end != text.data() + i + 3) return std::nullopt;
        out += static_cast<char>(value);
        i += 2;
    }
    return out;
}

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

struct proxy_url { std::string scheme, host, user, password; std::uint16_t port = 0; };

// scheme://[user:password@]host:port[/]
std::optional<proxy_url> split_proxy_url(std::string_view text)
{
    proxy_url out;
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || has_control(text)) return std::nullopt;
    out.scheme = lower(text.substr(0, colon));
    text.remove_prefix(colon + 3);
    if (text.ends_with('/')) text.remove_suffix(1);
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        const auto who = text.substr(0, at);
        text.remove_prefix(at + 1);
        const auto split = std::min(who.find(':'), who.size());
        auto user = percent_decoded(who.substr(0, split)), password = percent_decoded(who.substr(std::min(who.size(), split + 1)));
        if (!user || !password || user->empty() || has_control(*user) || has_control(*password)) return std::nullopt;
        out.user = std::move(*user);
        out.password = std::move(*password);
    }
    const auto last = text.rfind(':');
    if (last == std::string_view::npos || text.find_first_of("/?# ") != std::string_view::npos) return std::nullopt;
    const auto port = text.substr(last + 1);
    const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (ec != std::errc() || end != port.data() + port.size() || out.port == 0) return std::nullopt;
    out.host = std::string(text.substr(0, last));
    const bool bracketed = out.host.starts_with('[') && out.host.ends_with(']');
    if (out.host.empty() || out.host.size() > 253 || bracketed != (out.host.find(':') != std::string::npos)) return std::nullopt;
    if (bracketed && !address_literal(out.host)) return std::nullopt;
    return out;
}

void read_proxy(egress& out, const data::region_source& region, const spot& at, const environment& look_up)
{
    const bool socks = out.kind == egress_kind::socks5;
    const std::string form = socks ? "socks5://user:password@host:port" : "http://user:password@host:port";
    const char* value = look_up(region.proxy_env);
    if (!value || !*value) at.fail("proxy_env", region.proxy_env + " is not set, expected the proxy's URL in it: " + form);
    const auto url = split_proxy_url(value);
    if (!url) at.fail("proxy_env", region.proxy_env + " holds no proxy's URL, expected " + form);
    const bool right = socks ? url->scheme == "socks5" || url->scheme == "socks5h" : url->scheme == "http";
    if (!right) {
        constexpr std::array<std::string_view, 7> known{"http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"};
        const bool harmless = std::ranges::find(known, url->scheme) != known.end();
        at.fail("proxy_env", region.proxy_env + " holds " + (harmless ? (url->scheme.starts_with("http") ? "an " : "a ") + url->scheme + ":// URL" : "a URL of another kind") + ", expected " + form + ", since egress is \"" + region.egress + "\"");
    }
    if (socks && url->scheme == "socks5h" && region.names == "here")
        at.fail("names", "\"here\", expected \"proxy\" or no such key, since " + region.proxy_env + " holds a socks5h:// URL: the proxy looks names up");
    // RFC 1929 counts each in one byte, from 1; in RFC 7617 a colon ends the user.
    if (socks && !url->user.empty() && (url->user.size() > 255 || url->password.size() > 255 || url->password.empty()))
        at.fail("proxy_env", region.proxy_env + ": expected a user and a password of 1 to 255 bytes each");
    if (!socks && url->user.find(':') != std::string::npos) at.fail("proxy_env", region.proxy_env + ": expected a user without a colon");
    out.host = url->host;
    out.port = url->port;
    out.user = url->user;
    out.password = url->password;
    out.names_there = region.names == "proxy" || url->scheme == "socks5h";
    out.record = std::make_shared<proxy_record>();
}

}  // namespace

std::string_view code_of(egress_kind k) noexcept
{
    constexpr std::array<std::string_view, 4> codes{"direct", "bind", "socks5", "http-connect"};
    return codes[static_cast<std::size_t>(k)];
}

const char* process_environment(const std::string& name) { return std::getenv(name.c_str()); }

egress egress_of(const data::region_source& region, const std::string& file, const environment& look_up)
{
    const spot at{file, region.pointer};
    egress out;
    if (region.egress == "direct") return out;
    if (region.egress == "bind") {
        out.kind = egress_kind::bind;
        out.source = source_of(region, at);
    } else if (region.egress == "socks5" || region.egress == "http-connect") {
        out.kind = region.egress == "socks5" ? egress_kind::socks5 : egress_kind::http_connect;
        read_proxy(out, region, at, look_up);
    } else {
        at.fail("egress", "\"" + region.egress.substr(0, 80) + "\", expected one of direct, bind, socks5, http-connect");
    }
    return out;
}

}  // namespace rollcall::audit
