#include "audit/schedule/lag_meter.hpp"

#include <algorithm>

namespace rollcall::audit {
namespace {

constexpr std::chrono::milliseconds tick_length{100}, worth_a_note{50};

}  // namespace

lag_meter::lag_meter(boost::asio::io_context& context) : timer_(context) {}

void lag_meter::start()
{
    running_ = true;
    due_ = clock::now() + tick_length;
    tick();
}

void lag_meter::stop()
{
    running_ = false;
    timer_.cancel();
}

void lag_meter::tick()
{
    timer_.expires_at(due_);
    timer_.async_wait([this](boost::system::error_code ec) {
        if (ec || !running_) return;
        const auto now = clock::now();
        const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(now - due_);
        last_ = late;
        if (late >= worth_a_note) late_.emplace(now, late);
        while (late_.size() > 1000) late_.erase(late_.begin());
        due_ = now + tick_length;
        tick();
    });
}

std::chrono::milliseconds lag_meter::now() const
{
    if (!running_) return std::chrono::milliseconds(0);
    return std::max(last_, std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - due_));
}

std::chrono::milliseconds lag_meter::worst_since(clock::time_point from) const
{
    std::chrono::milliseconds worst{0};
    for (auto it = late_.lower_bound(from); it != late_.end(); ++it) worst = std::max(worst, it->second);
    return worst;
}

}  // namespace rollcall::audit
