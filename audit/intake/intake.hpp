// From the registries to the frozen list of a round: read, make canonical, exclude, store, freeze.
#pragma once

#include "audit/intake/reading.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rollcall::audit {

struct intake_options {
    bool allow_private = false;
    std::size_t most_endpoints = 0;                    // 0: all; for trying things
    std::function<void(const std::string&)> say;       // one line a registry, to a person
    // Replaced by tests; by default the file system and the network.
    std::function<page_source(const data::registry_source&)> pages;
};

struct intake_result {
    data::round_facts round;
    bool all_good = true;                              // every registry was read to its end
    std::vector<std::pair<std::string, std::int64_t>> funnel;  // rows, listings, remotes, distinct, eligible, excluded:<class>
};

// Throws config_error for an enabled registry of a kind that nothing here reads, and for an empty list.
intake_result take_in(data::ledger& store, const data::configuration& config, data::time_point at, const std::string& config_hash,
                      const intake_options& options);

// Whether the opt-out list names the URL, its host or its site.
bool is_opted_out(const std::vector<std::string>& opt_out, const std::string& url, const std::string& host, const std::string& site);

}  // namespace rollcall::audit
