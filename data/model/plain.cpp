#include "data/model/plain.hpp"

#include <cstddef>

namespace rollcall::data {
namespace {

// RFC 3629: the length of the character at the start, and its number; 0 for what is none.
std::size_t first(std::string_view text, unsigned& code)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
    const unsigned lead = byte(0);
    code = lead;
    if (lead < 0x80) return 1;
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
    code = lead & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0u) != 0x80u) return 0;
        code = code << 6 | (byte(i) & 0x3fu);
    }
    constexpr unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    return code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0 : size;
}

bool acts(unsigned c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string plain(std::string_view text, bool lines)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        unsigned code = 0;
        const auto size = first(text, code);
        const bool blank = code == '\n' || code == '\t' || code == '\r';
        if (size > 0 && (!acts(code) || (lines && (code == '\n' || code == '\t'))))
            out += text.substr(0, size);
        else if (!(lines && code == '\r'))
            out += blank ? ' ' : '?';
        text.remove_prefix(size > 0 ? size : 1);
    }
    return out;
}

}  // namespace rollcall::data
