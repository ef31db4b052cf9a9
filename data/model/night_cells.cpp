#include "data/model/night_cells.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace rollcall::data {
namespace {

constexpr std::array classes{cell_class::pass,      cell_class::slow, cell_class::auth,      cell_class::wall,
                             cell_class::malformed, cell_class::http, cell_class::transport, cell_class::unusable};
constexpr unsigned absent = 0xFFFF, time_bits = 13, mantissa_bits = 9, highest_exponent = 14;

unsigned pack_time(std::uint32_t ms) noexcept
{
    unsigned exponent = 0;
    std::uint64_t mantissa = ms;
    if (const auto width = static_cast<unsigned>(std::bit_width(ms)); width > mantissa_bits) {
        exponent = width - mantissa_bits;
        mantissa = (mantissa + (1u << (exponent - 1))) >> exponent;  // to the nearest
        if (mantissa == 1u << mantissa_bits) {
            mantissa >>= 1;
            ++exponent;
        }
    }
    if (exponent > highest_exponent) return (highest_exponent << mantissa_bits | 511u) + 1;
    return (exponent << mantissa_bits | static_cast<unsigned>(mantissa)) + 1;
}

std::optional<std::uint32_t> unpack_time(unsigned packed) noexcept
{
    if (packed == 0) return std::nullopt;
    return ((packed - 1) & 511u) << std::min((packed - 1) >> mantissa_bits, highest_exponent);
}

}  // namespace

std::string pack_cells(std::span<const kept_cell> cells)
{
    std::string out;
    for (const auto& c : cells) {
        if (c.region < 1 || c.region > most_regions) throw std::logic_error("a region's number is out of bounds: " + std::to_string(c.region));
        const auto at = static_cast<std::size_t>(c.region - 1) * 2;
        if (out.size() < at + 2) out.resize(at + 2, '\xff');
        const auto letter = static_cast<unsigned>(std::ranges::find(classes, c.result) - classes.begin());
        const auto value = letter << time_bits | (c.ms ? pack_time(*c.ms) : 0u);
        out[at] = static_cast<char>(value >> 8);
        out[at + 1] = static_cast<char>(value & 0xff);
    }
    return out;
}

std::vector<kept_cell> unpack_cells(std::string_view bytes)
{
    std::vector<kept_cell> out;
    out.reserve(bytes.size() / 2);
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        const auto value = static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) << 8 | static_cast<unsigned char>(bytes[at + 1]);
        if (value == absent) continue;
        out.push_back({static_cast<std::int64_t>(at / 2 + 1), classes[value >> time_bits], unpack_time(value & ((1u << time_bits) - 1))});
    }
    return out;
}

std::uint32_t kept_time(std::uint32_t ms) noexcept { return *unpack_time(pack_time(ms)); }

}  // namespace rollcall::data
