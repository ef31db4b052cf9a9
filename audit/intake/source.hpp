// One registry and night: is it read whole, for what changed, or not at all since nothing changed; and does what was
// read take the place of what stands.
#pragma once

#include "audit/intake/pages.hpp"
#include "audit/intake/reading.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"
#include "data/store/registries.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rollcall::audit {

struct source_options {
    std::string made_with;       // digest of all that decides what becomes of a listing: when it changes, all is read anew
    bool accept_smaller = false; // the operator has looked: the registry really lists so little
    std::size_t bytes = 256u << 20;
    std::function<void(const std::string&)> say{};  // progress of a long reading, a line every ten seconds
};

struct source_reading {
    registry_reading read;
    data::reading_kind kind = data::reading_kind::whole;
    bool used = false;       // store `read.listings` (none if unchanged), then settle()
    bool stale = false;      // not used, and an older listing stands
    std::string problem;     // one line; empty if used
    std::int64_t remotes = 0;
    std::vector<data::page_validator> pages;
};

// Of a reading that ended, against the remotes of the last good one: empty, or why it does not take its place. Fewer
// than half, or none, is more likely a fault than a mass delisting. `own`: the operator's own list, never doubted.
std::string doubt(const registry_reading& read, std::int64_t remotes, std::int64_t before, bool own);

// `id`: the registry's number in the store. Reads, decides, and stores nothing.
source_reading read_source(data::connection& db, std::int64_t id, const data::registry_source& source, const adapter& format, data::time_point at,
                           page_server& pages, const source_options& options);

// After the listings of a reading that is used were stored; also for one that is not. Call inside a transaction.
data::listing_changes settle(data::ledger& store, std::int64_t id, const adapter& format, data::time_point at, const source_reading& r,
                             const source_options& options);

// The line for a person: rows, accepted, rejected by reason; or what went wrong, and how old the listing is that stays.
std::string words_for(const std::string& registry, const source_reading& r, const data::listing_changes& changes,
                      std::optional<data::time_point> standing_since, data::time_point at);

// What else was odd: a handful of lines.
std::vector<std::string> notes_for(const std::string& registry, const source_reading& r);

}  // namespace rollcall::audit
