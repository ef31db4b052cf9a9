// What the site is made from: the store's answers for one moment, as plain values.
//
// The store's reader fills it in; the renderer's documents are functions of it. Nothing here is computed from
// the clock: the same store gives the same edition.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/incident.hpp"
#include "data/model/owner.hpp"
#include "data/model/time.hpp"
#include "data/model/verdict.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::data {

struct region_row {
    std::int64_t id;
    std::string code, city, country;             // city is empty where it is not known
    std::optional<double> latitude{}, longitude{};  // degrees; both or neither
};

struct registry_row {
    std::string code, name, url, licence;
    std::int64_t rows = 0, accepted = 0, rejected = 0;  // of the last reading
    std::string outcome;                                // "exhausted", "partial", "failed"
    std::optional<time_point> read_at;                  // of the last good reading
    bool stale = false;                                 // yesterday's listing is still in use
    std::string problem;                                // why, in one line
    std::string attribution{};                          // whom to name
};

// One pass, oldest first in an edition.
struct round_row {
    std::int64_t id;
    time_point at;            // nominal
    bool complete;            // every frozen endpoint has a verdict
    std::string tool_version;
    std::int64_t frozen = 0;  // endpoints on the frozen list
};

// One listing of an endpoint. Everything but the registry's code is hostile text.
struct listing_row {
    std::string registry, name, title, version, description, repository, website, listed_url, declared_transport;
    bool declared_auth = false;
};

// One region's cell of the newest round in which the endpoint was measured.
struct region_cell { std::int64_t region; data::cell cell; };

// One night of one endpoint, newest last; a round without an entry was missed.
struct night {
    std::int64_t round;
    data::state state;
    bool good;                    // counted as a good night for uptime
    bool valid;                   // measured at all
    reason why;                   // of the cell that decided
    std::string cells{};          // what each region saw, packed: see night_cells.hpp
};

// What a region's self-check made of one round. Of a region that was down no cell of that round counts.
struct region_night {
    std::int64_t region, round;
    bool down;
    std::string why;                  // in words; of a region that was not down, a note or empty
    std::int64_t controls_ok = 0, controls_total = 0;
    std::int64_t cells = 0, good = 0, bad = 0;  // bad: evidence, and not good
    std::int64_t ours = 0;                      // our own network or proxy failed
    std::int64_t compared = 0, lone = 0;        // domains that answered elsewhere; those of them that failed only here
};

// What an owner's record gave, from one region, in the newest round in which the endpoint was measured.
struct owner_row { std::int64_t region; owner_check check; std::string note; };

// A confirmed change of the tools of an endpoint; `changes` is a JSON document, see docs/store.md.
// `taken_back`: the round that saw the old tools again; 0: it stands.
struct drift_entry { std::int64_t round; std::string grade, changes; std::int64_t taken_back = 0; };

// What one round changed of an incident; it holds until the next of them.
struct incident_night {
    time_point at;
    incident_event event;
    incident_state state;
    data::severity severity;
    confidence sure;
    std::vector<std::string> places;          // codes of the regions that saw it; empty: all of them
    std::int64_t failing = 0, answering = 0, unmeasured = 0, joined = 0;
};

// A server that a shared outage stands for. It need not be on the roll any more.
struct incident_member { std::int64_t endpoint; std::string slug, url; time_point joined; };

struct incident_row {
    std::string code;                         // its place on the site
    incident_kind kind;
    common_key key_kind;
    std::string key;                          // what the members share: hostile text
    std::optional<std::int64_t> endpoint;     // of one server
    std::string slug, url;                    // the same
    time_point opened, begun;                 // the rounds in which it was told, and first bad
    std::optional<time_point> last_good;      // the newest round before that in which it answered
    reason why;
    std::string detail;
    std::int64_t at_risk = 0, sites = 0, everybody = 0, new_failures = 0;
    bool global = false;
    std::optional<time_point> due;            // of a notice
    std::vector<incident_night> nights;       // oldest first, never empty
    std::vector<incident_member> members;     // sorted by slug
};

