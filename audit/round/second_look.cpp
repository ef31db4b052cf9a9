#include "audit/round/second_look.hpp"

#include <algorithm>

namespace rollcall::audit {
namespace {

using std::chrono::milliseconds;

constexpr unsigned most_attempts_under_lag = 4;

// Our own trouble is not over at once: a resolver that is overrun shows it for ten seconds (name_window).
constexpr std::chrono::seconds trouble_lasts{5};

}  // namespace

verdict_on_look judge_look(const probe_report& seen, const look& how, const data::settings& settings)
{
    verdict_on_look out;
    const auto why = seen.cell.why;
    const bool good = data::is_good(data::class_of(why));
    const milliseconds asked = seen.retry_after ? milliseconds(*seen.retry_after) : milliseconds(0);
    const auto patience = std::max(settings.probe.retry_after, asked);
    if (why == data::reason::rate_limited) out.next.site_rests = std::min<milliseconds>(patience, longest_patience);

    // A good answer that came while we were late is good; that it was slow may have been us.
    const bool slow_with_us = why == data::reason::slow && milliseconds(seen.cell.waited_ms) - seen.late <= settings.probe.slow;
    const bool ran_out_with_us = seen.ran_out && !good && seen.late > how.too_late;
    out.ours = (how.lag > how.too_late && (!good || why == data::reason::slow)) || slow_with_us || ran_out_with_us;
    const bool busy_resolver = why == data::reason::interrupted;
    const bool again = (worth_a_retry(seen) && how.attempt <= settings.probe.retries) || ((out.ours || busy_resolver) && how.attempt < most_attempts_under_lag);
    out.filed = !again || asked > longest_patience;
    if (!out.filed) out.next.again = out.ours || busy_resolver ? std::max<milliseconds>(patience, trouble_lasts) : patience;
    return out;
}

}  // namespace rollcall::audit
