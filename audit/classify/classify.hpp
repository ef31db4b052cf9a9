// What an HTTP answer that is not a JSON-RPC success means. Pure: read from top to bottom, first match wins.
#pragma once

#include "audit/classify/http_answer.hpp"
#include "data/model/reason.hpp"

#include <optional>
#include <string>

namespace rollcall::audit {

struct finding {
    data::reason why;
    std::string detail;  // one line for a page: what decided; empty if the reason says it all
    bool operator==(const finding&) const = default;
};

// Walls, platform fallback pages, host check, auth, payment, rate limit: the answers that stand in place of the
// server's own. Empty if the answer is none of these. In the order: wall, platform, host check, then status.
std::optional<finding> classify_wall_or_platform(const http_answer& answer);

// The outcome of an answer that carries no usable JSON-RPC response: the above, then auth (401, 403), payment
// (402), 429, 451, 404, 405, 410, other 4xx, 5xx; for 2xx: empty, html, not_json.
finding classify_http(const http_answer& answer);

}  // namespace rollcall::audit
