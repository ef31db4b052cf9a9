#include "audit/mcp/text.hpp"

#include "audit/classify/ascii.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>

namespace rollcall::audit::mcp {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view s, std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; }

struct sequence { std::size_t length; bool valid; };

// The character at `i`, or the maximal ill-formed part (Unicode table 3-7).
sequence sequence_at(std::string_view s, std::size_t i)
{
    const unsigned lead = byte_at(s, i);
    if (lead < 0x80) return {1, true};
    std::size_t more = 0;
    unsigned low = 0x80, high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) more = 1;
    else if (lead >= 0xE0 && lead <= 0xEF) more = 2;
    else if (lead >= 0xF0 && lead <= 0xF4) more = 3;
    else return {1, false};
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    for (std::size_t k = 1; k <= more; ++k) {
        const unsigned b = byte_at(s, i + k);
        if (b < low || b > high) return {k, false};
        low = 0x80;
        high = 0xBF;
    }
    return {more + 1, true};
}

// The code unit of `\uXXXX` at `i`.
std::optional<unsigned> escape_at(std::string_view s, std::size_t i)
{
    if (i + 6 > s.size() || s[i] != '\\' || s[i + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    for (std::size_t k = i + 2; k < i + 6; ++k) {
        const char c = lower(s[k]);
        if (is_digit(c)) unit = unit * 16 + static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f') unit = unit * 16 + static_cast<unsigned>(c - 'a') + 10;
        else return std::nullopt;
    }
    return unit;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Copies the string whose opening quote is at `i`; returns where it ends.
std::size_t copy_string(std::string_view s, std::size_t i, std::string& out)
{
    out += s[i++];
    while (i < s.size()) {
        if (s[i] == '"') {
            out += s[i++];
            break;
        }
        if (s[i] != '\\') {
            out += s[i++];
            continue;
        }
        const auto unit = escape_at(s, i);
        if (unit && is_high(*unit)) {
            const auto second = escape_at(s, i + 6);
            if (second && is_low(*second)) {
                out += s.substr(i, 12);
                i += 12;
                continue;
            }
        }
        if (unit && (is_high(*unit) || is_low(*unit))) {
            out += "\\ufffd";
            i += 6;
            continue;
        }
        out += s.substr(i, 2);
        i += 2;
    }
    return std::min(i, s.size());
}

bool is_number_char(char c) { return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

std::size_t copy_number(std::string_view s, std::size_t i, std::string& out)
{
    std::size_t end = i;
    while (end < s.size() && is_number_char(s[end])) ++end;
    const std::string token(s.substr(i, end - i));
    // Only an exponent or very many digits can leave the range of a double.
    const bool suspicious = token.size() > 300 || token.find_first_of("eE") != std::string::npos;
    if (suspicious && std::isinf(std::strtod(token.c_str(), nullptr)))
        out += token.front() == '-' ? "-1.7976931348623157e308" : "1.7976931348623157e308";
    else
        out += token;
    return end;
}

}  // namespace

std::string repair_utf8(std::string_view bytes, bool& changed)
{
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size();) {
        const auto [length, valid] = sequence_at(bytes, i);
        if (valid) out += bytes.substr(i, length);
        else {
            out += replacement;
            changed = true;
        }
        i += length;
    }
    return out;
}

std::string one_line(std::string_view text, std::size_t cap)
{
    std::string out;
    for (std::size_t i = 0; i < text.size() && out.size() < cap;) {
        const auto [length, valid] = sequence_at(text, i);
        const unsigned lead = byte_at(text, i);
        const bool control = lead < 0x20 || lead == 0x7F || (lead == 0xC2 && byte_at(text, i + 1) < 0xA0);
        const auto piece = valid && !control ? text.substr(i, length) : replacement;
        if (out.size() + piece.size() > cap) break;
        out += piece;
        i += length;
    }
    return out;
}

std::string acceptable_json(std::string_view text, int depth, bool& too_deep)
{
    std::string out;
    out.reserve(text.size());
    int level = 0;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '"') {
            i = copy_string(text, i, out);
        } else if (c == '-' || is_digit(c)) {
            i = copy_number(text, i, out);
        } else {
            if ((c == '[' || c == '{') && ++level > depth) {
                too_deep = true;
                return {};
            }
            if ((c == ']' || c == '}') && level > 0) --level;
            out += c;
            ++i;
        }
    }
    return out;
}

bool has_more_values(std::string_view text, std::size_t most) noexcept
{
    if (text.size() < most) return false;
    std::size_t begun = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i)
                if (text[i] == '\\') ++i;
        } else if ((c == ',' || c == '[' || c == '{') && ++begun > most) {
            return true;
        }
    }
    return false;
}

}  // namespace rollcall::audit::mcp
