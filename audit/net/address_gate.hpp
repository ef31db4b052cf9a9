// Where a connection waits until the address that it is about to go to has room for it. The wait is our own: it counts
// as nobody's time, and whoever waits holds up nobody else.
#pragma once

#include "audit/net/address_budget.hpp"
#include "audit/net/held_place.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace rollcall::audit {

// Whoever counts what is in flight. A probe steps aside to wait for something of ours and steps back when it goes on.
class slot_holder {
public:
    virtual ~slot_holder() = default;
    virtual void step_aside() = 0;
    virtual boost::asio::awaitable<void> step_back() = 0;
};

class address_gate {
public:
    address_gate(boost::asio::io_context& context, const address_limits& limits) : context_(context), budget_(limits) {}

    // Those who wait step aside there; null: nobody counts. Set before the first probe.
    void report_to(slot_holder* slots) { slots_ = slots; }

    // A connection's place at its address.
    using place = held_place<address_gate, boost::asio::ip::address>;

    // What a connection takes from its address.
    struct load {
        unsigned requests = 1;  // expected on it
        // Somebody who has, or may have, a connection there already never waits for those of others, who may be waiting
        // in the same way: only for its requests' turn.
        bool one_more = true;
    };

    // First come, first served at each address. Empty: the gate was closed.
    boost::asio::awaitable<std::optional<place>> enter(boost::asio::ip::address to, load what);

    // Sends everybody away who waits or comes.
    void close();

    std::size_t waiting() const { return waiting_; }

private:
    friend place;
    struct visitor {
        visitor(boost::asio::io_context& context, load l) : turn(context, std::chrono::steady_clock::time_point::max()), what(l) {}
        boost::asio::steady_timer turn;
        load what;
        bool entered = false;
    };
    struct door {
        explicit door(boost::asio::io_context& context) : opens(context) {}
        std::deque<std::shared_ptr<visitor>> queue;
        boost::asio::steady_timer opens;  // when the first in the queue may try again
    };

    void left(const boost::asio::ip::address& at);
    void let_in(const boost::asio::ip::address& at);

    boost::asio::io_context& context_;
    address_budget budget_;
    slot_holder* slots_ = nullptr;
    std::map<boost::asio::ip::address, door> doors_;  // where somebody waits
    std::size_t waiting_ = 0;
    bool closed_ = false;
};

// Of addresses in the order in which they will be tried, the one that a connection most likely goes to: the first that
// this machine has a route to.
boost::asio::ip::address first_choice(const std::vector<boost::asio::ip::address>& order);

}  // namespace rollcall::audit
