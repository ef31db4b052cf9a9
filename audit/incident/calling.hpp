// The workings of a night, shared by the files that each follow one sort of incident. Not for other folders.
#pragma once

#include "audit/incident/trouble.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace rollcall::audit::incident {

class calling {
public:
    calling(const evening& tonight, const std::vector<standing>& before);

    std::int64_t round() const { return tonight_.rounds.back().id; }
    const std::string& date() const { return tonight_.rounds.back().date; }
    // Rounds since then; 0 for tonight. A round that is not known is long ago.
    std::ptrdiff_t rounds_since(std::int64_t id) const;
    const evening& tonight() const { return tonight_; }
    const std::vector<server>& servers() const { return servers_; }  // by endpoint
    const server* find(std::int64_t endpoint) const;

    // Incidents from before, by code; those that a step has changed hold the change.
    std::vector<standing>& before() { return before_; }
    // Servers that an open shared outage stands for.
    std::set<std::int64_t>& covered() { return covered_; }

    // Makes the code one that no other incident of this night has.
    std::string unique(std::string code);
    void add(change c);
    std::vector<change> take();

private:
    const evening& tonight_;
    std::vector<server> servers_;
    std::map<std::int64_t, std::ptrdiff_t> position_;
    std::vector<standing> before_;
    std::set<std::int64_t> covered_;
    std::set<std::string> codes_;
    std::vector<change> changes_;
};

// The sorts of incidents, in the order in which a night asks for them.
void follow_shared(calling& night);   // those that are there: counts, over, again, newcomers
void find_shared(calling& night);     // new ones, seen from everywhere
void find_regional(calling& night);   // new ones, seen from some places only
void follow_single(calling& night);   // one server: going on, and new
void follow_notices(calling& night);  // owners' checks, tools, certificates, credentials

// Puts an incident into a state that it comes into tonight.
void enter(standing& s, data::incident_state state, std::int64_t round);

}  // namespace rollcall::audit::incident
