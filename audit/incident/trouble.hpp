// What one round says of one server, as far as incidents ask.
#pragma once

#include "audit/incident/night.hpp"

namespace rollcall::audit::incident {

// No answer from there: neither a gate nor a slow answer is one.
bool failed(const sighting& s) noexcept;

enum class trouble : std::uint8_t {
    unmeasured,
    none,
    stray,  // one region, and not in the round before: forgiven
    some,   // several regions, or one for the second time
    all,    // every region
};

// Of a round, after the measured round before it (null: there was none).
trouble trouble_of(const outcome& now, const outcome* before) noexcept;

// The rounds in which it was measured, oldest first; those before tonight only, if so asked.
std::vector<const outcome*> measured(const server& s, std::optional<std::int64_t> before = {});
// Tonight's outcome, if it was called and measured.
const outcome* tonight_of(const server& s, std::int64_t round) noexcept;

// As a region saw it (none: as the quorum of all saw it): failed, answered, or empty where it was not measured.
std::optional<bool> failed_from(const outcome& o, std::optional<std::int64_t> region) noexcept;

// At risk: good in two of the last three measured rounds before `round`, and in the last of them.
bool at_risk(const server& s, std::int64_t round, std::optional<std::int64_t> region);

// Those at risk in `round`, as detection wants them. From a region: its own view, without those that failed everywhere.
std::vector<subject> subjects_of(const std::vector<server>& servers, std::int64_t round, std::optional<std::int64_t> region);

}  // namespace rollcall::audit::incident
