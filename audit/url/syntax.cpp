// The syntax of RFC 3986: what stands where, before anybody judges it.
#include "audit/url/parts.hpp"

#include <algorithm>

namespace rollcall::audit::detail {
namespace {

// The code point at the start of `text` and its length; a length of 0 says that it is not UTF-8 (RFC 3629).
struct code_point {
    char32_t value = 0;
    std::size_t size = 0;
};

code_point first_code_point(std::string_view text) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t size = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (size == 0 || lead >= 0xf5 || text.size() < size) return {};
    char32_t value = lead & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        value = (value << 6) | (byte(i) & 0x3fu);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
    return {value, size};
}

bool is_white_space(char32_t c) noexcept
{
    return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 ||
           c == 0xfeff;
}

bool is_control(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || (c >= 0x200c && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f);
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto [c, size] = first_code_point(text);
        if (size == 0 || !is_white_space(c)) break;
        text.remove_prefix(size);
    }
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80)
            --start;
        const auto [c, size] = first_code_point(text.substr(start));
        if (size != text.size() - start || !is_white_space(c)) break;
        text.remove_suffix(size);
    }
    return text;
}

bool is_clean(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto [c, size] = first_code_point(text);
        if (size == 0 || is_white_space(c) || is_control(c)) return false;
        text.remove_prefix(size);
    }
    return true;
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

reference parse_reference(std::string_view text) noexcept
{
    reference out;
    text = text.substr(0, text.find('#'));
    const std::size_t colon = text.find_first_of(":/?");
    if (colon != std::string_view::npos && text[colon] == ':' && colon > 0 && is_alpha(text[0]) &&
        std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                    [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; })) {
        out.scheme = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (text.starts_with("//")) {
        text.remove_prefix(2);
        out.authority = text.substr(0, text.find_first_of("/?"));
        text.remove_prefix(out.authority->size());
    }
    const std::size_t mark = text.find('?');
    out.path = text.substr(0, mark);
    if (mark != std::string_view::npos) out.query = text.substr(mark + 1);
    return out;
}

authority_parts parse_authority(std::string_view authority) noexcept
{
    authority_parts out;
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        out.userinfo = true;
        authority.remove_prefix(at + 1);
    }
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    out.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) out.port = authority.substr(colon + 1);
    return out;
}

std::uint16_t default_port(std::string_view scheme) noexcept
{
    return scheme == "http" ? 80 : 443;
}

std::optional<std::uint16_t> parse_port(std::string_view text, std::string_view scheme) noexcept
{
    if (text.empty()) return default_port(scheme);
    unsigned value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return {};
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 65535) return {};
    }
    if (value == 0) return {};
    return static_cast<std::uint16_t>(value);
}

std::string origin_of(const canonical_url& url)
{
    return url.scheme + "://" + authority(url);
}

}  // namespace rollcall::audit::detail

namespace rollcall::audit {

std::string authority(const canonical_url& url)
{
    return url.port == detail::default_port(url.scheme) ? url.host : url.host + ':' + std::to_string(url.port);
}

}  // namespace rollcall::audit
