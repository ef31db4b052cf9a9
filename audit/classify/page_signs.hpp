// Pages that stand in place of the server's own answer: bot walls and the fall-back pages of platforms.
#pragma once

#include "audit/classify/classify.hpp"

#include <optional>

namespace rollcall::audit {

// A challenge, a firewall's refusal, a geographical or legal block (class W), or its rate limit.
std::optional<finding> recognise_wall(const http_answer& answer);

// What a platform answers when there is no application behind the name, or when it failed.
std::optional<finding> recognise_platform(const http_answer& answer);

// The server's own check of the Host header refused its public name.
bool refuses_host(const http_answer& answer);

}  // namespace rollcall::audit
