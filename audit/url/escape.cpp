// Paths and queries: RFC 3986 sections 3.3, 3.4, 5.2.4 and 6.2.2.
#include "audit/url/parts.hpp"

#include <algorithm>
#include <vector>

namespace rollcall::audit::detail {
namespace {

int hex_value(char c) noexcept
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string normal(std::string_view text, std::string_view also_allowed, bool decode)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (const auto byte = escaped_byte(text.substr(i))) {
            if (!decode)
                out += text.substr(i, 3);
            else if (is_unreserved(*byte))
                out += static_cast<char>(*byte);
            else
                append_escaped(out, *byte);
            i += 2;
        } else if (is_unreserved(c) || std::string_view("!$&'()*+,;=:@").find(text[i]) != std::string_view::npos ||
                   also_allowed.find(text[i]) != std::string_view::npos) {
            out += text[i];
        } else {
            append_escaped(out, c);
        }
    }
    return out;
}

// Parameters that tell where a visitor came from; no server means another server by them.
bool is_campaign_parameter(std::string_view name)
{
    constexpr std::array<std::string_view, 7> names{"gclid",  "fbclid", "msclkid", "mc_cid",
                                                    "mc_eid", "_hsenc", "_hsmi"};
    return name.starts_with("utm_") || std::find(names.begin(), names.end(), name) != names.end();
}

// 1 for ".", 2 for "..", with any of the dots escaped: so browsers and the clients that share their parser read it.
// Nothing else is a dot segment.
unsigned dots_of(std::string_view segment)
{
    unsigned dots = 0;
    for (; !segment.empty(); ++dots) {
        const bool plain = segment.front() == '.';
        if (!plain && escaped_byte(segment) != '.') return 0;
        segment.remove_prefix(plain ? 1 : 3);
    }
    return dots <= 2 ? dots : 0;
}

}  // namespace

bool is_unreserved(unsigned char c) noexcept
{
    const char ch = static_cast<char>(c);
    return is_alpha(ch) || is_digit(ch) || ch == '-' || ch == '.' || ch == '_' || ch == '~';
}

std::optional<unsigned char> escaped_byte(std::string_view text) noexcept
{
    if (text.size() < 3 || text[0] != '%') return {};
    const int high = hex_value(text[1]), low = hex_value(text[2]);
    if (high < 0 || low < 0) return {};
    return static_cast<unsigned char>(high * 16 + low);
}

void append_escaped(std::string& out, unsigned char byte)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

std::string normal_path(std::string_view path, bool decode)
{
    return normal(path, "/", decode);
}
std::string normal_query(std::string_view query, bool decode)
{
    return normal(query, "/?", decode);
}

std::string without_dot_segments(std::string_view path)
{
    std::vector<std::string_view> kept;
    bool directory = false;  // the last segment was "." or "..": the path ends in a slash
    std::size_t at = path.starts_with('/') ? 1 : 0;
    while (at <= path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view segment = path.substr(at, end - at);
        const unsigned dots = dots_of(segment);
        directory = dots != 0;
        if (dots == 2 && !kept.empty()) kept.pop_back();
        if (dots == 0) kept.push_back(segment);
        at = end + 1;
    }
    std::string out;
    out.reserve(path.size() + 1);
    for (const std::string_view segment : kept) (out += '/') += segment;
    if (directory || out.empty()) out += '/';
    return out;
}

std::string without_campaign(std::string_view query)
{
    std::string out;
    bool first = true;
    for (std::size_t at = 0; at <= query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string_view parameter = query.substr(at, end - at);
        if (!is_campaign_parameter(parameter.substr(0, parameter.find('=')))) {
            if (!first) out += '&';
            out += parameter;
            first = false;
        }
        at = end + 1;
    }
    return out;
}

}  // namespace rollcall::audit::detail
