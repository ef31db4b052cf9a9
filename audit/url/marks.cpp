// What is worth counting about an address, and what of its query may be a secret.
#include "audit/url/parts.hpp"
#include "data/model/secret.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit {
namespace {

using namespace detail;

// Tunnels from a desk to the public network: the address lives as long as somebody's terminal.
constexpr std::array<std::string_view, 12> tunnels{
    "trycloudflare.com", "ngrok.io",   "ngrok.app",         "ngrok.dev", "ngrok-free.app", "ngrok-free.dev",
    "loca.lt",           "serveo.net", "devtunnels.ms",     "pinggy.link", "localhost.run", "lhr.life"};

// Names that anybody can spell for any address.
constexpr std::array<std::string_view, 4> address_names{"nip.io", "sslip.io", "xip.io", "traefik.me"};

constexpr std::array<url_mark_row, 10> rows{{
    {url_mark::tunnel, "tunnel", "through a tunnel"},
    {url_mark::query, "query", "with a query"},
    {url_mark::other_port, "other_port", "on another port"},
    {url_mark::root_path, "root_path", "at the root path"},
    {url_mark::names_address, "names_address", "with an address in the name"},
    {url_mark::tailnet, "tailnet", "in a tailnet"},
    {url_mark::punycode, "punycode", "with an internationalised name"},
    {url_mark::capitals_in_host, "capitals_in_host", "with capitals in the host"},
    {url_mark::secret_in_query, "secret_in_query", "with something like a token in the query"},
    {url_mark::plain_http, "plain_http", "without encryption"},
}};

template <std::size_t N>
bool is_below_any(std::string_view host, const std::array<std::string_view, N>& domains) noexcept
{
    for (const std::string_view domain : domains)
        if (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.')
            return true;
    return false;
}

bool has_capitals(std::string_view host) noexcept
{
    for (const char c : host)
        if (c >= 'A' && c <= 'Z') return true;
    return false;
}

// Parameters that may select a server and may only say where somebody came from.
bool may_be_campaign(std::string_view parameter) noexcept
{
    const std::string_view name = parameter.substr(0, parameter.find('='));
    for (const std::string_view known : {"ref", "src", "source", "via", "platform"})
        if (name == known) return true;
    return false;
}

}  // namespace

std::span<const url_mark_row> all_marks() noexcept
{
    return rows;
}

std::uint32_t marks_of(const canonical_url& url, std::string_view listed)
{
    std::uint32_t out = 0;
    const auto set = [&](url_mark m, bool there) { out |= there ? static_cast<std::uint32_t>(m) : 0u; };
    const std::size_t query = url.target.find('?');
    const auto authority = parse_reference(trimmed(listed)).authority;
    set(url_mark::tunnel, is_below_any(url.host, tunnels));
    set(url_mark::query, query != std::string::npos);
    set(url_mark::other_port, url.port != default_port(url.scheme));
    set(url_mark::root_path, url.target.substr(0, query) == "/");
    set(url_mark::names_address, is_below_any(url.host, address_names));
    set(url_mark::tailnet, is_below_any(url.host, std::array<std::string_view, 1>{"ts.net"}));
    set(url_mark::punycode, url.host.starts_with("xn--") || url.host.find(".xn--") != std::string::npos);
    set(url_mark::capitals_in_host, authority && has_capitals(parse_authority(*authority).host));
    set(url_mark::secret_in_query, data::shown_url(url.text) != url.text);
    set(url_mark::plain_http, url.scheme == "http");
    return out;
}

std::string campaign_key(std::string_view canonical)
{
    const std::size_t mark = canonical.find('?');
    std::string out(canonical.substr(0, mark));
    if (mark == std::string_view::npos) return out;
    char glue = '?';
    const std::string_view query = canonical.substr(mark + 1);
    for (std::size_t at = 0; at <= query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string_view parameter = query.substr(at, end - at);
        if (!may_be_campaign(parameter)) {
            out += glue;
            out += parameter;
            glue = '&';
        }
        at = end + 1;
    }
    return out;
}

}  // namespace rollcall::audit
