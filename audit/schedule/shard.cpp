#include "audit/schedule/shard.hpp"

#include <charconv>
#include <cstdint>

namespace rollcall::audit {
namespace {

constexpr unsigned most = 64;

// FNV-1a, 64 bits: the same on every machine and in every version, unlike std::hash.
std::uint64_t digest(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    // Its low bits alone are uneven for short texts.
    return hash ^ (hash >> 32);
}

std::optional<unsigned> whole(std::string_view text)
{
    unsigned out = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

bool shard::holds(std::string_view site) const { return of <= 1 || digest(site) % of == index - 1; }

std::optional<shard> parse_shard(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto index = whole(text.substr(0, slash)), of = whole(text.substr(slash + 1));
    if (!index || !of || *index < 1 || *index > *of || *of > most) return std::nullopt;
    return shard{*index, *of};
}

std::string text_of(const shard& s) { return std::to_string(s.index) + "/" + std::to_string(s.of); }

}  // namespace rollcall::audit
