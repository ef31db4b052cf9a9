// Incidents in the store: what a night of them is made from, and where it is written.
//
// Rows only; what they mean is decided elsewhere. Everything throws store_error.
#pragma once

#include "data/model/incident.hpp"
#include "data/model/reason.hpp"
#include "data/model/time.hpp"
#include "data/model/verdict.hpp"
#include "data/store/sqlite.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::data {

struct incident_round { std::int64_t id; std::string date; time_point at; };

// One endpoint in one round.
struct night_mark { std::int64_t endpoint, round; data::state state; reason why; bool valid; };
// One valid cell; `answer` and `path` number what was heard and how it was reached.
struct night_cell { std::int64_t endpoint, round, region; reason why; std::optional<std::int64_t> answer, path; };
struct answer_look { std::uint16_t http_status; std::string detail; };
struct path_look { std::string address, cname, issuer; std::optional<std::int64_t> not_after; };
struct endpoint_place { std::int64_t id; std::string url, host, site; };
struct endpoint_keys { std::int64_t endpoint; std::string platform, cname, network, issuer; };

// An incident with what its newest night says of it.
struct incident_record {
    std::int64_t id = 0;
    std::string code;
    incident_kind kind{};
    common_key key_kind{};
    std::string key;
    std::optional<std::int64_t> endpoint;
    std::int64_t opened = 0, begun = 0;
    std::optional<std::int64_t> good;
    reason why{};
    std::string detail;
    std::int64_t at_risk = 0, sites = 0, everybody = 0, new_failures = 0;
    bool global = false;
    std::optional<time_point> due;
    // Of the night.
    incident_event event{};
    incident_state state{};
    std::int64_t since = 0;
    data::severity severity{};
    data::confidence sure{};
    std::vector<std::int64_t> places;   // region numbers
    std::int64_t failing = 0, answering = 0, unmeasured = 0;
    std::vector<std::int64_t> members;  // when read: all; when written: those that the night added
};

class incident_store {
public:
    explicit incident_store(connection& db) : db_(db) {}

    // Judged rounds up to that one, oldest first, at most `count`; and those after it. `counted` is being judged, and counts
    // as such already.
    std::vector<incident_round> rounds_up_to(std::int64_t round, std::size_t count, std::int64_t counted);
    std::vector<std::int64_t> judged_after(std::int64_t round);
    std::map<std::int64_t, std::string> regions();

    std::vector<night_mark> marks(std::int64_t round);  // sorted by endpoint
    // Cells that are evidence: not those of a region that a round found to be down.
    std::vector<night_cell> cells(const std::vector<incident_round>& rounds);
    std::map<std::int64_t, answer_look> looks_of_answers(std::int64_t since_round);
    std::map<std::int64_t, path_look> looks_of_paths(std::int64_t since_round);
    std::vector<endpoint_place> endpoints();  // by number
    std::vector<std::int64_t> broken_callers(std::int64_t round);  // endpoints with a breaking drift
    std::vector<std::pair<std::int64_t, time_point>> credentials(std::int64_t round);  // earliest end, by endpoint

    // What was not closed before the round.
    std::vector<incident_record> standing_before(std::int64_t round);
    // Removes what that round and later ones made.
    void forget_from(std::int64_t round);
    // New incidents (id 0) get numbers.
    void write_night(std::int64_t round, const std::vector<incident_record>& changes);
    void write_keys(const std::vector<endpoint_keys>& keys);

private:
    connection& db_;
};

}  // namespace rollcall::data
