// From the registries to the frozen list of a round: read, make canonical, exclude, store, freeze.
#pragma once

#include "audit/intake/book.hpp"
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
    std::vector<std::string> accept_smaller{};         // registries that may list less than half of what they did
    // Replaced by tests; by default the file system and the network.
    std::function<page_source(const data::registry_source&)> pages;
};

struct intake_result {
    data::round_facts round;
    bool all_good = true;                              // every registry was read to its end
    list_book book;
    std::vector<std::pair<std::string, std::int64_t>> funnel;  // funnel_of(book)
};

// Throws config_error for an enabled registry of a kind that nothing here reads, for an opt-out that names nothing,
// and for an empty list.
intake_result take_in(data::ledger& store, const data::configuration& config, data::time_point at, const std::string& config_hash,
                      const intake_options& options);

// The book of a round as it was written when its list was frozen.
list_book stored_book(data::connection& db, std::int64_t round);

}  // namespace rollcall::audit
