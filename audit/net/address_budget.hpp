// What one address may be asked, as a value: so many requests a second, so many connections at once. One address of a
// platform serves many sites, which know nothing of one another.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>

namespace rollcall::audit {

struct address_limits {
    double per_second = 20;  // requests; 0: unlimited
    double burst = 40;       // requests that may come at once: two seconds' worth
    std::size_t connections = 32;
};

// The settings of politeness, shared among `shards` processes: each holds to its part, so that all together hold to the
// whole. A part is never less than one connection.
address_limits limits_of(double per_second, unsigned connections, unsigned shards = 1);

class address_budget {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point never = time_point::max();

    explicit address_budget(const address_limits& limits) : limits_(limits) {}

    // Takes a connection and that many requests if the address has room for both. Else nothing is taken, and the answer
    // is when to ask again; `never`: after somebody has left. More requests than a burst are taken as a burst. With
    // `one_more`, a connection is not waited for.
    std::optional<time_point> enter(const boost::asio::ip::address& to, unsigned requests, bool one_more, time_point now);
    void leave(const boost::asio::ip::address& to);

    std::size_t connections(const boost::asio::ip::address& to) const;

private:
    struct account {
        double tokens = 0;
        time_point refilled{};
        std::size_t open = 0;
    };
    address_limits limits_;
    std::map<boost::asio::ip::address, account> accounts_;
};

}  // namespace rollcall::audit
