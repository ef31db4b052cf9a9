// The steps of a night, shared by run, intake, probe and judge.
#pragma once

#include "audit/net/egress.hpp"
#include "audit/round/owner_visit.hpp"
#include "audit/schedule/shard.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"
#include "data/store/lock.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit::commands {

// What the commands of a night take.
struct night_options {
    std::string config = "data/rollcall.json";
    std::string db = "rollcall.sqlite";
    std::string at;                     // RFC 3339; empty: now
    std::vector<std::string> regions;   // empty: all
    std::vector<std::string> registries;  // "file:PATH" in place of registries.json
    std::vector<std::string> accept_smaller;  // registries
    std::size_t limit = 0;
    bool allow_private = false;
    bool quiet = false;
    std::string shard_text;             // as given: I/N
    shard part{};                       // of the endpoints, by their sites
    unsigned jobs = 1;                  // processes
    // Of a process that another one started for its part: the store whose cells need not be measured again. Progress is
    // said in bare counts then.
    std::string done_in;
};

// An opened store with its configuration.
class night {
public:
    // Refuses a configuration under which strangers must not be probed. Throws config_error, store_error.
    explicit night(const night_options& options);

    // Ways out against the environment: call before anything is sent. Throws config_error.
    void ready_regions() const;
    // Owners' records against the environment and one another: call before anything is sent. Throws config_error.
    void ready_owners();
    // The round of the nominal date: frozen now, or the one that is there.
    data::round_facts intake();
    // Probes what is pending. False if a signal ended it early.
    bool probe(const data::round_facts& round);
    // The same in that many processes, each with the sites of its part and a store of its own beside this one; merged at
    // the end, also what a process stored that crashed. False if a signal or a failed process left something pending.
    bool probe_in_parts(const data::round_facts& round, unsigned jobs);
    void judge(const data::round_facts& round);

    data::ledger& store() { return ledger_; }
    data::time_point at() const { return at_; }
    bool all_registries_good() const { return all_good_; }
    std::optional<data::round_facts> round_of_today() { return ledger_.round_on(data::to_date(at_)); }

private:
    void take_in_parts(const std::vector<std::filesystem::path>& files);
    std::vector<region_route> routes();
    void say(const std::string& line) const;
    // The records of endpoints on the frozen list, by endpoint. One that was never listed is refused.
    std::map<std::int64_t, registered> owners_of(const data::round_facts& round);

    night_options options_;
    data::configuration config_;
    data::time_point at_;
    data::store_lock lock_;  // outlives the connection
    data::connection db_;
    data::ledger ledger_;
    std::string config_hash_;
    std::map<std::string, registered> owners_;  // by canonical URL
    bool all_good_ = true;
};

}  // namespace rollcall::audit::commands
