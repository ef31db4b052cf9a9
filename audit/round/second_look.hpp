// What becomes of a probe that has ended: its cell is filed, or the endpoint is looked at again. A pure function.
#pragma once

#include "audit/probe/prober.hpp"
#include "audit/schedule/agenda.hpp"

#include <chrono>

namespace rollcall::audit {

// A server that asks for more patience than this is not asked again tonight.
inline constexpr std::chrono::minutes longest_patience{15};

struct look {
    unsigned attempt = 1;
    std::chrono::milliseconds lag{0};       // our own worst delay while it ran
    std::chrono::milliseconds too_late{0};  // the delay from which on it spoils what is measured
};

struct verdict_on_look {
    wish next{};
    bool filed = false;  // this is the cell; else `next.again` says when to look again
    bool ours = false;   // our own slowness spoilt it: filed as `interrupted`
};

// Transport failures, time-outs, 5xx and sleeping platforms (worth_a_retry) are looked at again `settings.retries` times,
// after `settings.retry_after` and what the server asked for. What was seen while our own thread was late is looked at
// again whatever it was, three times at most; so is what was slow, or ran out of
// time, with our many small delays in it; always five seconds later at least. After "too many requests" the whole site is left in peace for that long.
verdict_on_look judge_look(const probe_report& seen, const look& how, const data::settings& settings);

}  // namespace rollcall::audit
