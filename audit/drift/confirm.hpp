// When a change of tools is one: seen by two regions, or by the only one, and not taken back. Pure.
#pragma once

#include "data/model/cell.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace rollcall::audit::drift {

// One whole list of tools that was seen.
struct sighting {
    std::int64_t round;   // grows with time
    std::int64_t region;
    data::era era;        // lists of different eras are not compared
    std::uint32_t contract;  // what of the list a client depends on: equal numbers, equal contracts
    std::int64_t manifest;   // lists with the same text have the same number
};

struct confirmed {
    std::int64_t before, after;  // manifests
    bool operator==(const confirmed&) const = default;
};

// The change of one endpoint that the round `tonight` confirms: the same new contract after the same old one, from two
// regions where there are more than one; and where the contract is the same everywhere, the same of the whole text, so
// that changed wording is seen too. Nothing if the regions of that round disagree, if a region returned to what it had
// before within the window, or if an earlier round of the window confirmed it. A change that reached the regions one
// after the other is confirmed by the round in which they agree again. The order of the sightings does not matter.
std::optional<confirmed> confirm_change(std::span<const sighting> window, std::int64_t tonight, unsigned regions);

// Whether `contract` is back: what every region saw in the round `tonight`, two or the only one.
bool is_back(std::span<const sighting> window, std::int64_t tonight, std::uint32_t contract, unsigned regions);

}  // namespace rollcall::audit::drift
