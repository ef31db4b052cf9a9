// From a listed text to its canonical URL, or to the class that excludes it; and the listed spelling in its parts.
#include "audit/url/parts.hpp"

#include <array>

namespace rollcall::audit {
namespace {

using namespace detail;

constexpr std::size_t longest_followed = 8192;  // of a redirect or an event stream's endpoint

url_result excluded(exclusion why)
{
    return {why, {}};
}

// One slash at the end says nothing; two are somebody's route.
void drop_trailing_slash(std::string& path)
{
    if (path.size() > 1 && path.back() == '/' && path[path.size() - 2] != '/') path.pop_back();
}

}  // namespace

std::string_view code_of(exclusion e) noexcept
{
    constexpr std::array<std::string_view, 14> codes{
        "none",     "url_missing",   "url_malformed",   "templated",       "scheme",
        "userinfo", "reserved_name", "private_address", "stdio_only",      "superseded",
        "deleted",  "delisted",      "opted_out",       "campaign_variant"};
    static_assert(static_cast<std::size_t>(exclusion::campaign_variant) + 1 == codes.size());
    return codes[static_cast<std::size_t>(e)];
}

url_result canonicalise(std::string_view listed, bool allow_private)
{
    const std::string_view text = trimmed(listed);
    if (text.empty()) return excluded(exclusion::url_missing);
    if (text.size() > longest_url || !is_clean(text)) return excluded(exclusion::url_malformed);
    if (is_template(text)) return excluded(exclusion::templated);

    const reference parts = parse_reference(text);
    canonical_url url;
    url.scheme = parts.scheme ? lower(*parts.scheme) : "";
    if (url.scheme != "http" && url.scheme != "https") return excluded(exclusion::scheme);
    if (!parts.authority) return excluded(exclusion::url_malformed);
    const authority_parts authority = parse_authority(*parts.authority);
    if (authority.userinfo) return excluded(exclusion::userinfo);
    const auto host = parse_host(authority.host);
    const auto port = parse_port(authority.port, url.scheme);
    if (!host || !port) return excluded(exclusion::url_malformed);
    url.host = host->text;
    url.port = *port;

    // Escapes first: "%2e%2e" is a dot segment too.
    url.target = without_dot_segments(normal_path(parts.path, true));
    drop_trailing_slash(url.target);
    const std::string query = parts.query ? without_campaign(normal_query(*parts.query, true)) : "";
    if (!query.empty()) url.target += '?' + query;
    url.text = origin_of(url) + url.target;
    // What escapes hid, or a lone brace that is one now; and escaping can make a text three times as long.
    if (is_template(url.text)) return excluded(exclusion::templated);
    if (url.text.size() > longest_url) return excluded(exclusion::url_malformed);

    exclusion why = exclusion::none;
    if (!allow_private) {
        if (host->kind == host_kind::name) {
            if (is_reserved_name(host->text)) why = exclusion::reserved_name;
        } else if (is_special_purpose(host->address.data(), host->kind == host_kind::ipv4 ? 4 : 16)) {
            why = exclusion::private_address;
        }
    }
    return {why, std::move(url)};
}

std::optional<canonical_url> split_url(std::string_view listed)
{
    const std::string_view text = trimmed(listed);
    if (text.size() > longest_followed || !is_clean(text)) return {};
    const reference parts = parse_reference(text);
    if (!parts.scheme || !parts.authority) return {};
    canonical_url url;
    url.scheme = lower(*parts.scheme);
    if (url.scheme != "http" && url.scheme != "https") return {};
    const authority_parts authority = parse_authority(*parts.authority);
    const auto host = authority.userinfo ? std::nullopt : parse_host(authority.host);
    const auto port = parse_port(authority.port, url.scheme);
    if (!host || !port) return {};
    url.host = host->text;
    url.port = *port;
    url.target = normal_path(without_dot_segments(parts.path), false);
    if (parts.query) url.target += '?' + normal_query(*parts.query, false);
    url.text = origin_of(url) + url.target;
    return url;
}

std::optional<canonical_url> resolve_reference(const canonical_url& base, std::string_view text)
{
    text = trimmed(text);
    if (text.size() > longest_followed || !is_clean(text)) return {};
    const reference r = parse_reference(text);
    if (r.scheme) return split_url(text);
    if (r.authority) return split_url(base.scheme + ":" + std::string(text));

    const std::size_t mark = base.target.find('?');
    const std::string base_path = base.target.substr(0, mark);
    std::string target;
    if (r.path.empty())
        target = r.query ? base_path : base.target;
    else if (r.path.starts_with('/'))
        target = r.path;
    else
        target = base_path.substr(0, base_path.rfind('/') + 1) + std::string(r.path);
    if (r.query) target += '?' + std::string(*r.query);
    if (!target.starts_with('/')) target.insert(0, 1, '/');
    return split_url(origin_of(base) + target);
}

}  // namespace rollcall::audit
