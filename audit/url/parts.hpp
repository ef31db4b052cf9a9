// The pieces that the functions of url.hpp share: RFC 3986 syntax, escapes, hosts. Not for other folders.
#pragma once

#include "audit/url/url.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit::detail {

// RFC 3986 appendix B, without the fragment. Views into the text that was parsed.
struct reference {
    std::optional<std::string_view> scheme, authority, query;
    std::string_view path;
};
reference parse_reference(std::string_view text) noexcept;

struct authority_parts {
    bool userinfo = false;
    std::string_view host;  // with brackets, if it has any
    std::string_view port;
};
authority_parts parse_authority(std::string_view authority) noexcept;

// White space of any script at both ends removed.
std::string_view trimmed(std::string_view text) noexcept;
// UTF-8, and free of control characters, white space and invisible direction marks?
bool is_clean(std::string_view text) noexcept;
// A place to fill in rather than an address: "{tenant}", "[YOUR_TOKEN]", "YOUR_KEY", "•••" ...
bool is_template(std::string_view text);

// Escapes as RFC 3986 section 6.2.2 wants them: those of unreserved characters decoded, the others in capitals, what
// may not stand in a request line escaped. The bytes of a listed spelling keep their escapes (`decode` false).
std::string normal_path(std::string_view path, bool decode);
std::string normal_query(std::string_view query, bool decode);
// RFC 3986 section 5.2.4, of escaped dots too ("%2e%2e"), as URL parsers of browsers do: what is probed is where the
// identity says.
std::string without_dot_segments(std::string_view path);
std::string without_campaign(std::string_view query);
// One "%XX" at the start of `text`: its byte.
std::optional<unsigned char> escaped_byte(std::string_view text) noexcept;
void append_escaped(std::string& out, unsigned char byte);
bool is_unreserved(unsigned char c) noexcept;

enum class host_kind : std::uint8_t { name, ipv4, ipv6 };
struct host_name {
    host_kind kind = host_kind::name;
    std::string text;  // lower-case, A-labels, addresses in their usual spelling, IPv6 in brackets
    std::array<unsigned char, 16> address{};
};
// Empty if it is no host at all. Numeric spellings ("0x7f.1") are read as inet_aton reads them.
std::optional<host_name> parse_host(std::string_view raw);
// Names nobody can reach: RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 9476, single labels, unknown top-level domains.
bool is_reserved_name(std::string_view host);

// Nothing: no number, or not from 1 to 65535. An empty text is the default of the scheme.
std::optional<std::uint16_t> parse_port(std::string_view text, std::string_view scheme) noexcept;
std::uint16_t default_port(std::string_view scheme) noexcept;
std::string lower(std::string_view text);
bool is_digit(char c) noexcept;
bool is_alpha(char c) noexcept;

// Scheme, host and port as a URL begins with them.
std::string origin_of(const canonical_url& url);

}  // namespace rollcall::audit::detail
