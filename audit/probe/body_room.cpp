#include "audit/probe/body_room.hpp"

#include "audit/net/nothrow.hpp"

namespace rollcall::audit {

boost::asio::awaitable<body_room::place> body_room::enter(size what)
{
    if (what == size::small) co_return place();
    const auto i = static_cast<std::size_t>(what);
    if (free_[i] > 0) {
        --free_[i];
        co_return place(*this, what);
    }
    const auto me = std::make_shared<visitor>(context_);
    queues_[i].push_back(me);
    co_await me->turn.async_wait(nothrow);  // whoever leaves hands the place over
    co_return place(*this, what);
}

void body_room::left(size what)
{
    const auto i = static_cast<std::size_t>(what);
    if (queues_[i].empty()) {
        ++free_[i];
        return;
    }
    queues_[i].front()->turn.cancel();
    queues_[i].pop_front();
}

}  // namespace rollcall::audit
