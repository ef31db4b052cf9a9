// What the schema of MCP demands of a result beside its tools, as far as the official clients insist on it.
//
// Each function says what is wrong as a path and a few words ("capabilities.tools: not an object"), or nothing.
#pragma once

#include "data/model/cell.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace rollcall::audit::mcp {

// `_meta` of any object: absent, or an object.
std::optional<std::string> meta_fault(const nlohmann::json& owner);
// `instructions` of an answer to `initialize` or `server/discover`: absent, or text.
std::optional<std::string> instructions_fault(const nlohmann::json& result);
// `capabilities`, which must be there. What the schema does not name may be anything.
std::optional<std::string> capabilities_fault(const nlohmann::json& result, data::era era);
// `serverInfo` of an answer to `initialize`, which must be there.
std::optional<std::string> server_info_fault(const nlohmann::json& result);
// `icons` of a tool or a server.
std::optional<std::string> icons_fault(const nlohmann::json& owner);

}  // namespace rollcall::audit::mcp
