// Where a run stands, for a person at a terminal and for a log: a live line there, a plain line every ten seconds
// elsewhere, nothing when quiet.
#pragma once

#include "data/model/reason.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace rollcall::audit {

enum class progress_style { quiet, plain, live };
// Live if stderr is a terminal.
progress_style detect_style(bool quiet);

class progress {
public:
    using clock = std::chrono::steady_clock;

    progress(std::size_t total, progress_style style, std::function<void(const std::string&)> write, clock::time_point start);

    void count(data::cell_class c, clock::time_point now);
    // Call now and then: writes if it is time. `queue` is the slowest site's queue, as "name 12".
    void tick(clock::time_point now, std::size_t in_flight, const std::string& queue);
    void done(clock::time_point now);

    // "1,200 of 9,000 done, 700 answered, 40 a second, 3 min left; 512 in flight; longest queue: x.dev 12"
    std::string line(clock::time_point now, std::size_t in_flight, const std::string& queue) const;

private:
    std::size_t total_, done_ = 0, good_ = 0;
    progress_style style_;
    std::function<void(const std::string&)> write_;
    clock::time_point start_, next_;
};

}  // namespace rollcall::audit
