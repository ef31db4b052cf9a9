// When a change of tools is one: seen by two regions, or by the only one, and not taken back. Pure.
#pragma once

#include "data/model/cell.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace rollcall::audit::drift {

// One list of tools that was seen; lists with the same text have the same number.
struct sighting {
    std::int64_t round;   // grows with time
    std::int64_t region;
    data::era era;        // lists of different eras are not compared
    std::int64_t manifest;
};

struct confirmed {
    std::int64_t before, after;
    bool operator==(const confirmed&) const = default;
};

// The change of one endpoint that the round `tonight` confirms: the same new list after the same old one, from two
// regions where there are more than one. Nothing if the regions of that round disagree, or if a region returned to a
// list that it had before within the window. The order of the sightings does not matter.
std::optional<confirmed> confirm_change(std::span<const sighting> window, std::int64_t tonight, unsigned regions);

}  // namespace rollcall::audit::drift
