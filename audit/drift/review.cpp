#include "audit/drift/review.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/mcp/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <span>

namespace rollcall::audit::drift {
namespace {

struct range {
    char32_t first, last;
};

constexpr std::array bidirectional{range{0x061C, 0x061C}, range{0x200E, 0x200F}, range{0x202A, 0x202E}, range{0x2066, 0x2069}};
// Default ignorables, fillers that draw nothing, and controls but tab and line ends.
constexpr std::array invisible{
    range{0x0000, 0x0008}, range{0x000B, 0x000C}, range{0x000E, 0x001F}, range{0x007F, 0x009F}, range{0x00AD, 0x00AD},
    range{0x034F, 0x034F}, range{0x115F, 0x1160}, range{0x17B4, 0x17B5}, range{0x180B, 0x180F}, range{0x200B, 0x200D},
    range{0x2028, 0x2029}, range{0x2060, 0x2065}, range{0x206A, 0x206F}, range{0x3164, 0x3164}, range{0xFE00, 0xFE0F},
    range{0xFEFF, 0xFEFF}, range{0xFFA0, 0xFFA0}, range{0xFFF0, 0xFFFB}, range{0x1BCA0, 0x1BCA3}, range{0x1D173, 0x1D17A},
    range{0xE0000, 0xE0FFF}};
// Signs that take an emoji or text selector; keycaps have a plain base.
constexpr std::array emoji{range{'#', '#'}, range{'*', '*'}, range{'0', '9'}, range{0x00A9, 0x00A9}, range{0x00AE, 0x00AE},
                           range{0x203C, 0x3299}, range{0x1F000, 0x1FAFF}};
constexpr std::array ideographs{range{0x3400, 0x9FFF}, range{0xF900, 0xFAFF}, range{0x20000, 0x3FFFD}};
// Arabic to Sinhala, Myanmar, Khmer, Mongolian and their extensions: joiners shape letters there.
constexpr std::array joining{range{0x0600, 0x08FF}, range{0x0900, 0x0DFF}, range{0x1000, 0x109F}, range{0x1780, 0x18AF},
                             range{0xA840, 0xA8FF}, range{0xFB50, 0xFDFF}, range{0xFE70, 0xFEFE}};

bool within(std::span<const range> ranges, char32_t c)
{
    return std::ranges::any_of(ranges, [c](const range& r) { return r.first <= c && c <= r.last; });
}

std::u32string decode(std::string_view bytes)
{
    bool changed = false;
    const auto text = mcp::repair_utf8(bytes, changed);
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k) c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
        out += c;
        i += length;
    }
    return out;
}

void encode(char32_t c, std::string& out)
{
    const auto byte = [&](char32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
    if (c < 0x80) return byte(c);
    if (c < 0x800) byte(0xC0 | (c >> 6));
    else if (c < 0x10000) byte(0xE0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3F));
    else byte(0xF0 | (c >> 18)), byte(0x80 | ((c >> 12) & 0x3F)), byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
}

// The length of a regional flag that begins at `i` (a black flag, tag letters, the closing tag), or 0.
std::size_t flag_at(const std::u32string& text, std::size_t i)
{
    constexpr char32_t black_flag = 0x1F3F4, cancel = 0xE007F;
    constexpr std::size_t longest = 6;
    if (text[i] != black_flag) return 0;
    std::size_t n = 1;
    const auto is_tag = [](char32_t c) { return (c >= 0xE0030 && c <= 0xE0039) || (c >= 0xE0061 && c <= 0xE007A); };
    while (i + n < text.size() && n <= longest && is_tag(text[i + n])) ++n;
    return n > 1 && i + n < text.size() && text[i + n] == cancel ? n + 1 : 0;
}

bool is_ordinary(const std::u32string& text, std::size_t i)
{
    const char32_t before = i > 0 ? text[i - 1] : 0, after = i + 1 < text.size() ? text[i + 1] : 0, c = text[i];
    if (c == 0xFE0E || c == 0xFE0F) return within(emoji, before);
    if (c == 0x200D && (before == 0xFE0F || within(emoji, before))) return within(emoji, after);
    if (c == 0x200C || c == 0x200D) return within(joining, before);
    if (c >= 0xE0100 && c <= 0xE01EF) return within(ideographs, before);
    return i == 0 && c == 0xFEFF;
}

// What is odd about the character at `i`; moves `i` to the last character of what belongs together.
std::optional<sign_kind> oddity_at(const std::u32string& text, std::size_t& i)
{
    if (const auto length = flag_at(text, i); length > 0) {
        i += length - 1;
        return std::nullopt;
    }
    const char32_t c = text[i];
    if (within(bidirectional, c)) return sign_kind::bidirectional;
    if (within(invisible, c) && !is_ordinary(text, i)) return sign_kind::invisible;
    return std::nullopt;
}

void note(std::vector<sign>& signs, sign s)
{
    const auto same = std::ranges::find_if(signs, [&](const sign& o) { return o.what == s.what && o.code_point == s.code_point && o.phrase == s.phrase; });
    if (same == signs.end()) signs.push_back(std::move(s));
    else same->count += s.count;
}

// A phrase is word groups in this order, with at most `gap` other words between two of them.
struct phrase {
    std::size_t gap;
    std::vector<std::vector<std::string_view>> groups;
};

