// What the store knows of endpoints beside their cells: marks, platforms, variants, aliases, the book of a list.
#pragma once

#include "data/model/time.hpp"
#include "data/store/sqlite.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::data {

// One remote (or one entry without a remote) that a registry lists.
struct current_listing {
    std::string registry, name, listed_url, exclusion, transport;
    std::int64_t endpoint = 0;      // 0: none
    std::string url, host, site;    // canonical; empty without an endpoint
    std::int64_t first_seen = 0;    // of the endpoint, seconds
};

struct endpoint_description { std::int64_t endpoint = 0; std::string site, platform; std::uint32_t marks = 0; };
struct book_count { std::string registry, step; std::int64_t count = 0; };
struct overlap_count { std::string registry, other; std::int64_t endpoints = 0; };
struct variant_pair { std::int64_t endpoint = 0, probed = 0; };

// In the registries' rank order, then by name and ordinal: the first spelling of an endpoint is the one to probe.
std::vector<current_listing> current_listings(connection& db);

// Call each of these inside a transaction.
void describe_endpoints(connection& db, const std::vector<endpoint_description>& rows);
void write_variants(connection& db, const std::vector<variant_pair>& rows);  // in place of what was there
void write_book(connection& db, std::int64_t round, const std::vector<book_count>& counts, const std::vector<overlap_count>& overlaps);

// Of the newest reading of a registry that was whole and used: the rows that came to no listing. Zeros without one.
struct reading_figures { std::int64_t rejected = 0, superseded = 0, duplicates = 0; };
reading_figures last_whole_reading(connection& db, std::int64_t registry);

// Code and name, in rank order.
std::vector<std::pair<std::string, std::string>> registry_names(connection& db);

// The book of a round as it was written; empty without one.
std::vector<book_count> read_book(connection& db, std::int64_t round);
std::vector<overlap_count> read_overlap(connection& db, std::int64_t round);

// A permanent redirect that an endpoint answered with, in every region that got an answer, in one round.
struct moved_mark { std::int64_t endpoint = 0, round = 0; std::string final_url; };

// Of the good cells of those rounds: what they were led to for good. An endpoint and round may come several times.
std::vector<moved_mark> moved_marks(connection& db, std::int64_t first_round, std::int64_t last_round);

// Number and canonical URL of every endpoint, by number.
std::vector<std::pair<std::int64_t, std::string>> endpoint_urls(connection& db);

struct alias_row { std::int64_t endpoint = 0; std::string url; std::int64_t rounds = 0; };
void write_aliases(connection& db, const std::vector<alias_row>& rows, time_point at);  // in place of what was there

struct edition;
// The reader's side: variants, aliases and tombstones, and URLs as they may be shown. Call last.
void read_identity(connection& db, edition& out);

}  // namespace rollcall::data
