#include "audit/net/name_window.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::audit {
namespace {

constexpr std::chrono::seconds span_length{5};
constexpr std::size_t fewest = 20, most = 2000, enough = 10;

}  // namespace

void name_window::roll(time_point now)
{
    if (now - span_began_ < span_length) return;
    last_span_ = now - span_began_ < 2 * span_length ? std::exchange(this_span_, {}) : span_of_time{};
    this_span_ = {};
    span_began_ = now;
}

void name_window::answered(std::chrono::milliseconds took, time_point now)
{
    roll(now);
    ++this_span_.answers;
    if (took < try_time_) {
        allowed_ = std::min(most, allowed_ + 1);
        return;
    }
    ++this_span_.late;
    if (!overrun(now) || now - last_halved_ < try_time_) return;
    allowed_ = std::max(fewest, allowed_ / 2);
    last_halved_ = now;
}

bool name_window::overrun(time_point now) const
{
    if (now - span_began_ >= 2 * span_length) return false;
    const auto answers = this_span_.answers + last_span_.answers, late = this_span_.late + last_span_.late;
    return answers >= enough && late * 10 >= answers;
}

}  // namespace rollcall::audit