const std::vector<phrase>& phrases()
{
    static const std::vector<phrase> all{
        {3, {{"ignore", "disregard", "forget", "override", "bypass"}, {"previous", "prior", "above", "earlier", "preceding", "other", "all", "any"},
             {"instructions", "instruction", "prompts", "rules", "guidelines", "directives", "context"}}},
        {2, {{"ignore", "disregard", "forget", "override", "bypass"}, {"your", "the", "system"}, {"instructions", "rules", "guidelines", "training"}}},
        {2, {{"do", "don", "never", "without"}, {"tell", "telling", "inform", "informing", "mention", "mentioning", "notify", "notifying", "reveal", "alert", "show"}, {"user", "users", "human", "anyone"}}},
        {2, {{"do", "don", "never", "without"}, {"mention", "mentioning", "reveal", "disclose"}, {"this", "these", "that", "it"}}},
        {0, {{"system"}, {"prompt", "prompts"}}},
        {0, {{"developer"}, {"mode"}}},
        {0, {{"you"}, {"are"}, {"now"}}},
        {1, {{"secret", "hidden"}, {"instructions", "instruction"}}},
        {1, {{"hide", "conceal"}, {"this", "it", "that"}, {"from"}}},
        {1, {{"without"}, {"asking"}, {"user", "users", "permission", "confirmation"}}},
    };
    return all;
}

// Marks that only make sense to a model. Looked for in lower-case text.
constexpr std::array<std::string_view, 12> marks{"<important>", "<system>", "</system>", "<secret>", "<instructions>", "<|im_start|>", "<|im_end|>",
                                                 "<|system|>", "[inst]", "[system]", "<<sys>>", "<hidden>"};

// The last word of the phrase that begins at `first`, or nothing.
std::optional<std::size_t> match(const std::vector<std::string_view>& words, std::size_t first, const phrase& p)
{
    std::size_t at = first;
    for (std::size_t g = 0; g < p.groups.size(); ++g) {
        const std::size_t furthest = g == 0 ? first : std::min(words.size() - 1, at + 1 + p.gap);
        std::size_t i = g == 0 ? first : at + 1;
        while (i <= furthest && i < words.size() && std::ranges::find(p.groups[g], words[i]) == p.groups[g].end()) ++i;
        if (i > furthest || i >= words.size()) return std::nullopt;
        at = i;
    }
    return at;
}

void find_instructions(const std::string& text, std::vector<sign>& signs)
{
    for (const auto mark : marks)
        if (text.find(mark) != std::string::npos) note(signs, {sign_kind::instruction, 0, std::string(mark), 1});
    std::vector<std::string_view> words;
    const std::string_view all = text;
    for (std::size_t i = 0; i < all.size();) {
        std::size_t n = 0;
        while (i + n < all.size() && is_alnum(all[i + n])) ++n;
        if (n > 0) words.push_back(all.substr(i, n));
        i += n + 1;
    }
    for (const auto& p : phrases())
        for (std::size_t i = 0; i < words.size(); ++i)
            if (const auto last = match(words, i, p)) {
                std::string found;
                for (std::size_t k = i; k <= *last; ++k) found += (k > i ? " " : "") + std::string(words[k]);
                note(signs, {sign_kind::instruction, 0, found, 1});
                i = *last;
            }
}

}  // namespace

std::string_view code_of(sign_kind v) noexcept
{
    switch (v) {
        case sign_kind::invisible: return "invisible";
        case sign_kind::bidirectional: return "bidirectional";
        case sign_kind::instruction: return "instruction";
    }
    return "";
}

std::vector<sign> signs_in(std::string_view utf8)
{
    std::vector<sign> signs;
    const auto text = decode(utf8);
    // As a model reads it: without what nobody sees, and with tags as the letters that they stand for.
    std::string read;
    read.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto odd = oddity_at(text, i);
        const char32_t c = text[i];
        if (odd) note(signs, {*odd, c, {}, 1});
        if (c >= 0xE0020 && c <= 0xE007E) read += lower(static_cast<char>(c - 0xE0000));
        else if (c < 0x80) read += lower(static_cast<char>(c));
        else if (c == 0x2019) read += '\'';
        else if (!odd) read += '\x01';  // a letter of another script; ends a word
    }
    find_instructions(read, signs);
    return signs;
}

std::vector<sign> signs_gained(std::string_view before, std::string_view after)
{
    auto signs = signs_in(after);
    if (signs.empty()) return signs;
    for (const auto& old : signs_in(before))
        for (auto& s : signs)
            if (s.what == old.what && s.code_point == old.code_point && s.phrase == old.phrase) s.count -= std::min(s.count, old.count);
    std::erase_if(signs, [](const sign& s) { return s.count == 0; });
    return signs;
}

std::string words_of(const sign& s)
{
    auto out = s.what == sign_kind::instruction ? "\"" + s.phrase.substr(0, 80) + "\"" : fmt::format("U+{:04X}", static_cast<std::uint32_t>(s.code_point));
    if (s.count > 1) out += fmt::format(" ({} times)", s.count);
    return out;
}

std::string safe_to_show(std::string_view utf8)
{
    std::string out;
    const auto text = decode(utf8);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto from = i;
        const bool odd = oddity_at(text, i).has_value();
        const bool ends_line = text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
        if (odd || ends_line) encode(ends_line ? U' ' : U'\uFFFD', out);
        else
            for (auto k = from; k <= i; ++k) encode(text[k], out);
    }
    return out;
}

}  // namespace rollcall::audit::drift
