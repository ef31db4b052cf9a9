#include "audit/net/address_gate.hpp"

#include "audit/net/nothrow.hpp"

#include <boost/asio/ip/udp.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace rollcall::audit {
namespace net = boost::asio;

void address_gate::let_in(const net::ip::address& at)
{
    const auto there = doors_.find(at);
    if (there == doors_.end()) return;
    auto& d = there->second;
    while (!d.queue.empty()) {
        const auto& first = d.queue.front()->what;
        const auto again = budget_.enter(at, first.requests, first.one_more, std::chrono::steady_clock::now());
        if (again) {
            if (*again == address_budget::never) return;  // whoever leaves calls
            d.opens.expires_at(*again);
            d.opens.async_wait([this, at](boost::system::error_code ec) {
                if (!ec) let_in(at);
            });
            return;
        }
        d.queue.front()->entered = true;
        d.queue.front()->turn.cancel();
        d.queue.pop_front();
    }
    doors_.erase(there);
}

void address_gate::left(const net::ip::address& at)
{
    budget_.leave(at);
    if (!closed_) let_in(at);
}

net::awaitable<std::optional<address_gate::place>> address_gate::enter(net::ip::address to, load what)
{
    if (closed_) co_return std::nullopt;
    if (!doors_.contains(to) && !budget_.enter(to, what.requests, what.one_more, std::chrono::steady_clock::now())) co_return place(*this, to);

    const auto me = std::make_shared<visitor>(context_, what);
    const auto [there, is_first] = doors_.try_emplace(to, context_);
    // Who waits for no connection goes before those who do: they may be waiting for this very one to end.
    auto& queue = there->second.queue;
    const auto behind = what.one_more ? std::ranges::find_if(queue, [](const auto& v) { return !v->what.one_more; }) : queue.end();
    const bool in_front = behind == queue.begin();
    queue.insert(behind, me);
    if (is_first || in_front) let_in(to);
    if (!me->entered) {
        ++waiting_;
        if (slots_) slots_->step_aside();
        co_await me->turn.async_wait(nothrow);
        --waiting_;
        // The place is taken from now on, also while a slot is waited for.
        std::optional<place> mine;
        if (me->entered) mine.emplace(*this, to);
        if (slots_) co_await slots_->step_back();
        co_return mine;
    }
    co_return place(*this, to);
}

void address_gate::close()
{
    closed_ = true;
    for (auto& [at, d] : doors_) {
        d.opens.cancel();
        for (auto& v : d.queue) v->turn.cancel();
    }
    doors_.clear();
}

net::ip::address first_choice(const std::vector<net::ip::address>& order)
{
    for (const auto& address : order) {
        if (address.is_v4()) return address;
        // Connecting a datagram socket asks the kernel for a way and sends nothing.
        const int question = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (question < 0) continue;
        const net::ip::udp::endpoint to(address, 443);
        const bool reachable = ::connect(question, to.data(), static_cast<socklen_t>(to.size())) == 0;
        ::close(question);
        if (reachable) return address;
    }
    return order.empty() ? net::ip::address() : order.front();
}

}  // namespace rollcall::audit
