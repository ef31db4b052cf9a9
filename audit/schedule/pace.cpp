#include "audit/schedule/pace.hpp"

#include <algorithm>

namespace rollcall::audit {
namespace {

constexpr std::size_t first_group = 100;
// To begin with, a group more with each breath; after trouble, from nothing to all in five seconds.
constexpr std::chrono::milliseconds breath{100}, whole_way{5000};
constexpr std::chrono::milliseconds too_long_behind{5000}, rest_after_trouble{1000}, between_shrinks{2000};

// Fewer than this help nobody: what makes the machine slow is then not the crowd.
std::size_t fewest_of(std::size_t most) { return std::min(most, std::max<std::size_t>(50, most / 8)); }

}  // namespace

pace::pace(std::size_t most, milliseconds too_late, time_point now)
    : most_(most), allowed_(std::min(most, first_group)), lowest_(most), too_late_(too_late), last_look_(now), calm_since_(now), behind_since_(now), last_shrunk_(now - between_shrinks)
{
}

void pace::shrink(time_point now)
{
    if (now - last_shrunk_ < between_shrinks) return;
    allowed_ = std::max(fewest_of(most_), allowed_ * 3 / 4);
    lowest_ = std::min(lowest_, allowed_);
    last_shrunk_ = now;
    ++shrunk_;
}

void pace::look(milliseconds late_now, milliseconds worst, time_point now)
{
    // Long before somebody else's time-out could be our own doing.
    out_of_breath_ = late_now > too_late_ / 4;
    const bool behind = out_of_breath_ || worst > too_late_ / 4;
    if (behind && !behind_) behind_since_ = now;
    behind_ = behind;
    if (behind) {
        calm_since_ = now;
        if (worst > too_late_ || now - behind_since_ >= too_long_behind) shrink(now);
        last_look_ = now;
        return;
    }
    const bool in_trouble = shrunk_ > 0;
    if (in_trouble && now - calm_since_ < rest_after_trouble) {
        last_look_ = now;
        return;
    }
    const auto elapsed = std::chrono::duration<double>(now - last_look_);
    const auto share = in_trouble ? elapsed / whole_way * static_cast<double>(most_) : elapsed / breath * static_cast<double>(first_group);
    const auto more = static_cast<std::size_t>(share);
    if (more == 0) return;  // what little time has passed counts at the next look
    allowed_ = std::min(most_, allowed_ + more);
    last_look_ = now;
}

}  // namespace rollcall::audit
