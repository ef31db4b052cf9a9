#include "render/templating/clean.hpp"

#include <algorithm>
#include <cstdint>

namespace rollcall::render {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

struct decoded { std::uint32_t code; std::size_t size; bool valid; };

// RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
decoded decode(std::string_view rest) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || rest.size() < size) return {0, 1, false};
    std::uint32_t code = lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u) return {0, 1, false};
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {0, 1, false};
    return {code, size, true};
}

bool acts(std::uint32_t c) noexcept
{
    if (c < 0x20) return c != '\n' && c != '\t';
    if (c < 0x7F) return false;
    return c <= 0x9F || c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c & 0xFFFEu) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

// So many characters at the beginning are of ASCII, and are only seen.
std::size_t plain_ahead(std::string_view text) noexcept
{
    const auto plain = [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t'; };
    return static_cast<std::size_t>(std::ranges::find_if_not(text, plain) - text.begin());
}

}  // namespace

std::string clean(std::string_view text, std::size_t max_characters)
{
    std::string out;
    out.reserve(std::min(text.size(), max_characters));
    for (std::size_t count = 0; !text.empty(); ++count) {
        // Whole pages pass here: nearly all of them is plain, and goes in one piece.
        const auto run = plain_ahead(text.substr(0, max_characters - count));
        out += text.substr(0, run);
        text.remove_prefix(run);
        count += run;
        if (text.empty()) break;
        if (count == max_characters) return out += ellipsis;
        const auto c = decode(text);
        out += c.valid && !acts(c.code) ? text.substr(0, c.size) : replacement;
        text.remove_prefix(c.size);
    }
    return out;
}

bool is_plain(std::string_view text) noexcept { return plain_ahead(text) == text.size(); }

bool is_web_link(std::string_view url) noexcept
{
    const auto rest = url.starts_with("https://") ? url.substr(8) : url.starts_with("http://") ? url.substr(7) : "";
    if (rest.empty() || rest.front() == '/' || url.size() > 2048) return false;
    return std::ranges::all_of(rest, [](char c) { return c > 0x20 && c < 0x7F && std::string_view("\"'<>\\`{}|^").find(c) == std::string_view::npos; });
}

std::string shell_quoted(std::string_view text)
{
    std::string out = "'";
    for (char c : text) {
        if (c == '\'') out += "'\\''";
        else out += c;
    }
    return out += '\'';
}

}  // namespace rollcall::render
