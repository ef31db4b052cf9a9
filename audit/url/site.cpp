// Whose host is it? The Public Suffix List, as libpsl carries it.
#include "audit/url/url.hpp"

#include <libpsl.h>

#include <algorithm>
#include <memory>

namespace rollcall::audit {
namespace {

bool is_address(std::string_view host) noexcept
{
    return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_icann_suffix(const char* name) noexcept
{
    return psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

// Names longer than DNS has them have no rule; this keeps the walk over the labels short.
constexpr std::size_t longest_name = 253;

}  // namespace

std::string site_of(std::string_view host)
{
    const std::string name(host);
    if (name.size() > longest_name || is_address(host)) return name;
    bool known = false;
    for (std::size_t at = name.find('.'); at != std::string::npos && !known; at = name.find('.', at + 1))
        known = psl_is_public_suffix2(psl_builtin(), name.c_str() + at + 1, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
    const char* site = known ? psl_registrable_domain(psl_builtin(), name.c_str()) : nullptr;
    return site ? site : name;  // none: the host is a public suffix itself
}

std::string site_of(std::string_view host, std::span<const std::string> platforms)
{
    std::string site = site_of(host);
    for (const std::string& platform : platforms) {
        if (host.size() <= platform.size() + 1 || !host.ends_with(platform)) continue;
        const std::size_t dot = host.size() - platform.size() - 1;
        if (host[dot] != '.') continue;
        const std::size_t start = host.substr(0, dot).rfind('.') + 1;  // npos + 1: the host itself
        if (host.size() - start > site.size()) site = host.substr(start);
    }
    return site;
}

std::string platform_of(std::string_view host)
{
    const std::string name(host);
    if (name.size() > longest_name || is_address(host)) return name;
    std::size_t start = 0;
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', start)) {
        if (is_icann_suffix(name.c_str() + dot + 1)) return name.substr(start);
        start = dot + 1;
    }
    return name;
}

std::string platform_of(std::string_view host, std::span<const std::string> platforms)
{
    std::string_view longest;
    for (const std::string& platform : platforms) {
        const bool inside = host == platform || (host.size() > platform.size() && host.ends_with(platform) &&
                                                 host[host.size() - platform.size() - 1] == '.');
        if (inside && platform.size() > longest.size()) longest = platform;
    }
    return longest.empty() ? platform_of(host) : std::string(longest);
}

}  // namespace rollcall::audit
