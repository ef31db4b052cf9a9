// What a night does to the incidents: opens, extends, watches and closes them. Pure: the same night after the same
// nights gives the same incidents, in whatever order the rows come.
//
// A server's own incident begins when it stops answering after it had answered: one that never did has a state, not
// an incident. It opens in the second bad round in a row, or at once where two regions saw it fail, and closes after
// two good ones. What many servers share opens in its first night as one incident, and stands for all of them.
#pragma once

#include "audit/incident/detect.hpp"
#include "data/model/rules.hpp"
#include "data/model/time.hpp"
#include "data/model/verdict.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit::incident {

// The figures of the life cycle: data/model/rules.hpp.
using data::rules::rounds_remembered, data::rules::merge_rounds, data::rules::watch_rounds, data::rules::lasting_rounds;
using data::rules::over_per_cent, data::rules::expiry_warning;

// One region's cell, where it is evidence.
struct sighting {
    std::int64_t region;
    data::reason why;
    std::string signature{};  // of a failure
};

// One round of one server.
struct outcome {
    std::int64_t round;
    data::state state;
    data::reason why;
    bool valid;
    std::vector<sighting> cells;  // valid ones
};

struct server {
    std::int64_t endpoint;
    std::string identity;          // hex digits that no other server has
    std::string site;
    std::vector<key> keys;
    std::vector<outcome> nights;   // oldest first, at most rounds_remembered; tonight's is the last, if it was called
    std::optional<data::time_point> certificate_until{}, token_until{};  // as seen tonight
    bool broke_callers = false;    // tonight its tools changed so that callers break
};

struct counts {
    std::int64_t failing = 0, answering = 0, unmeasured = 0;
    bool operator==(const counts&) const = default;
};

// An incident as it stood after a night.
struct standing {
    std::int64_t id = 0;                      // the store's; 0: new tonight
    std::string code;
    data::incident_kind kind{};
    incident::key key;                        // of a shared outage
    std::vector<std::int64_t> places;         // regions that saw it, sorted; empty: everywhere
    std::optional<std::int64_t> endpoint;     // of one server
    std::int64_t opened = 0, begun = 0;       // rounds: told, and first bad
    std::optional<std::int64_t> last_good;    // newest round before that in which it answered
    data::reason why = data::reason::ok;
    std::string detail;                       // the look of the failure
    std::int64_t at_risk = 0, sites = 0, everybody = 0, new_failures = 0;  // of a shared outage, in its first night
    bool global = false;
    std::optional<data::time_point> due;      // of a notice
    data::incident_state state{};
    std::int64_t since = 0;                   // the round in which it came into that state
    data::severity severity{};
    data::confidence sure{};
    counts seen;
    std::vector<std::int64_t> members;        // of a shared outage, sorted
    bool operator==(const standing&) const = default;
};

struct change {
    standing now;
    data::incident_event event;
    std::vector<std::int64_t> joined;  // members of tonight, sorted
    bool operator==(const change&) const = default;
};

struct round_name { std::int64_t id; std::string date; };

struct evening {
    std::vector<round_name> rounds;  // judged ones up to tonight, oldest first; tonight is the last
    data::time_point at;
    std::map<std::int64_t, std::string> regions;  // codes, for the codes of incidents
    std::vector<server> servers;     // on tonight's list or a member of something that is not closed
};

// How many notices a night would have been without incidents, and how many it is with them.
struct tally {
    std::int64_t firings = 0;  // shared outages that took servers in
    std::int64_t events = 0;   // servers whose trouble was new
    std::int64_t notices = 0;  // incidents that tell of them: opened or grown
    std::int64_t absorbed() const { return events - notices; }
    bool operator==(const tally&) const = default;
};

// What changed tonight, shared outages first, each group by its code. `before`: what was not closed, or closed
// within the watch.
std::vector<change> call_night(const evening& tonight, const std::vector<standing>& before);

tally tally_of(const std::vector<change>& changes);

// "3 incidents opened, 1 closed, 1 notice absorbs 97", or empty where nothing happened.
std::string in_words(const std::vector<change>& changes);

}  // namespace rollcall::audit::incident
