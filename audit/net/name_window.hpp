// How many names are asked for at once, and whether our own resolver is overrun: as a value.
//
// Packets that a crowded resolver drops look like names that nobody serves. But a third of all names may really be
// silent, so silence says nothing; what tells is how many of the answers needed a second try.
#pragma once

#include <chrono>
#include <cstddef>

namespace rollcall::audit {

class name_window {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // `try_time`: after which a question is repeated.
    explicit name_window(std::chrono::milliseconds try_time) : try_time_(try_time) {}

    // An answer that says something about a name came after so long.
    void answered(std::chrono::milliseconds took, time_point now);

    // So many names may be asked for at once: one more with each answer in time, half as many when the resolver is
    // overrun.
    std::size_t allowed() const { return allowed_; }

    // Of the last seconds' answers a tenth came late, of at least ten: a silence now may be our own doing.
    bool overrun(time_point now) const;

private:
    struct span_of_time {
        std::size_t answers = 0, late = 0;
    };
    void roll(time_point now);

    std::chrono::milliseconds try_time_;
    std::size_t allowed_ = 500;
    span_of_time this_span_, last_span_;
    time_point span_began_{}, last_halved_{};
};

}  // namespace rollcall::audit
