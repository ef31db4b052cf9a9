// Listed texts on their way to an endpoint: the first line is listed, each further line is a reference from there.
#include "audit/url/parts.hpp"
#include "audit/url/url.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <vector>

using namespace rollcall::audit;
using namespace rollcall::fuzz;

namespace {

// Fit for a request line and a Host field.
void check_parts(const canonical_url& u)
{
    must(u.scheme == "http" || u.scheme == "https", "http(s) only", u.scheme);
    must(u.port != 0, "a port");
    must(u.target.starts_with('/'), "a target begins with a slash", u.target);
    for (const char c : u.target) must(c > ' ' && c <= '~' && c != '#', "a target is visible ASCII", u.target);
    must(!u.host.empty() && u.host.size() <= 253, "a host has a length", u.host);
    for (const char c : u.host) {
        const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("-_.:[]").find(c) != std::string_view::npos;
        must(allowed, "a host is small letters, digits and little else", u.host);
    }
    must(u.host.starts_with('[') || u.host.find_first_of(":[]") == std::string::npos, "brackets are for IPv6", u.host);
    const auto path = std::string_view(u.target).substr(0, u.target.find('?'));
    for (const std::string_view dots : {"/./", "/../"}) must(path.find(dots) == std::string_view::npos, "no dot segments", u.target);
    must(!path.ends_with("/.") && !path.ends_with("/.."), "no dot segment at the end", u.target);
    must(u.text.starts_with(u.scheme + "://" + authority(u)), "the text begins with the origin", u.text);
}

void check_slug(const canonical_url& u)
{
    const auto plain = slug_of(u), marked = slug_of(u, true);
    must(plain != marked, "a collision has another slug", plain);
    for (const std::string_view slug : {std::string_view(plain), std::string_view(marked)}) {
        must(slug.size() <= 17 * 98, "a slug has a bound", slug);
        auto rest = slug;
        do {
            const auto segment = take_to(rest, "/");
            must(!segment.empty() && segment.size() <= 80 + 17, "no empty segment and no long one", slug);
            must(!segment.starts_with('.'), "nothing hidden", slug);
            must(segment.find("..") == std::string_view::npos, "no way up", slug);
            must(std::ranges::all_of(segment, [](char c) { return detail::is_unreserved(static_cast<unsigned char>(c)); }), "plain characters", slug);
            const auto name = detail::lower(segment);
            for (const std::string_view end : {".svg", ".json", ".xml", ".html"}) must(!name.ends_with(end), "no directory looks like a file of ours", slug);
            if (rest.empty())
                for (const std::string_view route : {"uptime", "latency", "tools", "protocol", "drift", "auth", "index"})
                    must(name != route, "no slug ends in a route of ours", slug);
        } while (!rest.empty());
        must(!slug.ends_with('/'), "no empty segment at the end", slug);
    }
}

void check_site(const std::string& host)
{
    const auto site = site_of(host), platform = platform_of(host);
    must(!site.empty() && host.ends_with(site), "a site is an end of its host", host);
    must(!platform.empty() && host.ends_with(platform), "a platform is an end of its host", host);
    must(site_of(site) == site, "a site is its own site", site);
    must(site.size() == host.size() || host[host.size() - site.size() - 1] == '.', "a site is cut at a dot", host);
}

void check_canonical(std::string_view listed)
{
    for (const bool allow_private : {false, true}) {
        const auto r = canonicalise(listed, allow_private);
        must(r.why != exclusion::none || !r.url.text.empty(), "what is eligible has a canonical URL", listed);
        if (r.url.text.empty()) continue;
        check_parts(r.url);
        must(r.url.text.size() <= longest_url, "a canonical URL is no longer than any listed one", r.url.text);
        const auto again = canonicalise(r.url.text, allow_private);
        must(again.url == r.url && again.why == r.why, "canonical is a fixed point", r.url.text);
        check_slug(r.url);
        check_site(r.url.host);
        // The bytes that are probed go to the place that the identity names.
        const auto split = split_url(listed);
        must(split.has_value(), "what is canonical can be split", listed);
        must(split->scheme == r.url.scheme && split->host == r.url.host && split->port == r.url.port, "one place", listed);
        // Escaped, it may be too long, or what was dropped for the identity may look like a place to fill in.
        if (const auto same = canonicalise(split->text, allow_private).url; !same.text.empty()) must(same == r.url, "and one endpoint", split->text);
        if (!allow_private) must(canonicalise(listed, true).url == r.url, "what is private does not change the form", listed);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto listed = take_line(text);
    check_canonical(listed);
    auto base = split_url(listed);
    if (!base) base = split_url("https://mcp.example.org:8443/a/b/mcp?x=1");
    check_parts(*base);
    must(split_url(base->text) == base, "split is a fixed point", base->text);
    while (!text.empty()) {
        const auto to = resolve_reference(*base, take_line(text));
        if (!to) continue;
        check_parts(*to);
        must(resolve_reference(*base, to->text) == to, "an absolute reference is itself", to->text);
        base = *to;
    }
    return 0;
}
