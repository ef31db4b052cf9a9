#include "audit/net/address_budget.hpp"

#include <algorithm>

namespace rollcall::audit {

address_limits limits_of(double per_second, unsigned connections, unsigned shards)
{
    const double part = per_second / std::max(1u, shards);
    return {part, 2 * part, std::max<std::size_t>(1, connections / std::max(1u, shards))};
}

std::optional<address_budget::time_point> address_budget::enter(const boost::asio::ip::address& to, unsigned requests, bool one_more, time_point now)
{
    auto& a = accounts_.try_emplace(to, account{limits_.burst, now, 0}).first->second;
    if (!one_more && a.open >= limits_.connections) return never;
    if (limits_.per_second > 0) {
        const auto elapsed = std::chrono::duration<double>(now - a.refilled).count();
        a.tokens = std::min(limits_.burst, a.tokens + elapsed * limits_.per_second);
        a.refilled = now;
        const double cost = std::min<double>(requests, limits_.burst);
        if (a.tokens < cost) {
            const std::chrono::duration<double> wait((cost - a.tokens) / limits_.per_second);
            return now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait) + std::chrono::microseconds(1);
        }
        a.tokens -= cost;
    }
    ++a.open;
    return std::nullopt;
}

void address_budget::leave(const boost::asio::ip::address& to)
{
    if (const auto it = accounts_.find(to); it != accounts_.end() && it->second.open > 0) --it->second.open;
}

std::size_t address_budget::connections(const boost::asio::ip::address& to) const
{
    const auto it = accounts_.find(to);
    return it == accounts_.end() ? 0 : it->second.open;
}

}  // namespace rollcall::audit
