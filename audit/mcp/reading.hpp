// What one answer amounts to, in the words of the era tables: a result, an error, or why it is neither.
#pragma once

#include "audit/mcp/conversation.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::mcp {

// How far an answer got, nearest first.
enum class depth { nothing, tcp, http, json, rpc };

struct reading {
    enum class kind { result, error, failed } what = kind::failed;
    nlohmann::json result;
    long long code = 0;       // of the error
    std::string words;        // its message and data, as text
    nlohmann::json data;      // null if there is none
    finding why{data::reason::interrupted, {}};  // what to file if it ends here; not for a result
    depth reached = depth::nothing;
    unsigned status = 0;
    std::string challenge;    // the first WWW-Authenticate, capped and clean
    bool stop = false;        // nothing may be asked after this: no connection, a wall, a price, a rate limit
    bool dead = false;        // no connection at all
    bool no_answer = false;   // the connection stood, and no answer came
};

reading read(const heard& h);

// The error by which 2026-07-28 refuses a version, or the one of its drafts.
bool is_version_error(const reading& r);
// The error says that our version is not supported, whatever its code.
bool refuses_version(const reading& r);
// `data.supported` of an error, if it is an array of strings; empty optional if not.
std::optional<std::vector<std::string>> supported_versions(const reading& r);

// After a fresh `initialize`: the server does not know the session that it gave, or misses one.
bool lost_session(const heard& h, const reading& r, bool had_session);
// After a good `initialize`: the server refuses the version that it answered with.
bool refuses_own_version(const heard& h);

// The failure may pass by itself: no connection, no answer, or a server in trouble.
bool may_pass(const reading& r);

}  // namespace rollcall::audit::mcp
