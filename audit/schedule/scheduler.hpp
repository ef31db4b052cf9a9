// Many probes at once on one thread: begins what the agenda says, as many as the pace allows.
//
// A job waits for its site without holding a slot; a second look waits its time the same way, and so does a probe that
// steps aside because the address it wants is crowded.
#pragma once

#include "audit/net/address_gate.hpp"
#include "audit/schedule/agenda.hpp"
#include "audit/schedule/pace.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace rollcall::audit {

class scheduler : public slot_holder {
public:
    using clock = std::chrono::steady_clock;

    // Runs one job.
    using work = std::function<boost::asio::awaitable<wish>(std::size_t job, unsigned attempt)>;
    // A job whose turn did not come within the budget; `attempt` above 1: it was looked at, and no second time.
    using given_up = std::function<void(std::size_t job, unsigned attempt)>;

    struct events {
        given_up over_budget;
        // How late our own thread is, and how late it was at worst since then; empty: never.
        std::function<std::chrono::milliseconds()> late_now{};
        std::function<std::chrono::milliseconds(clock::time_point since)> worst_since{};
        std::chrono::milliseconds too_late{1000};
        std::function<void()> ended{};  // the last job has: whatever else keeps the context running may stop
    };

    scheduler(boost::asio::io_context& context, const schedule_limits& limits, std::span<const job> jobs, std::uint64_t seed, work run, events tell);

    // Returns when every job is done or given up, and the context has nothing else to do. Rethrows the first exception
    // of a job.
    void run();

    // Begins nothing more; what is in flight ends by its own deadlines. Safe from a signal handler of the context.
    void stop();
    bool stopped() const { return stopped_; }

    // slot_holder: for a probe in flight.
    void step_aside() override;
    boost::asio::awaitable<void> step_back() override;

    // Probes in flight: those that stand aside are none.
    std::size_t in_flight() const { return plan_.begun() - aside_; }
    std::size_t aside() const { return aside_; }
    std::size_t most_in_flight() const { return most_in_flight_; }
    std::size_t waiting() const { return plan_.waiting(); }
    std::pair<std::string, std::size_t> longest_queue() const { return plan_.longest_queue(); }
    const pace& speed() const { return pace_; }

private:
    boost::asio::awaitable<void> dispatch();
    boost::asio::awaitable<void> carry_out(agenda::turn t);
    void begin_what_may(clock::time_point now);
    void give_up_rest(clock::time_point now);
    void note_in_flight();
    clock::time_point next_look(clock::time_point now) const;

    boost::asio::io_context& context_;
    work run_;
    events tell_;
    agenda plan_;
    pace pace_;
    boost::asio::steady_timer news_;
    std::deque<boost::asio::steady_timer*> returning_;  // those that stood aside and wait for a slot
    clock::time_point last_look_;
    std::size_t aside_ = 0, most_in_flight_ = 0;
    bool stopped_ = false;
    std::exception_ptr failure_;
};

}  // namespace rollcall::audit
