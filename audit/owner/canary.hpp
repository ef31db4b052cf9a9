// What must come of the canary call, held against what came. Pure.
#pragma once

#include "audit/mcp/conversation.hpp"
#include "data/config/owners.hpp"

#include <string>

namespace rollcall::audit::owner {

struct canary_verdict {
    bool good = false;
    std::string words;   // one line: what was wrong, or "as expected"; may repeat what the server said
    std::string in_public;  // the same without the server's words
};

// No error, every pointer's value equal (numbers by value), and the schema satisfied. A schema may be
// the server's own, so what could be made to run for ever is not looked at: patterns, and chains of references.
canary_verdict judge_canary(const data::canary_record& wanted, const mcp::call_report& got);

}  // namespace rollcall::audit::owner
