// From the text of a listing to an endpoint: canonical URL, slug, site, or the class that excludes it.
//
// Pure: decided from the text alone, before any name is resolved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rollcall::audit {

// Why a listed remote is never probed. Codes are published and stored: add at the end, never rename.
enum class exclusion : std::uint8_t {
    none, url_missing, url_malformed, templated, scheme, userinfo, reserved_name, private_address,
    stdio_only, superseded, deleted, delisted, opted_out, campaign_variant,
};
std::string_view code_of(exclusion e) noexcept;

struct canonical_url {
    std::string text;    // the identity, e.g. "https://mcp.example.com/mcp"
    std::string scheme;  // "http" or "https"
    std::string host;    // lower-case, A-labels, IPv6 in brackets
    std::uint16_t port = 443;
    std::string target;  // path and query as they go into a request line
    bool operator==(const canonical_url&) const = default;
};

struct url_result {
    exclusion why = exclusion::none;  // none: eligible
    canonical_url url;                // text is empty where the rules give no canonical form
};

// What endpoints show of themselves that is counted and excludes nobody. Bits, stored: add at the end.
enum class url_mark : std::uint32_t {
    tunnel = 1,           // a tunnel to somebody's desk: *.trycloudflare.com, *.ngrok-free.app ...
    query = 2,
    other_port = 4,       // not 443 with https, nor 80 with http
    root_path = 8,
    names_address = 16,   // an address in the name: *.nip.io, *.sslip.io; where it leads is checked like any other
    tailnet = 32,         // *.ts.net: public only if its owner says so
    punycode = 64,
    capitals_in_host = 128,  // as listed
    secret_in_query = 256,   // something like a token in the query: masked wherever it is shown
    plain_http = 512,
};
struct url_mark_row {
    url_mark value;
    std::string_view code;   // stable, snake_case
    std::string_view label;
};
std::span<const url_mark_row> all_marks() noexcept;
// `listed`: the text before it was made canonical.
std::uint32_t marks_of(const canonical_url& url, std::string_view listed);

// The canonical URL without the parameters that may only say where a visitor came from (ref, src, source, via,
// platform). Endpoints that share it are variants of one another: see audit/intake/cluster.hpp.
std::string campaign_key(std::string_view canonical);

// A longer text is url_malformed, never cut: a URL that was cut is another URL.
inline constexpr std::size_t longest_url = 2000;

// `allow_private` admits private addresses and reserved names: for one's own servers and for tests.
url_result canonicalise(std::string_view listed, bool allow_private = false);

// Splits an absolute http(s) URL into its parts without making it canonical: the bytes that are probed are the
// listed spelling. Empty if it is not an absolute http(s) URL or has userinfo.
std::optional<canonical_url> split_url(std::string_view url);

// Host, and the port where it is not the scheme's own: what the Host field of a request carries.
std::string authority(const canonical_url& url);

// RFC 3986 section 5: `reference` against an absolute base. Empty if the result is not http(s).
std::optional<canonical_url> resolve_reference(const canonical_url& base, std::string_view reference);

// Host and path as a path of the site; see the slug rules in url.cpp. `taken` by another URL: pass collision.
std::string slug_of(const canonical_url& url, bool collision = false);

// The registrable domain by the full Public Suffix List ("a.onrender.com" is its own site); an IP address or a
// name without a public suffix rule is its own site.
std::string site_of(std::string_view host);
// The same with names that the list lacks (platforms.json): what stands before one of them is a site of its own.
std::string site_of(std::string_view host, std::span<const std::string> platforms);
// The registrable domain by the ICANN section only ("onrender.com"): what outages are grouped by.
std::string platform_of(std::string_view host);
// The same with the names of platforms.json, the longest first: "us-central1.run.app" fails apart from "run.app".
std::string platform_of(std::string_view host, std::span<const std::string> platforms);

// Literal addresses, any spelling that inet_aton takes, mapped and NAT64 forms: in an IANA special-purpose
// block (private, loopback, link-local, metadata, ULA, CGNAT, multicast, reserved ...)?
// `address` is 4 or 16 bytes in network order.
bool is_special_purpose(const unsigned char* address, std::size_t size) noexcept;

}  // namespace rollcall::audit
