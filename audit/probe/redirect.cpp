#include "audit/probe/redirect.hpp"

#include "audit/classify/ascii.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit {
namespace {

using data::reason;

std::string shown(const canonical_url& url)
{
    const auto query = url.target.find('?');
    return url.scheme + "://" + authority(url) + url.target.substr(0, query);
}

bool differ_by_slash(const canonical_url& a, const canonical_url& b)
{
    const auto path = [](const canonical_url& u) {
        auto p = u.target.substr(0, u.target.find('?'));
        if (p.ends_with('/')) p.pop_back();
        return p;
    };
    return a.host == b.host && path(a) == path(b);
}

}  // namespace

bool is_login_path(std::string_view target)
{
    static constexpr std::array words{"login", "signin", "sign-in", "sign_in", "oauth", "oauth2", "authorize", "sso", "auth"};
    const auto path = lower(target.substr(0, target.find_first_of("?#")));
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const auto segment = std::string_view(path).substr(at, end - at);
        if (std::ranges::find(words, segment) != words.end()) return true;
        at = end + 1;
    }
    return false;
}

std::optional<std::variant<follow, finding>> read_redirect(unsigned status, std::string_view location,
                                                           const canonical_url& from, unsigned hops, unsigned most)
{
    if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) return std::nullopt;
    if (location.empty()) return std::nullopt;
    const auto target = resolve_reference(from, location);
    if (!target) return std::nullopt;

    if (hops >= most) return finding{reason::redirect_loop, "still redirecting after " + std::to_string(most) + " steps"};
    const bool same_site = site_of(from.host) == site_of(target->host);
    if (is_login_path(target->target) && !is_login_path(from.target))
        return finding{reason::auth_redirect, "redirects to " + shown(*target)};
    if (from.scheme == "https" && target->scheme == "http")
        return finding{reason::redirect_off_site, "downgrade: redirects to " + shown(*target)};
    if (!same_site) return finding{reason::redirect_off_site, "redirects to " + shown(*target)};

    follow go{*target};
    go.method_lost = status < 307;
    go.permanent = status == 308;
    if (from.host != target->host)
        go.warn = data::warning::redirect_host;
    else if (differ_by_slash(from, *target))
        go.warn = data::warning::redirect_slash;
    return go;
}

}  // namespace rollcall::audit
