// What the store remembers of registries from one night to the next: validators, readings, and which entries came,
// went and came back. The rows of the listings themselves are the ledger's.
#pragma once

#include "data/model/time.hpp"
#include "data/store/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::data {

// The listing that is in use.
struct standing_listing {
    std::optional<time_point> read_at;   // of the last good reading; none: there has been none
    std::optional<time_point> whole_at;  // of the last good one that was not of changes only
    std::int64_t remotes = 0;            // of the last good one
    std::string made_with;               // with what program and settings it was made
};

// By what a server can say that a page has not changed (RFC 9110 section 13.1).
struct page_validator {
    std::string location, etag, last_modified;
    bool operator==(const page_validator&) const = default;
};

enum class reading_kind { whole, changes, unchanged };

// A night's reading of a registry, for its history.
struct reading_entry {
    reading_kind kind = reading_kind::whole;
    std::string outcome;     // exhausted, partial, failed
    bool used = false;       // false: the last good listing stayed in use
    std::int64_t pages = 0, rows = 0, listings = 0, superseded = 0, duplicates = 0, rejected = 0, remotes = 0;
    std::string rejections;  // JSON: why to count
    std::string problem;
};

// What a good reading changed, in remotes (an entry without one counts as one).
struct listing_changes { std::int64_t added = 0, removed = 0; };

standing_listing standing(connection& db, std::int64_t registry);

// In the order of the pages.
std::vector<page_validator> validators(connection& db, std::int64_t registry);

// Remotes that the registry lists now.
std::int64_t listed_remotes(connection& db, std::int64_t registry);

// Call after the listings of a good reading were stored with `at` as their last_seen: what it did not hold is delisted
// (a whole reading: after `absences` good readings in a row without it; one of changes: what an entry that it holds no
// longer lists), what came back is listed again. Unchanged: everything listed was seen again.
listing_changes settle_listings(connection& db, std::int64_t registry, time_point at, reading_kind kind, unsigned absences);

// What stands from now on. The validators are those of all its pages, or none.
void set_standing(connection& db, std::int64_t registry, time_point at, reading_kind kind, const std::string& made_with,
                  const std::vector<page_validator>& pages);

// A good reading that was not of the whole list: the figures of the last whole one stay, the remotes are counted anew.
void keep_figures(connection& db, std::int64_t registry, time_point at);

// In place of what the night had.
void write_reading(connection& db, std::int64_t registry, time_point at, const reading_entry& r, const listing_changes& changes);

// Fills in readings, book, overlaps and changes of the edition's newest round; its registries and rounds stand there already.
struct edition;
void read_intake(connection& db, edition& into);

}  // namespace rollcall::data
