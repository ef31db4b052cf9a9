// The challenges of a WWW-Authenticate field (RFC 9110 section 11.6.1), read tolerantly.
#pragma once

#include "audit/classify/http_answer.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::audit {

struct challenge {
    std::string scheme;   // lower-case
    std::string token68;  // "abc==" of `Negotiate abc==`; empty if there is none
    std::vector<std::pair<std::string, std::string>> params;  // names lower-case, values unquoted

    // The first parameter of that (lower-case) name; empty if there is none.
    std::string_view param(std::string_view name) const;
    bool operator==(const challenge&) const = default;
};

// The challenges of one field value, in order. Several challenges in a field, commas inside quoted strings and
// values that should have been quoted (URLs) are understood; what cannot be read is skipped. Never fails.
std::vector<challenge> parse_challenges(std::string_view field);

// Those of all WWW-Authenticate fields of an answer, in order.
std::vector<challenge> challenges_of(const http_answer& answer);

// The absolute http(s) URL that the first Bearer challenge with one names as its `resource_metadata` (RFC 9728
// section 5.1); empty if there is none.
std::string resource_metadata_of(const http_answer& answer);

}  // namespace rollcall::audit
