#include "audit/registry/text.hpp"

#include "audit/url/url.hpp"

#include <algorithm>

namespace rollcall::audit::detail {

std::string capped(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes) return std::string(text);
    std::size_t end = bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return std::string(text.substr(0, end));
}

std::string excerpt(std::string_view text)
{
    std::string out = capped(text, 60);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    if (out.size() < text.size()) out += "...";
    return out;
}

std::string listed_url(std::string_view text)
{
    const std::size_t colon = text.find(':');
    const bool scheme = colon != std::string_view::npos && text.find_first_of("/?#@") > colon;
    std::size_t start = scheme && text.substr(colon + 1).starts_with('/') ? colon + 1 : 0;
    start = std::min(text.find_first_not_of("/\\", start), text.size());
    if (start == 0 && scheme && text.substr(0, 4) == "http") start = colon + 1;
    const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
    const std::size_t at = text.substr(start, end - start).rfind('@');
    std::string out;
    if (at != std::string_view::npos) {
        out = capped(text.substr(0, start), longest_url);
        out += "hidden";
        start += at;
    } else {
        start = 0;
    }
    return out + capped(text.substr(start), longest_url + 8);
}

bool is_utf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(text[i + n]); };
        const unsigned char lead = byte(0);
        const std::size_t size = lead < 0x80   ? 1
                                 : lead < 0xc2 ? 0
                                 : lead < 0xe0 ? 2
                                 : lead < 0xf0 ? 3
                                 : lead < 0xf5 ? 4
                                               : 0;
        if (size == 0 || text.size() - i < size) return false;
        for (std::size_t n = 1; n < size; ++n)
            if ((byte(n) & 0xc0) != 0x80) return false;
        if (size > 2 && ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) ||
                         (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f)))
            return false;
        i += size;
    }
    return true;
}

}  // namespace rollcall::audit::detail
