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

TEST_CASE("what is no address is refused", "[url]")
{
    const std::array<unsigned char, 16> bytes{8, 8, 8, 8};
    CHECK_FALSE(is_special_purpose(bytes.data(), 4));
    for (const std::size_t size : {0u, 1u, 3u, 5u, 15u, 17u}) CHECK(is_special_purpose(bytes.data(), size));
}

}  // namespace
