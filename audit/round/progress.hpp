// Where a run stands, for a person at a terminal and for a log: a live line there, a plain line every ten seconds
// elsewhere, nothing when quiet. A process that another one started says it in bare counts.
#pragma once

#include "data/model/reason.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit {

enum class progress_style { quiet, plain, live, counts };
// Live if stderr is a terminal.
progress_style detect_style(bool quiet);

// What is under way at a moment.
struct progress_status {
    std::size_t in_flight = 0;
    std::size_t aside = 0;  // waiting for a crowded address
    std::string queue{};    // the site with the longest queue
    std::size_t queued = 0; // and its length
};

// All that a line is made of.
struct progress_counts {
    std::size_t total = 0, done = 0, good = 0;
    progress_status now{};
};

// One line for the process that sums them up, and back; empty for a line that is none.
std::string counts_line(const progress_counts& c);
std::optional<progress_counts> parse_counts(std::string_view line);

// "1,200 of 9,000 done, 700 answered, 40 a second, 3 min left; 512 in flight, 12 waiting for an address; longest queue:
// x.dev 12"
std::string progress_line(const progress_counts& c, std::chrono::duration<double> elapsed);

class progress {
public:
    using clock = std::chrono::steady_clock;

    progress(std::size_t total, progress_style style, std::function<void(const std::string&)> write, clock::time_point start);

    void count(data::cell_class c);
    // In place of what was counted: what others have.
    void set(const progress_counts& c);
    // Call now and then: writes if it is time.
    void tick(clock::time_point now, progress_status status = {});
    void done(clock::time_point now);

private:
    void write(clock::time_point now);

    progress_counts counts_;
    progress_style style_;
    std::function<void(const std::string&)> write_;
    clock::time_point start_, next_;
};

}  // namespace rollcall::audit
