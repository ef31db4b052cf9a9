#include "audit/incident/key.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace rollcall::audit::incident {
namespace {

constexpr std::size_t longest_signature = 120, longest_slug = 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A word that is a host, an address, an id or a number, rather than one that describes.
bool differs_by_server(std::string_view word)
{
    const auto inner_dot = word.find('.');
    const bool dotted = inner_dot != std::string_view::npos && inner_dot > 0 && inner_dot + 1 < word.size();
    const auto digits = std::ranges::count_if(word, is_digit);
    return dotted || digits > 3 || word.find("://") != std::string_view::npos || word.size() > 40;
}

}  // namespace

family family_of(data::reason why) noexcept
{
    using r = data::reason;
    switch (why) {
        case r::host_reaped: return family::platform_page;
        case r::http_5xx: return family::server_error;
        case r::http_hang:
        case r::http_garbage:
        case r::http2_only:
        case r::mcp_timeout: return family::connection;
        case r::http_404:
        case r::http_405:
        case r::http_410:
        case r::http_4xx:
        case r::html:
        case r::host_rejected:
        case r::redirect_method:
        case r::redirect_off_site:
        case r::redirect_loop: return family::route;
        default: break;
    }
    if (why >= r::dns_nxdomain && why <= r::dns_timeout) return family::name;
    if (why >= r::tcp_refused && why <= r::tcp_reset) return family::connection;
    if (why >= r::tls_expired && why <= r::tls_handshake) return family::certificate;
    return family::content;
}

std::string network_of(std::string_view address)
{
    const std::string text(address);
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    bool four = inet_pton(AF_INET, text.c_str(), bytes.data()) == 1;
    if (!four) {
        if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return {};
        if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
            std::copy(bytes.begin() + 12, bytes.end(), bytes.begin());
            four = true;
        }
    }
    std::fill(bytes.begin() + (four ? 3 : 6), bytes.end(), static_cast<unsigned char>(0));
    inet_ntop(four ? AF_INET : AF_INET6, bytes.data(), out.data(), static_cast<socklen_t>(out.size()));
    return std::string(out.data()) + (four ? "/24" : "/48");
}

std::string signature_of(data::reason why, unsigned http_status, std::string_view detail)
{
    std::string out(data::code_of(why));
    if (http_status != 0) out += " " + std::to_string(http_status);
    while (!detail.empty()) {
        const auto end = std::min(detail.find(' '), detail.size());
        const auto word = detail.substr(0, end);
        detail.remove_prefix(std::min(end + 1, detail.size()));
        if (word.empty()) continue;
        out += ' ';
        if (differs_by_server(word))
            out += '*';
        else
            for (const char c : word) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (out.size() > longest_signature) break;
    }
    if (out.size() > longest_signature) out.resize(longest_signature);
    return out;
}

std::string slug_of(const key& k)
{
    std::string out;
    switch (k.kind) {
        case data::common_key::network: out = "net-"; break;
        case data::common_key::issuer: out = "issuer-"; break;
        case data::common_key::cname: out = "cname-"; break;
        case data::common_key::error: out = "error-"; break;
        case data::common_key::everything: return "everything";
        case data::common_key::platform:
        case data::common_key::none: break;
    }
    for (const char c : k.text) {
        if (out.size() == longest_slug) break;
        if (is_digit(c) || is_letter(c))
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    while (out.ends_with('-')) out.pop_back();
    return out.empty() ? "unnamed" : out;
}

}  // namespace rollcall::audit::incident
