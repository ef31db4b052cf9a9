// What a tool list promises, as text and as a hash.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::mcp {

// RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, numbers as ECMAScript writes them,
// no blanks. Strings that are not UTF-8 get U+FFFD.
std::string canonical_json(const nlohmann::json& value);

// The number as ECMAScript's Number::toString gives it (section 3.2.2.3 of RFC 8785). Not for NaN or infinity.
std::string canonical_number(double value);

// Orders UTF-8 texts as their UTF-16 code units would be: beyond U+FFFF comes before U+E000.
bool less_utf16(std::string_view a, std::string_view b) noexcept;

// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);

struct contract {
    std::string contract_hash;  // over name, inputSchema, outputSchema, annotations
    std::string full_hash;      // with title and description: the hash of `manifest`
    std::string manifest;       // the canonical array of tools in full form
};

// Sorted by name; equal names by their own canonical text. `_meta`, `execution`, icons and the list's order do
// not count. Every tool is an object with a string `name`.
contract contract_of(const std::vector<nlohmann::json>& tools);

}  // namespace rollcall::audit::mcp
