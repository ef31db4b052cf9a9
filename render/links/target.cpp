#include "render/links/target.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace rollcall::render {
namespace {

bool has_scheme(std::string_view link)
{
    const auto end = link.find_first_of(":/?#");
    return end != std::string_view::npos && link[end] == ':' && end > 0;
}

std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find(':')); }

// "https://host" of "https://host/path".
std::string_view origin_of(std::string_view url)
{
    const auto host = url.find("://");
    return host == std::string_view::npos ? std::string_view() : url.substr(0, url.find_first_of("/?#", host + 3));
}

std::string_view path_of(std::string_view base_url)
{
    const auto path = base_url.substr(origin_of(base_url).size());
    return path.empty() ? "/" : path;
}

int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool whole = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
        out += whole ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        if (whole) i += 2;
    }
    return out;
}

// "a/b/../c/" -> "a/c/"; empty where the dots lead above the root.
std::optional<std::string> without_dots(std::string_view path)
{
    std::vector<std::string_view> kept;
    bool folder = true;
    for (std::size_t at = 0; at <= path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, end - at);
        folder = segment.empty() || segment == "." || segment == "..";
        if (segment == "..") {
            if (kept.empty()) return std::nullopt;
            kept.pop_back();
        } else if (!folder) {
            kept.push_back(segment);
        }
        at = end + 1;
    }
    std::string out;
    for (const auto segment : kept) (out += segment) += '/';
    if (!folder && !out.empty()) out.pop_back();
    return out;
}

// Where an absolute path of the site's own host leads.
target of_host_path(std::string_view path, std::string fragment, std::string_view base_url)
{
    const auto base = path_of(base_url);
    if (!path.starts_with(base) && std::string(path) + "/" != base) return {leads::out_of_site, {}, {}};
    const auto below = without_dots(path.substr(std::min(path.size(), base.size())));
    if (!below) return {leads::out_of_site, {}, {}};
    return {leads::inside, decoded(*below), std::move(fragment)};
}

}  // namespace

target resolve(std::string_view link, std::string_view from, std::string_view base_href, std::string_view base_url)
{
    const auto trimmed = link.find_first_not_of(" \t\n\r\f");
    link = trimmed == std::string_view::npos ? std::string_view() : link.substr(trimmed, link.find_last_not_of(" \t\n\r\f") - trimmed + 1);
    const auto hash = std::min(link.find('#'), link.size());
    auto fragment = decoded(link.substr(std::min(hash + 1, link.size())));
    auto rest = link.substr(0, link.substr(0, hash).find('?'));
    rest = rest.substr(0, std::min(hash, rest.size()));

    if (has_scheme(link) || link.starts_with("//")) {
        const auto whole = link.starts_with("//") ? std::string(scheme_of(base_url)) + ":" + std::string(rest) : std::string(rest);
        const auto origin = origin_of(whole);
        if (base_url.empty() || origin.empty() || origin != origin_of(base_url)) return {leads::elsewhere, {}, {}};
        return of_host_path(path_of(whole), std::move(fragment), base_url);
    }
    if (rest.starts_with('/')) return of_host_path(rest, std::move(fragment), base_url);
    // Alone, a fragment or a query means the page itself, unless a <base> says otherwise.
    if (rest.empty() && base_href.empty()) return {leads::inside, std::string(from), std::move(fragment)};
    if (!base_href.empty()) {
        auto base = resolve(base_href, from, {}, base_url);
        if (base.where != leads::inside) return {base.where, {}, {}};
        return resolve(link, base.path.empty() || base.path.ends_with('/') ? base.path + "index.html" : base.path, {}, base_url);
    }
    const auto folder = from.substr(0, from.rfind('/') == std::string_view::npos ? 0 : from.rfind('/') + 1);
    const auto path = without_dots(std::string(folder) + std::string(rest));
    if (!path) return {leads::out_of_site, {}, {}};
    return {leads::inside, decoded(*path), std::move(fragment)};
}

}  // namespace rollcall::render
