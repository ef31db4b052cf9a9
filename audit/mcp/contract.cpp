#include "audit/mcp/contract.hpp"

#include "audit/mcp/text.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>

namespace rollcall::audit::mcp {
namespace {

using nlohmann::json;

constexpr std::string_view hex_digits = "0123456789abcdef";

// Largest integer up to which every integer is a double.
constexpr std::int64_t exact = std::int64_t{1} << 53;

void write_string(std::string_view raw, std::string& out)
{
    bool changed = false;
    const std::string text = repair_utf8(raw, changed);
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
                    out += "\\u00";
                    out += hex_digits[byte >> 4];
                    out += hex_digits[byte & 15];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write_number(const json& value, std::string& out)
{
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(exact)) {
        out += std::to_string(value.get<std::uint64_t>());
    } else if (value.is_number_integer() && !value.is_number_unsigned() && value.get<std::int64_t>() >= -exact &&
               value.get<std::int64_t>() <= exact) {
        out += std::to_string(value.get<std::int64_t>());
    } else {
        out += canonical_number(value.get<double>());
    }
}

// The depth of what we parse is capped, so recursion is bounded.
void write(const json& value, std::string& out)
{
    switch (value.type()) {
        case json::value_t::object: {
            std::vector<std::pair<std::string_view, const json*>> members;
            members.reserve(value.size());
            for (const auto& [key, member] : value.get_ref<const json::object_t&>()) members.emplace_back(key, &member);
            std::ranges::sort(members, less_utf16, &std::pair<std::string_view, const json*>::first);
            out += '{';
            for (std::size_t i = 0; i < members.size(); ++i) {
                if (i > 0) out += ',';
                write_string(members[i].first, out);
                out += ':';
                write(*members[i].second, out);
            }
            out += '}';
            break;
        }
        case json::value_t::array: {
            out += '[';
            bool first = true;
            for (const auto& element : value) {
                if (!std::exchange(first, false)) out += ',';
                write(element, out);
            }
            out += ']';
            break;
        }
        case json::value_t::string: write_string(value.get_ref<const std::string&>(), out); break;
        case json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; break;
        case json::value_t::number_integer:
        case json::value_t::number_unsigned:
        case json::value_t::number_float: write_number(value, out); break;
        default: out += "null"; break;
    }
}

json only(const json& tool, std::span<const std::string_view> names)
{
    json kept = json::object();
    for (const auto name : names)
        if (const auto it = tool.find(std::string(name)); it != tool.end()) kept[std::string(name)] = *it;
    return kept;
}

std::string canonical_array(const std::vector<json>& tools, std::span<const std::string_view> members)
{
    std::vector<std::pair<std::string, std::string>> rows;  // name, canonical text
    rows.reserve(tools.size());
    for (const auto& tool : tools)
        rows.emplace_back(tool.at("name").get_ref<const std::string&>(), canonical_json(only(tool, members)));
    std::ranges::sort(rows, [](const auto& a, const auto& b) {
        return a.first != b.first ? less_utf16(a.first, b.first) : less_utf16(a.second, b.second);
    });
    std::string out = "[";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i > 0) out += ',';
        out += rows[i].second;
    }
    return out + "]";
}

constexpr std::array<std::string_view, 4> contract_members{"name", "inputSchema", "outputSchema", "annotations"};
constexpr std::array<std::string_view, 6> full_members{"name",        "inputSchema", "outputSchema",
                                                       "annotations", "title",       "description"};

}  // namespace

bool less_utf16(std::string_view a, std::string_view b) noexcept
{
    const auto [left, right] = std::ranges::mismatch(a, b);
    if (left == a.end() || right == b.end()) return left == a.end() && right != b.end();
    const auto x = static_cast<unsigned char>(*left), y = static_cast<unsigned char>(*right);
    // Four bytes (surrogates in UTF-16, from D800) against the three of U+E000 to U+FFFF.
    const bool x_pair = x >= 0xF0, y_pair = y >= 0xF0;
    if (x_pair && (y == 0xEE || y == 0xEF)) return true;
    if (y_pair && (x == 0xEE || x == 0xEF)) return false;
    return x < y;
}

std::string canonical_number(double value)
{
    if (value == 0) return "0";  // minus zero too
    if (!std::isfinite(value)) return "null";
    std::string out;
    if (value < 0) {
        out = "-";
        value = -value;
    }
    std::array<char, 40> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    if (error != std::errc{}) throw std::logic_error("to_chars: buffer too small");
    // "d.ddde+xx": the digits, and the place of the point behind them as ECMAScript counts it.
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const auto e = text.find('e');
    std::string digits(text.substr(0, e));
    std::erase(digits, '.');
    int exponent = 0;
    auto power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    const int k = static_cast<int>(digits.size()), n = exponent + 1;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    if (k <= n && n <= 21) return out + digits + std::string(at(n - k), '0');
    if (0 < n && n <= 21) return out + digits.substr(0, at(n)) + "." + digits.substr(at(n));
    if (-6 < n && n <= 0) return out + "0." + std::string(at(-n), '0') + digits;
    out += digits.substr(0, 1);
    if (k > 1) out += "." + digits.substr(1);
    out += n - 1 < 0 ? "e-" : "e+";
    return out + std::to_string(std::abs(n - 1));
}

std::string canonical_json(const json& value)
{
    std::string out;
    write(value, out);
    return out;
}

std::string sha256_hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += hex_digits[digest[i] >> 4];
        out += hex_digits[digest[i] & 15];
    }
    return out;
}

contract contract_of(const std::vector<json>& tools)
{
    contract c;
    c.manifest = canonical_array(tools, full_members);
    c.full_hash = sha256_hex(c.manifest);
    c.contract_hash = sha256_hex(canonical_array(tools, contract_members));
    return c;
}

}  // namespace rollcall::audit::mcp
