// How many large bodies are held at once. A body may be 4 MiB and thousands of probes are in flight: each alone is
// bounded, and here all of them together. Whoever finds no room does not read on until there is some, which the
// server sees as a slow reader; the wait is our own and counts as nobody's time.
#pragma once

#include "audit/net/held_place.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>

namespace rollcall::audit {

class body_room {
public:
    // Most bodies are small and need no place.
    enum class size : std::size_t { small, middling, large };
    static constexpr std::size_t small_bytes = 64u << 10, middling_bytes = 512u << 10;
    static constexpr size size_of(std::size_t bytes)
    {
        return bytes <= small_bytes ? size::small : bytes <= middling_bytes ? size::middling : size::large;
    }

    // So many of each at once: 32 MiB of middling ones, and what the cap of a body makes of the large.
    explicit body_room(boost::asio::io_context& context, std::size_t middling = 64, std::size_t large = 8)
        : context_(context), free_{0, middling, large}
    {
    }

    using place = held_place<body_room, size>;

    // A place of that size, first come, first served. Whoever holds a middling one and asks for a large one keeps the
    // first meanwhile: as nobody who has a large one asks for anything, all get their turn.
    boost::asio::awaitable<place> enter(size what);

    std::size_t waiting() const { return queues_[1].size() + queues_[2].size(); }

private:
    friend place;
    struct visitor {
        explicit visitor(boost::asio::io_context& context) : turn(context, std::chrono::steady_clock::time_point::max()) {}
        boost::asio::steady_timer turn;
    };
    void left(size what);

    boost::asio::io_context& context_;
    std::array<std::size_t, 3> free_;
    std::array<std::deque<std::shared_ptr<visitor>>, 3> queues_;
};

}  // namespace rollcall::audit
