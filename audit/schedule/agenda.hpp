// Whose turn it is: the order of a round as a value. It has no timer, no socket and no clock: the scheduler asks it with
// the time of day, a test with a time of its own.
//
// A job is one endpoint seen from one region. All jobs of a site share its token bucket and its connections, whatever
// region they leave from, so a site never sees more than one Rollcall, and the regions of one endpoint follow one another
// at the site's rate.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace rollcall::audit {

struct schedule_limits {
    std::size_t in_flight = 1000;
    double site_requests_per_second = 2.0;  // 0: unlimited
    unsigned site_burst = 4;                // requests
    unsigned site_in_flight = 4;
    unsigned requests_a_job = 4;            // what one probe costs its site
    std::chrono::milliseconds budget{0};    // nothing is begun for the first time later than this; 0: no limit
    std::chrono::milliseconds grace{0};     // ... and nothing for the second time later than this after it
};

struct job {
    std::string site;
    std::int64_t endpoint = 0;    // its jobs from all regions follow one another
    std::int64_t last_asked = 0;  // number of the round in which the endpoint last had its turn; 0: never
};

// What a job asks for once it has run.
struct wish {
    std::optional<std::chrono::milliseconds> again{};  // its turn again, after that long
    std::chrono::milliseconds site_rests{0};           // nothing begins at its site for that long
};

class agenda {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point never = time_point::max();

    struct turn { std::size_t job; unsigned attempt; };

    // Jobs are numbered from 0. Those least recently asked come first; else the order is a permutation by `seed`, the
    // same on every machine.
    agenda(const schedule_limits& limits, std::span<const job> jobs, std::uint64_t seed, time_point now);

    // The turn that begins now, if there is one. Of sites whose time has come the one goes first that was least recently
    // asked, then the one with the most to do: its queue is the end of the round.
    std::optional<turn> begin(time_point now);
    // When `begin` may have something, if nothing ends before; `never` if only that can help.
    time_point due() const;
    // A job that began has ended.
    void ended(turn t, time_point now, const wish& w = {});

    // Turns that will not come any more within the budget: taken from the agenda, in order of their jobs. Ask before
    // every `begin`.
    std::vector<turn> overdue(time_point now);

    std::size_t waiting() const { return waiting_; }      // turns to come
    std::size_t begun() const { return begun_; }          // turns that have not ended
    bool done() const { return waiting_ == 0 && begun_ == 0; }
    // The site with the longest queue, and its length; empty if there is none.
    std::pair<std::string, std::size_t> longest_queue() const;

private:
    struct site {
        std::string name;
        std::deque<std::size_t> fresh;                    // jobs that had no turn yet
        std::multimap<time_point, turn> again;            // by the time at which they may have another
        double tokens = 0;
        time_point refilled{}, rests_until{};
        unsigned in_flight = 0;
        time_point next = never;                          // when its next turn may begin, as it stands in later_ or ready_
        std::size_t left() const { return fresh.size() + again.size(); }
    };
    using rank = std::tuple<std::int64_t, std::size_t, std::size_t>;  // last asked; all that is not left; place in sites_

    void place(std::size_t at, time_point now);
    void withdraw(std::size_t at);
    rank rank_of(std::size_t at) const;
    time_point next_turn(site& s, time_point now) const;
    double cost() const;

    schedule_limits limits_;
    time_point started_, next_sweep_{};
    std::vector<std::size_t> site_of_;    // by job
    std::vector<std::int64_t> asked_;     // by job
    std::vector<site> sites_;
    std::set<std::pair<time_point, std::size_t>> later_;  // sites whose time has not come
    std::set<rank> ready_;                                // sites whose time has come
    std::vector<std::optional<rank>> rank_in_ready_;      // by site
    std::size_t waiting_ = 0, begun_ = 0;
};

}  // namespace rollcall::audit
