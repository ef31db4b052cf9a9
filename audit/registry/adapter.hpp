// One adapter a registry format: the text of a page in, listings and the next page out. No network.
#pragma once

#include "audit/registry/listing.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace rollcall::audit {

using page_result = std::variant<registry_page, format_error>;

struct adapter {
    std::string_view kind;                             // as in registries.json: "file", "mcp-registry", ...
    page_result (*parse)(std::string_view page_text);  // never throws on bad input
    // The URL of a page: the configured base for the first (`cursor` empty), else with the cursor encoded.
    std::string (*page_url)(std::string_view base, std::string_view cursor);
    std::string_view accept = "application/json";      // what we ask for
    // Good readings without an entry before it counts as delisted: lists kept by hand lose and regain lines.
    unsigned absences = 1;
    bool own = false;  // the operator's own list: when it shrinks, that was meant
    // The address of what changed since a moment (RFC 3339), deleted entries included; none: always read whole.
    std::string (*changes_url)(std::string_view base, std::string_view since) = nullptr;
};

// Every format we read. To add one: write its file, add it to the table in adapter.cpp.
std::span<const adapter> all_adapters() noexcept;
const adapter* find_adapter(std::string_view kind) noexcept;

}  // namespace rollcall::audit
