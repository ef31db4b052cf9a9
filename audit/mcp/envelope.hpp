// One JSON-RPC message against the request that it may answer.
#pragma once

#include "data/model/reason.hpp"
#include "data/model/warning.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit::mcp {

struct envelope {
    enum class kind {
        result,        // a good response to our request
        error,         // a well-formed error, ours
        notification,  // the server tells something
        request,       // the server asks something
        faulty,        // meant as a response, but against JSON-RPC: `problem` and `detail` say how
    } what = kind::faulty;
    std::optional<data::reason> problem;
    std::string detail;
    std::vector<data::warning> warnings;
};

// How errors find their request. On a stream that serves several requests an error must carry our id or none;
// as the reply to our own POST it is ours whatever it carries.
enum class error_ids { any, ours_or_none };

// JSON-RPC 2.0 and the schema of MCP: `jsonrpc`, our id, exactly one of `result` (an object) and `error`
// ({integer code, string message}).
envelope judge_message(const nlohmann::json& message, int id, error_ids errors);

}  // namespace rollcall::audit::mcp
