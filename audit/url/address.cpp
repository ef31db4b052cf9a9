// Addresses that are nobody's public server: the IANA special-purpose registries (RFC 6890 and its updates).
#include "audit/url/url.hpp"

#include <array>
#include <cstring>
#include <span>

namespace rollcall::audit {
namespace {

struct block4 {
    std::array<unsigned char, 4> prefix;
    unsigned bits;
};

constexpr block4 special4[] = {
    {{0, 0, 0, 0}, 8},         // this network
    {{10, 0, 0, 0}, 8},        // private use
    {{100, 64, 0, 0}, 10},     // shared, behind a provider's NAT
    {{127, 0, 0, 0}, 8},       // loopback
    {{169, 254, 0, 0}, 16},    // link-local; cloud metadata
    {{172, 16, 0, 0}, 12},     // private use
    {{192, 0, 0, 0}, 24},      // IETF protocol assignments
    {{192, 0, 2, 0}, 24},      // documentation
    {{192, 31, 196, 0}, 24},   // AS112
    {{192, 52, 193, 0}, 24},   // AMT
    {{192, 88, 99, 0}, 24},    // 6to4 relays
    {{192, 168, 0, 0}, 16},    // private use
    {{192, 175, 48, 0}, 24},   // AS112
    {{198, 18, 0, 0}, 15},     // benchmarking
    {{198, 51, 100, 0}, 24},   // documentation
    {{203, 0, 113, 0}, 24},    // documentation
    {{224, 0, 0, 0}, 4},       // multicast
    {{240, 0, 0, 0}, 4},       // reserved, limited broadcast
    {{168, 63, 129, 16}, 32},  // in no registry, but every machine at Azure sees its host's services there
};

struct block6 {
    std::array<unsigned char, 6> prefix;
    unsigned bits;
};

// Only 2000::/3 is global unicast: what stands outside (::1, mapped, 64:ff9b:1::/48, 100::/64, 5f00::/16, fc00::/7,
// fe80::/10, ff00::/8, what is not assigned) is refused as a whole, so these are the blocks inside.
constexpr block6 special6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},              // IETF protocol assignments: Teredo, benchmarking, ORCHID, AS112 ...
    {{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    {{0x20, 0x02}, 16},                          // 6to4
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48},  // AS112
    {{0x3f, 0xff, 0x00}, 20},                    // documentation
};

// The well-known prefix of NAT64 (RFC 6052): an IPv4 address in the last four bytes.
constexpr std::array<unsigned char, 12> nat64{0, 0x64, 0xff, 0x9b};

bool within(const unsigned char* address, std::span<const unsigned char> prefix, unsigned bits) noexcept
{
    const std::size_t whole = bits / 8;
    if (std::memcmp(address, prefix.data(), whole) != 0) return false;
    if (bits % 8 == 0) return true;
    const unsigned mask = 0xff00u >> (bits % 8) & 0xffu;
    return (address[whole] & mask) == (prefix[whole] & mask);
}

}  // namespace

bool is_special_purpose(const unsigned char* address, std::size_t size) noexcept
{
    if (size == 4) {
        for (const auto& [prefix, bits] : special4)
            if (within(address, prefix, bits)) return true;
        return false;
    }
    if (size != 16) return true;
    if (within(address, nat64, 96)) return is_special_purpose(address + 12, 4);
    if ((address[0] & 0xe0) != 0x20) return true;
    for (const auto& [prefix, bits] : special6)
        if (within(address, prefix, bits)) return true;
    return false;
}

}  // namespace rollcall::audit
