// Hosts: internationalised names (UTS 46, IDNA 2008), the numeric spellings that resolvers take, reserved names.
#include "audit/url/parts.hpp"

#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace rollcall::audit::detail {
namespace {

constexpr std::size_t longest_name = 253, longest_label = 63;  // RFC 1035 section 2.3.4, without the root's dot
constexpr std::size_t longest_raw = 1000;                      // of a name that is not in its A-label form yet

std::vector<std::string_view> labels_of(std::string_view name)
{
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('.', at), name.size());
        out.push_back(name.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

// RFC 3986 section 3.2.2 allows escapes in a name. A delimiter that comes out of one is no part of a host.
std::optional<std::string> unescaped(std::string_view raw)
{
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '%') {
            out += raw[i];
            continue;
        }
        const auto byte = escaped_byte(raw.substr(i));
        if (!byte) return {};
        out += static_cast<char>(*byte);
        i += 2;
    }
    if (!is_clean(out)) return {};
    return out;
}

std::optional<std::string> to_ascii(const std::string& name)
{
    if (std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return lower(name);
    std::uint8_t* raw = nullptr;
    const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
    const int result = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(name.c_str()), &raw, flags);
    const std::unique_ptr<std::uint8_t, void (*)(void*)> owned(raw, idn2_free);
    if (result != IDN2_OK || raw == nullptr) return {};
    return lower(reinterpret_cast<const char*>(raw));
}

// One number as inet_aton reads it: decimal, octal after a zero, hexadecimal after "0x".
std::optional<std::uint64_t> number_of(std::string_view text) noexcept
{
    unsigned base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
        if (text.empty()) return {};
    } else if (text.size() > 1 && text[0] == '0') {
        base = 8;
    }
    if (text.empty()) return {};
    std::uint64_t value = 0;
    for (const char c : text) {
        const unsigned digit = is_digit(c)            ? static_cast<unsigned>(c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                                                      : 99u;
        if (digit >= base) return {};
        value = value * base + digit;
        if (value > 0xffffffffu) return {};
    }
    return value;
}

bool looks_numeric(std::string_view label) noexcept
{
    return (!label.empty() && std::all_of(label.begin(), label.end(), is_digit)) ||
           (label.starts_with("0x") && label.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos);
}

std::optional<host_name> ipv4_of(const std::vector<std::string_view>& parts)
{
    if (parts.size() > 4) return {};
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto value = number_of(parts[i]);
        const bool last = i + 1 == parts.size();
        if (!value || *value >= (last ? std::uint64_t{1} << (8 * (4 - i)) : 256)) return {};
        address = last ? address | *value : address | (*value << (8 * (3 - i)));
    }
    host_name out;
    out.kind = host_kind::ipv4;
    for (std::size_t i = 0; i < 4; ++i) {
        out.address[i] = static_cast<unsigned char>(address >> (8 * (3 - i)));
        out.text += (i ? "." : "") + std::to_string(out.address[i]);
    }
    return out;
}

std::optional<host_name> ipv6_of(std::string_view bracketed)
{
    if (bracketed.size() < 4 || bracketed.size() > 64 || !bracketed.ends_with(']')) return {};
    host_name out;
    out.kind = host_kind::ipv6;
    const std::string inner(bracketed.substr(1, bracketed.size() - 2));
    if (inet_pton(AF_INET6, inner.c_str(), out.address.data()) != 1) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, out.address.data(), text.data(), static_cast<socklen_t>(text.size()));
    out.text = "[" + std::string(text.data()) + "]";
    return out;
}

bool is_below(std::string_view host, std::string_view domain) noexcept
{
    return host == domain ||
           (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

std::optional<host_name> parse_host(std::string_view raw)
{
    if (raw.starts_with('[')) return ipv6_of(raw);
    if (raw.empty() || raw.size() > longest_raw) return {};
    const auto plain = unescaped(raw);
    auto name = plain ? to_ascii(*plain) : std::nullopt;
    if (!name) return {};
    if (name->ends_with('.')) name->pop_back();
    if (name->empty() || name->size() > longest_name) return {};

    const auto labels = labels_of(*name);
    for (const std::string_view label : labels) {
        if (label.empty() || label.size() > longest_label) return {};
        if (!std::all_of(label.begin(), label.end(),
                         [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_'; }))
            return {};
    }
    if (looks_numeric(labels.back())) return ipv4_of(labels);
    host_name out;
    out.text = std::move(*name);
    return out;
}

bool is_reserved_name(std::string_view host)
{
    if (host.find('.') == std::string_view::npos) return true;
    for (const std::string_view domain :
         {"example", "test", "invalid", "localhost", "local", "internal", "home.arpa", "onion", "alt"})
        if (is_below(host, domain)) return true;
    // Some top-level domains stand in the list only by what is below them ("co.za").
    const std::string name(host);
    bool known = false;
    for (std::size_t at = name.find('.'); at != std::string::npos && !known; at = name.find('.', at + 1))
        known =
            psl_is_public_suffix2(psl_builtin(), name.c_str() + at + 1, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
    // "example" under any public suffix: example.com is reserved, and the others are what people write in manuals.
    return !known || platform_of(host).starts_with("example.");
}

}  // namespace rollcall::audit::detail
