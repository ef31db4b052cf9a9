// Many probes at once on one thread: so many in flight, so many a site, and the rest in turn.
//
// A site's jobs wait for its token bucket without holding a slot; a retry waits its time the same way.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace rollcall::audit {

struct schedule_limits {
    std::size_t in_flight = 1000;
    double site_requests_per_second = 2.0;  // 0: unlimited
    unsigned site_burst = 4;                // requests
    unsigned site_in_flight = 4;
    unsigned requests_a_job = 4;            // what one probe costs its site
    std::chrono::milliseconds budget{0};    // no job begins later than this; 0: no limit
    std::function<bool()> out_of_breath;    // while our own thread is behind, nothing more begins; empty: never
};

class scheduler {
public:
    using clock = std::chrono::steady_clock;

    // Runs one job; a duration asks for another attempt after that long.
    using work = std::function<boost::asio::awaitable<std::optional<std::chrono::milliseconds>>(std::size_t job, unsigned attempt)>;
    // A job whose turn did not come within the budget.
    using given_up = std::function<void(std::size_t job)>;

    // Jobs are numbers from 0; `sites` holds the site of each. The order of starts is a permutation by `seed`.
    scheduler(boost::asio::io_context& context, const schedule_limits& limits, const std::vector<std::string>& sites,
              std::uint64_t seed, work run, given_up over_budget);

    // Returns when every job is done or given up. Rethrows the first exception of a job.
    void run();

    // Begins nothing more; what is in flight ends by its own deadlines. Safe from a signal handler of the context.
    void stop();

    std::size_t in_flight() const { return in_flight_; }
    std::size_t most_in_flight() const { return most_in_flight_; }
    std::size_t waiting() const { return waiting_; }
    // The site with the longest queue, and its length.
    std::pair<std::string, std::size_t> longest_queue() const;

private:
    struct turn { std::size_t job; unsigned attempt; };
    struct site {
        std::string name;
        std::multimap<clock::time_point, turn> queue;  // by earliest start
        double tokens;
        clock::time_point refilled;
        unsigned in_flight = 0;
        std::optional<clock::time_point> ready;  // its key in ready_, while it is there
    };

    boost::asio::awaitable<void> begin(std::size_t workers);
    boost::asio::awaitable<void> worker();
    boost::asio::awaitable<void> catch_breath();
    void offer(site& s);
    void withdraw(site& s);
    clock::time_point next_start(site& s, clock::time_point now);
    bool over_budget(clock::time_point now) const;
    void give_up_rest();

    boost::asio::io_context& context_;
    schedule_limits limits_;
    work run_;
    given_up over_budget_;
    clock::time_point started_;
    std::vector<std::unique_ptr<site>> sites_;
    std::set<std::pair<clock::time_point, std::size_t>> ready_;  // start time, index into sites_
    std::unordered_map<const site*, std::size_t> index_;
    boost::asio::steady_timer news_;
    std::size_t waiting_ = 0, in_flight_ = 0, most_in_flight_ = 0;
    bool stopped_ = false;
    std::exception_ptr failure_;
};

// Notes how late this process's own thread runs: a timer that should fire every 100 ms.
class lag_meter {
public:
    using clock = std::chrono::steady_clock;
    explicit lag_meter(boost::asio::io_context& context);
    void start();
    void stop();
    // The worst delay seen at or after that moment.
    std::chrono::milliseconds worst_since(clock::time_point from) const;
    // How late it is at this moment.
    std::chrono::milliseconds now() const;

private:
    void tick();
    boost::asio::steady_timer timer_;
    std::map<clock::time_point, std::chrono::milliseconds> late_;  // only delays worth a note
    clock::time_point due_;
    std::chrono::milliseconds last_{0};
    bool running_ = false;
};

}  // namespace rollcall::audit