struct endpoint_row {
    std::int64_t id;
    std::string url, slug, site, host;        // canonical URL; registrable domain
    std::string platform;                     // registrable domain by the ICANN section only; empty before it was judged
    time_point first_seen;
    data::state state = data::state::unknown;
    data::reason why = reason::interrupted;   // of the cell that decided the state
    std::int64_t observed_round = 0;          // the round that the state is from; 0: never measured
    std::optional<data::bucket> bucket;       // none before the second round
    std::uint32_t flags = 0;
    std::int64_t streak = 0;                  // nights in a row with this state, this one included
    std::vector<night> nights;                // at most 90
    std::vector<region_cell> cells;
    auth_facts auth;                          // the newest that somebody looked at; posture unknown: nobody did
    std::int64_t auth_round = 0;              // the round that it is from
    std::vector<owner_row> owner;             // empty: its owner registered nothing
    std::vector<drift_entry> drifts;          // newest first, capped by the reader
    std::vector<listing_row> listings;        // in the registries' rank order
    std::string alias;                        // where it says that it has moved for good; empty: nowhere
    std::vector<std::string> tools;           // names of the newest list, in the list's order; capped by the reader
};

// An address that differs from a probed one only by where its visitors come from: that one stands for both.
struct variant_row { std::string slug, url, probed_slug; };

// Removed at its owner's request: nothing is left but its place on the site.
struct tombstone_row { std::string slug; time_point removed; };

// Listed, but never probed: a class and how many.
struct excluded_count { std::string code; std::int64_t count; };

// How a registry was read in one night.
struct reading_row {
    std::string registry;
    time_point at;                            // nominal
    std::string kind, outcome;                // whole, changes, unchanged; exhausted, partial, failed
    bool used = false;                        // false: the last good listing stayed in use
    std::int64_t rows = 0, listings = 0, superseded = 0, duplicates = 0, rejected = 0, remotes = 0, added = 0, removed = 0;
    std::vector<excluded_count> rejections;   // why to count, most frequent first
    std::string problem;
};

// A count of the newest list, by registry; with an empty registry, of all of them together.
struct book_row { std::string registry, step; std::int64_t count; };

// Eligible endpoints that two registries both list; a registry beside itself: those that it alone lists.
struct overlap_row { std::string registry, other; std::int64_t endpoints; };

// A remote that came to a registry, went or came back.
struct listing_change {
    std::string registry, what;               // listed, delisted, relisted
    time_point at;
    std::string name;                         // hostile text
    std::string slug;                         // of its endpoint, where that is on the roll
};

struct edition {
    std::string site_name = "Rollcall", contact;
    std::map<std::string, std::string> settings;  // what the auditor says of its manners: see docs/store.md
    std::vector<region_row> regions;
    std::vector<region_night> region_nights;  // of the edition's rounds, oldest first
    std::vector<registry_row> registries;     // in rank order
    std::vector<round_row> rounds;            // oldest first, at most the last 120
    std::vector<endpoint_row> endpoints;      // sorted by slug; those on the newest frozen list
    std::vector<excluded_count> excluded;     // sorted by code
    std::vector<variant_row> variants;        // sorted by slug
    std::vector<tombstone_row> tombstones;    // sorted by slug; none is the slug of an endpoint or a variant
    std::vector<incident_row> incidents;      // newest first: those of the edition's rounds, and what is not closed
    std::vector<reading_row> readings;        // by registry, newest first, at most 30 of each
    std::vector<book_row> book;               // sorted by registry and step
    std::vector<overlap_row> overlaps;        // the same
    std::vector<listing_change> listing_changes;  // by registry, newest first, at most 40 of each
    // The funnel of the newest intake: rows, listings, remotes, distinct, eligible, probed, measured.
    std::vector<std::pair<std::string, std::int64_t>> funnel;
};

}  // namespace rollcall::data
