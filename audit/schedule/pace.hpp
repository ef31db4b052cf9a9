// How many probes may be in flight, by how late our own thread runs: a machine that is too slow for the crowd must not
// find the crowd too slow.
#pragma once

#include <chrono>
#include <cstddef>

namespace rollcall::audit {

class pace {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    // At most `most` in flight; `too_late`: a delay of our own from which on a time-out says nothing about a server.
    pace(std::size_t most, milliseconds too_late, time_point now);

    // The delay at this moment, and the worst since the last look. Look about ten times a second.
    void look(milliseconds late_now, milliseconds worst, time_point now);

    // So many may be in flight. It begins small, since a thousand connections opened in one moment are a thousand
    // handshakes to be computed in the next; it shrinks by a quarter, at most every two seconds, while our own delay spoils
    // what is measured or does not go away, and grows again when it is gone.
    std::size_t allowed() const { return allowed_; }
    // Behind at this moment: nothing begins.
    bool out_of_breath() const { return out_of_breath_; }

    std::size_t times_shrunk() const { return shrunk_; }
    std::size_t lowest() const { return lowest_; }  // it ever shrank to; `most` if it never did

private:
    void shrink(time_point now);

    std::size_t most_, allowed_, lowest_, shrunk_ = 0;
    milliseconds too_late_;
    time_point last_look_, calm_since_, behind_since_, last_shrunk_;
    bool out_of_breath_ = false, behind_ = false;
};

}  // namespace rollcall::audit
