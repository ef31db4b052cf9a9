// owners.json: what owners asked for beyond the nightly probe. Opt-in; reviewed by the operator; no secret in it.
#pragma once

#include "data/model/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::data {

// The one tool call that is made, and what must come of it.
struct canary_record {
    std::string tool;
    std::string arguments = "{}";          // a JSON object, as text
    // JSON pointers into the result of the call, each with the JSON text that must stand there.
    std::vector<std::pair<std::string, std::string>> equals;
    std::string schema;                    // JSON Schema (draft 7) of `structuredContent`, as text; empty: none
    bool own_schema = false;               // it must fit the tool's own outputSchema
};

// How the credential is sent, and where it comes from. The secret itself stands in the environment only.
struct credential_record {
    std::string header = "Authorization";
    std::string prefix = "Bearer ";        // before the secret
    std::string env;                       // NAME of the environment variable
    std::optional<time_point> expires_at;  // as declared, or issued_at + expires_in
};

struct owner_record {
    std::string endpoint;                  // as written
    std::optional<credential_record> credential;
    std::optional<canary_record> canary;
    std::string health_url;                // empty: none
    std::string note;                      // shown on the server's page
    std::string pointer;                   // "/owners/3": where it stands, for messages
};

// In the file's order. `file` names it in messages.
std::vector<owner_record> parse_owners(std::string_view text, const std::string& file);

}  // namespace rollcall::data
