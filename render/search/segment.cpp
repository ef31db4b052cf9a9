#include "render/search/segment.hpp"

#include "render/documents/roll.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

constexpr std::size_t longest = 80;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_fit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; }

// "page" is where the further pages of a list stand, and a tilde is the mark of a value that was changed.
bool is_plain(std::string_view value)
{
    return is_safe_slug(value) && value.size() <= longest && value != "page" && std::ranges::all_of(value, is_fit);
}

std::string fit_of(std::string_view value)
{
    std::string out;
    for (const char c : value.substr(0, longest)) out += is_fit(c) && c != '.' ? c : '-';
    return out;
}

}  // namespace

std::uint64_t fingerprint(std::string_view text, std::uint64_t so_far) noexcept
{
    for (const char c : text) so_far = (so_far ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return so_far;
}

std::string hex(std::uint64_t number, int digits)
{
    std::string out;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[number >> shift & 15u];
    return out;
}

std::string segments::of(std::string_view value)
{
    const auto marked = [&](std::uint64_t seed) { return fit_of(value) + "~" + hex(fingerprint(value, seed), 8); };
    auto out = is_plain(value) ? std::string(value) : marked(fingerprint(""));
    const auto is_free = [&](std::string name) {
        std::ranges::transform(name, name.begin(), lower);
        return taken_.insert(std::move(name)).second;
    };
    for (std::uint64_t seed = 1; !is_free(out); ++seed) out = marked(seed);
    return out;
}

}  // namespace rollcall::render
