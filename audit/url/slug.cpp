// An endpoint's place in the published site: host and path, so that an author can write it without looking it up.
//
//     https://mcp.example.com/mcp            mcp.example.com/mcp
//     https://mcp.example.com:8443/mcp       mcp.example.com_8443/mcp
//     https://mcp.example.com/mcp?tools=a    mcp.example.com/mcp~72107004
//
// A slug is a path of directories. It carries the mark "~" and eight hexadecimal digits of the SHA-256 of the
// canonical URL wherever host and path alone do not say everything (a query, http, a character that may not stand in
// a file's name ...) or would clash with a route of ours. No slug without a mark looks like one with a mark, so an
// address cannot be made to take another's place.
#include "audit/url/parts.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <vector>

namespace rollcall::audit {
namespace {

using namespace detail;

constexpr std::size_t longest_segment = 80, most_segments = 16;

// The first `digits` hexadecimal digits.
std::string sha256_hex(std::string_view text, std::size_t digits)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < digits; ++i) out += hex[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4];
    return out;
}

bool ends_like_a_file(std::string_view segment)
{
    const std::string name = lower(segment);
    return name.ends_with(".svg") || name.ends_with(".json") || name.ends_with(".xml") || name.ends_with(".html");
}

bool is_route(std::string_view segment)
{
    constexpr std::array<std::string_view, 7> routes{"uptime", "latency", "tools", "protocol",
                                                     "drift",  "auth",    "index"};
    return std::find(routes.begin(), routes.end(), lower(segment)) != routes.end();
}

bool ends_like_a_mark(std::string_view segment)
{
    for (const std::size_t digits : {8u, 16u})
        if (segment.size() > digits && segment[segment.size() - digits - 1] == '~' &&
            segment.substr(segment.size() - digits).find_first_not_of("0123456789abcdef") == std::string_view::npos)
            return true;
    return false;
}

// One segment as the name of a directory. False: something about it was changed.
bool append_segment(std::string_view raw, bool last, std::vector<std::string>& out)
{
    std::string segment;
    bool same = true;
    for (const char c : raw) {
        const bool hidden = c == '.' && segment.empty();
        const bool dots = c == '.' && segment.ends_with('.');
        if (hidden)
            same = false;
        else if (!is_unreserved(static_cast<unsigned char>(c)) || dots)
            segment += '-', same = false;
        else
            segment += c;
    }
    if (segment.empty()) return false;
    if (segment.size() > longest_segment) segment.resize(longest_segment), same = false;
    // A directory "a.svg" would stand where the badge of its parent is a file.
    if (!last && ends_like_a_file(segment)) segment[segment.rfind('.')] = '-', same = false;
    out.push_back(std::move(segment));
    return same;
}

std::string host_segment(const canonical_url& url)
{
    std::string out;
    if (url.host.starts_with('[')) {
        for (const char c : url.host) {
            if (c == '[' || c == ']') continue;
            if (c != ':')
                out += c;
            else if (!out.empty() && out.back() != '-')
                out += '-';
        }
        while (out.ends_with('-')) out.pop_back();
        if (out.empty()) out = "0";
    } else {
        out = url.host;
    }
    if (url.port != default_port(url.scheme)) out += '_' + std::to_string(url.port);
    return out;
}

}  // namespace

std::string slug_of(const canonical_url& url, bool collision)
{
    const std::size_t query = url.target.find('?');
    const std::string_view path = std::string_view(url.target).substr(0, query);
    const std::string_view top = std::string_view(url.host).substr(url.host.rfind('.') + 1);

    bool plain = query == std::string::npos && url.scheme == "https" && path.find("//") == std::string_view::npos &&
                 !url.host.starts_with('[') && url.host != "by" && top.find('_') == std::string_view::npos;
    std::vector<std::string_view> raw;
    for (std::size_t at = 1; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        if (end > at) raw.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    if (raw.size() > most_segments) raw.resize(most_segments), plain = false;

    std::vector<std::string> segments;
    const std::string host = host_segment(url);
    plain = append_segment(host, raw.empty(), segments) && plain;
    for (std::size_t i = 0; i < raw.size(); ++i) plain = append_segment(raw[i], i + 1 == raw.size(), segments) && plain;

    std::string& last = segments.back();
    plain = plain && !is_route(last) && !ends_like_a_file(last) && !ends_like_a_mark(last);
    if (collision)
        last += '~' + sha256_hex(url.text, plain ? 8 : 16);
    else if (!plain)
        last += '~' + sha256_hex(url.text, 8);

    std::string out;
    for (const std::string& segment : segments) (out += out.empty() ? "" : "/") += segment;
    return out;
}

}  // namespace rollcall::audit
