// The book of a round's list: the funnel from rows down to frozen endpoints, by registry and together, and the overlap
// between registries. Pure: counted from what the store holds, so that a registry whose last good listing stays in use
// is counted like any other.
#pragma once

#include "audit/intake/cluster.hpp"
#include "data/store/identity.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rollcall::audit {

// What only the reading of a registry knows: rows that came to no listing, and why.
struct reading_counts {
    std::string registry, name;  // code, and what people call it
    bool kept = false;           // tonight's reading was not good: the last good listing is in use
    bool standing = false;       // tonight's rows are not all of them: the rows are counted from what the store holds
    std::int64_t rows = 0, rejected = 0;
    std::int64_t superseded = 0, deleted = 0, repeated = 0;  // rows: older versions, withdrawn, of a name that came before
    std::int64_t opted_out = 0;  // remotes that are not stored, since their owner asked
};

// A balanced book: rows = rejected + superseded + deleted + repeated + listings. `distinct`: as listed;
// `canonical`: after the rules of the canonical URL; `eligible`: what no rule excludes.
struct registry_book {
    std::string registry, name;
    bool kept = false;
    std::int64_t rows = 0, rejected = 0, superseded = 0, deleted = 0, repeated = 0;
    std::int64_t listings = 0, remotes = 0, distinct = 0, canonical = 0, eligible = 0, only_here = 0;
    std::map<std::string, std::int64_t> excluded;  // by class: remotes, or listings without one
};

struct list_book {
    std::vector<registry_book> registries;           // in rank order
    registry_book all;                               // sums of rows, listings, remotes; unions of the others
    std::vector<std::vector<std::int64_t>> both;     // both[i][j], i < j: eligible endpoints of registries i and j
    std::vector<std::int64_t> times;                 // times[i]: eligible endpoints listed by i + 1 registries
    std::int64_t hosts = 0, sites = 0, platforms = 0;
    std::int64_t variants = 0, frozen = 0;           // left out for another of their cluster; on the list
    std::map<std::string, std::int64_t> marks;       // of eligible endpoints, by code
};

// An eligible endpoint with what was said of it.
struct book_endpoint { std::int64_t id = 0; std::string host, site, platform; std::uint32_t marks = 0; };

// `listings` with their exclusion as it holds tonight. An eligible listing's endpoint is among `endpoints`.
list_book keep_book(const std::vector<reading_counts>& readings, const std::vector<data::current_listing>& listings,
                    const std::vector<book_endpoint>& endpoints, std::size_t variants, std::size_t frozen);

// As the store and the site have it: steps of all registries together, in order. "distinct" is as listed.
std::vector<std::pair<std::string, std::int64_t>> funnel_of(const list_book& book);
std::vector<data::book_count> counts_of(const list_book& book);
std::vector<data::overlap_count> overlaps_of(const list_book& book);

// The other way round. `names`: the registries in rank order, code and name; those without a count are left out.
list_book book_of(const std::vector<std::pair<std::string, std::string>>& names, const std::vector<data::book_count>& counts,
                  const std::vector<data::overlap_count>& overlaps);

// For a terminal: the funnel by registry, the excluded classes, the overlap. Names are cleaned of what acts.
std::string book_tables(const list_book& book);
// The same as a JSON document.
std::string book_json(const list_book& book, const std::string& date, bool all_good);

}  // namespace rollcall::audit
