#include "audit/url/url.hpp"
#include "tests/catch.hpp"

#include <arpa/inet.h>

#include <array>
#include <string>

namespace {

using rollcall::audit::is_special_purpose;

bool special(const std::string& text)
{
    std::array<unsigned char, 16> bytes{};
    const bool v6 = text.find(':') != std::string::npos;
    REQUIRE(inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) == 1);
    return is_special_purpose(bytes.data(), v6 ? 16 : 4);
}

TEST_CASE("every special-purpose block is refused from its first address to its last, and no further", "[url]")
{
    // before: the last ordinary address below; after: the first ordinary one above; empty: the neighbour is special too
    struct row { const char *before, *first, *last, *after; };
    const row table[] = {
        {"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
        {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
        {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
        {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
        {"168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"},
        {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
        {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
        {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
        {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
        {"192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0"},
        {"192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0"},
        {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
        {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
        {"192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0"},
        {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
        {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
        {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
        {"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},

        {"", "::", "::1", ""},
        {"", "::ffff:0.0.0.0", "::ffff:255.255.255.255", ""},  // mapped: never on the wire
        {"", "64:ff9b::10.0.0.0", "64:ff9b::10.255.255.255", "64:ff9b::11.0.0.0"},
        {"64:ff9b::8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", ""},
        {"", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", ""},
        {"", "100::", "100::ffff:ffff:ffff:ffff", ""},
        {"", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", ""},
        {"", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
        {"2001:db7:ffff::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
        {"2001:ffff::", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
        {"2620:4f:7fff::", "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::"},
        {"3ffe::", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
        {"", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
        {"", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
        {"", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
        {"", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
        {"", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
        {"2606:4700::1111", "2001:0:7f00:1::", "2001:20::", "2a00:1450::1"},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.first << " to " << row.last)
        {
            if (*row.before) CHECK_FALSE(special(row.before));
            CHECK(special(row.first));
            CHECK(special(row.last));
            if (*row.after) CHECK_FALSE(special(row.after));
        }
    }
}

TEST_CASE("each entry of the IANA special-purpose address registries is refused, by name", "[url]")
{
    // https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, with the multicast and
    // site-local blocks of RFC 5771, RFC 4291 and RFC 3879. Some are globally reachable; none is anybody's MCP server.
    struct entry { const char *block, *name, *first, *last; };
    const entry entries[] = {
        {"0.0.0.0/8", "this network, RFC 791", "0.0.0.0", "0.255.255.255"},
        {"10.0.0.0/8", "private use, RFC 1918", "10.0.0.0", "10.255.255.255"},
        {"100.64.0.0/10", "shared address space, RFC 6598", "100.64.0.0", "100.127.255.255"},
        {"127.0.0.0/8", "loopback, RFC 1122", "127.0.0.0", "127.255.255.255"},
        {"169.254.0.0/16", "link local, RFC 3927", "169.254.0.0", "169.254.255.255"},
        {"172.16.0.0/12", "private use, RFC 1918", "172.16.0.0", "172.31.255.255"},
        {"192.0.0.0/24", "IETF protocol assignments, RFC 6890", "192.0.0.0", "192.0.0.255"},
        {"192.0.0.0/29", "IPv4 service continuity, RFC 7335", "192.0.0.0", "192.0.0.7"},
        {"192.0.0.8/32", "IPv4 dummy address, RFC 7600", "192.0.0.8", "192.0.0.8"},
        {"192.0.0.9/32", "port control protocol anycast, RFC 7723", "192.0.0.9", "192.0.0.9"},
        {"192.0.0.10/32", "TURN anycast, RFC 8155", "192.0.0.10", "192.0.0.10"},
        {"192.0.0.170/31", "NAT64/DNS64 discovery, RFC 8880", "192.0.0.170", "192.0.0.171"},
        {"192.0.2.0/24", "documentation, RFC 5737", "192.0.2.0", "192.0.2.255"},
        {"192.31.196.0/24", "AS112-v4, RFC 7535", "192.31.196.0", "192.31.196.255"},
        {"192.52.193.0/24", "AMT, RFC 7450", "192.52.193.0", "192.52.193.255"},
        {"192.88.99.0/24", "6to4 relay anycast, RFC 7526", "192.88.99.0", "192.88.99.255"},
        {"192.168.0.0/16", "private use, RFC 1918", "192.168.0.0", "192.168.255.255"},
        {"192.175.48.0/24", "direct delegation AS112, RFC 7534", "192.175.48.0", "192.175.48.255"},
        {"198.18.0.0/15", "benchmarking, RFC 2544", "198.18.0.0", "198.19.255.255"},
        {"198.51.100.0/24", "documentation, RFC 5737", "198.51.100.0", "198.51.100.255"},
        {"203.0.113.0/24", "documentation, RFC 5737", "203.0.113.0", "203.0.113.255"},
        {"224.0.0.0/4", "multicast, RFC 5771", "224.0.0.0", "239.255.255.255"},
        {"240.0.0.0/4", "reserved, RFC 1112", "240.0.0.0", "255.255.255.254"},
        {"255.255.255.255/32", "limited broadcast, RFC 8190", "255.255.255.255", "255.255.255.255"},
        {"::1/128", "loopback, RFC 4291", "::1", "::1"},
        {"::/128", "unspecified, RFC 4291", "::", "::"},
        {"::/96", "IPv4-compatible, RFC 4291, deprecated", "::2", "::ffff:ffff"},
        {"::ffff:0:0/96", "IPv4-mapped, RFC 4291", "::ffff:0.0.0.0", "::ffff:255.255.255.255"},
        {"64:ff9b:1::/48", "IPv4/IPv6 translation, RFC 8215", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"},
        {"100::/64", "discard only, RFC 6666", "100::", "100::ffff:ffff:ffff:ffff"},
        {"100:0:0:1::/64", "dummy prefix, RFC 9780", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff"},
        {"2001::/23", "IETF protocol assignments, RFC 2928", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001::/32", "Teredo, RFC 4380", "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:1::1/128", "port control protocol anycast, RFC 7723", "2001:1::1", "2001:1::1"},
        {"2001:1::2/128", "TURN anycast, RFC 8155", "2001:1::2", "2001:1::2"},
        {"2001:1::3/128", "DNS-SD SRP anycast, RFC 9665", "2001:1::3", "2001:1::3"},
        {"2001:2::/48", "benchmarking, RFC 5180", "2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"},
        {"2001:3::/32", "AMT, RFC 7450", "2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:4:112::/48", "AS112-v6, RFC 7535", "2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff"},
        {"2001:10::/28", "ORCHID, RFC 4843, deprecated", "2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:20::/28", "ORCHIDv2, RFC 7343", "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:30::/28", "drone remote identification, RFC 9374", "2001:30::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:db8::/32", "documentation, RFC 3849", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2002::/16", "6to4, RFC 3056", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2620:4f:8000::/48", "direct delegation AS112, RFC 7534", "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"},
        {"3fff::/20", "documentation, RFC 9637", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"5f00::/16", "segment routing SIDs, RFC 9602", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"fc00::/7", "unique local, RFC 4193", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"fe80::/10", "link local, RFC 4291", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"fec0::/10", "site local, RFC 3879, deprecated", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"ff00::/8", "multicast, RFC 4291", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    for (const auto& e : entries) {
        DYNAMIC_SECTION(e.block << " " << e.name)
        {
            CHECK(special(e.first));
            CHECK(special(e.last));
            // Every IPv4 block is refused behind the well-known prefix of NAT64 too, which else is judged by what it holds.
            if (std::string(e.first).find(':') == std::string::npos) {
                CHECK(special("64:ff9b::" + std::string(e.first)));
                CHECK(special("64:ff9b::" + std::string(e.last)));
            }
        }
    }
    CHECK_FALSE(special("64:ff9b::8.8.8.8"));
}

TEST_CASE("what is no address is refused", "[url]")
{
    const std::array<unsigned char, 16> bytes{8, 8, 8, 8};
    CHECK_FALSE(is_special_purpose(bytes.data(), 4));
    for (const std::size_t size : {0u, 1u, 3u, 5u, 15u, 17u}) CHECK(is_special_purpose(bytes.data(), size));
}

}  // namespace
