// How long a server asks us to stay away (RFC 9110 section 10.2.3).
#pragma once

#include "audit/classify/http_answer.hpp"

#include <chrono>
#include <optional>

namespace rollcall::audit {

// Seconds, or a date: that one is read against the answer's own Date, for the server's clock is the one it was
// written by. At most a day; empty if there is nothing that can be read.
std::optional<std::chrono::seconds> patience_asked_for(const http_answer& answer);

}  // namespace rollcall::audit
