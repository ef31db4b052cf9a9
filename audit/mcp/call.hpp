// tools/call, for the one tool that an owner's record names. Nothing else ever calls a tool.
#pragma once

#include "audit/mcp/attempt.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::audit::mcp {

// Calls the tool of `talk.known.canary`, if there is one, and files what came of it in `a`. It is not called if the
// server does not list it, or says itself that it is not read-only. `tools` are those that were listed.
script<bool> call_canary(dialogue& talk, attempt& a, channel through, const std::vector<nlohmann::json>& tools);

// The header fields that mirror arguments (2026-07-28, transports, "x-mcp-header"): only along chains of `properties`,
// only where the arguments hold a value.
std::vector<std::pair<std::string, std::string>> mirrored_headers(const nlohmann::json& input_schema, const nlohmann::json& arguments);

// A text as a header field's value: as it stands if it is plain ASCII, else "=?base64?...?=".
std::string header_value(std::string_view text);

}  // namespace rollcall::audit::mcp
