// What the auditor writes and asks of the store, in its own words. SQL for it stands in ledger.cpp and nowhere else.
//
// One ledger belongs to one thread. Everything throws store_error.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/owner.hpp"
#include "data/model/published.hpp"
#include "data/model/time.hpp"
#include "data/model/verdict.hpp"
#include "data/store/digest.hpp"
#include "data/store/sqlite.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rollcall::data {

struct source_row { std::string code, name, url, licence; int rank = 0; std::string attribution{}; };

// How a reading of a registry ended.
struct reading {
    std::string outcome;  // exhausted, partial, failed
    std::string problem;  // one line; empty if exhausted
    std::int64_t rows = 0, accepted = 0, rejected = 0, remotes = 0;
    bool stale = false;   // the last good listing stays in use
};

struct endpoint_facts {
    std::string url, slug, probed_url, host, site;
    bool listed_as_sse = false;
};

struct listing_facts {
    std::string name, exclusion = "none", version, title, description, repository, website, status, listed_url, transport;
    int ordinal = 0;
    bool declared_auth = false;
    std::optional<std::int64_t> endpoint{};
    std::string published_at{}, updated_at{};  // as the registry writes them
};

// A remote as it stands in the store, for freezing the list.
struct listed_remote { std::int64_t endpoint; std::string url, listed_url, transport; };

struct round_facts {
    std::int64_t id = 0;
    std::string date;
    time_point at{};
    std::string state;  // frozen, probed, judged
    std::int64_t frozen = 0;
};

// An endpoint whose turn has come.
struct pending_endpoint {
    std::int64_t id;
    std::string url, probed_url, slug, site;
    bool listed_as_sse;
    era remembered_era = era::unknown;
    transport remembered_transport = transport::unknown;
};

// What judging needs of an owner's check.
struct owner_mark {
    std::int64_t endpoint, round, region;
    reason why;  // ok, or what failed
    bool credentialed;
};

// A confirmed change of tools; `changes` is JSON.
struct drift_row { std::int64_t endpoint, before, after; std::string grade, changes; };

struct verdict_row {
    std::int64_t endpoint;
    data::state state;
    reason why;
    std::optional<data::bucket> bucket;
    std::uint32_t flags;
    bool valid, good;
    std::int64_t streak;
    std::optional<published_bucket> published{};
    std::string cells{};  // of the night, as pack_cells gives them
};

class ledger {
public:
    // Migrates the store, so the connection must be open for writing.
    ledger(connection& db, digest_function sha256);

    void set(const std::string& name, const std::string& value);

    std::int64_t registry(const source_row& r);
    void record_reading(std::int64_t registry, const reading& r, time_point at);
    std::int64_t remotes_at_last_good_reading(std::int64_t registry);
    // The slug's owner may be another URL: then it must be made unique, see slug_of(url, collision).
    bool slug_is_taken(const std::string& slug, const std::string& url);
    std::int64_t endpoint(const endpoint_facts& e, time_point at);
    void listing(std::int64_t registry, const listing_facts& l, time_point at);
    // Remotes that belong to a registry's newest good reading.
    std::vector<listed_remote> current_remotes();
    void set_probed_url(std::int64_t endpoint, const std::string& url, bool listed_as_sse);
    // Distinct current listings without an endpoint, by exclusion.
    std::vector<std::pair<std::string, std::int64_t>> excluded();

    std::optional<round_facts> round_on(const std::string& date);
    std::optional<round_facts> newest_round();
    round_facts freeze(time_point at, const std::vector<std::int64_t>& endpoints, const std::string& list_hash,
                       const std::string& tool_version, const std::string& config_hash, const std::string& funnel);
    void set_round_state(std::int64_t round, const std::string& state);

    std::int64_t region(const std::string& code, const std::string& city, const std::string& country, std::optional<double> latitude = {}, std::optional<double> longitude = {});

    // Frozen endpoints of the round without a cell from the region, with the era that the last rounds saw.
    std::vector<pending_endpoint> pending(std::int64_t round, std::int64_t region);

    // Replaces a cell that is already there. Call inside a transaction.
    void record(std::int64_t round, std::int64_t region, std::int64_t endpoint, const cell& c);

    // What an owner's record gave, beside the cell; `note` is the owner's public note. Call inside a transaction.
    void record_check(std::int64_t round, std::int64_t region, std::int64_t endpoint, const owner_check& c, const std::string& note);
    std::vector<owner_mark> owner_marks(std::int64_t first_round, std::int64_t last_round);
    // The contract hash (lower-case hex) of each endpoint's newest owner's check before the round.
    std::vector<std::pair<std::int64_t, std::string>> contracts_behind(std::int64_t round);
    // The number of an endpoint by its canonical URL, and whether it is on the frozen list of the round.
    std::optional<std::pair<std::int64_t, bool>> find_endpoint(const std::string& url, std::int64_t round);

    // The newest `count` rounds up to and including `round`, oldest first.
    std::vector<round_facts> window(std::int64_t round, std::size_t count);
    std::string manifest_text(std::int64_t manifest);
    // Verdicts and nights, in place of what the round had.
    void write_verdicts(std::int64_t round, const std::vector<verdict_row>& rows);
    std::vector<std::int64_t> frozen_endpoints(std::int64_t round);

    // Retention: removes what belongs to rounds before those moments: transcripts; cells, owners' checks and verdicts; nights.
    void expire(time_point transcripts_before, time_point cells_before, time_point nights_before);

    connection& db() { return db_; }

private:
    std::optional<std::int64_t> manifest(const cell& c);
    std::int64_t answer(const answer_facts& a, std::optional<std::int64_t> manifest);
    std::pair<std::optional<std::int64_t>, blob> auth(const auth_facts& a);  // its row and key
    std::int64_t path(const path_facts& p);
    // The row with that content: remembered, or looked for by its digest. Nobody else may take rows away while a ledger
    // writes (see store_lock).
    std::int64_t known(std::unordered_map<std::string, std::int64_t>& memory, const std::string& text, const std::function<std::int64_t(const blob&)>& look);
    std::vector<pending_endpoint> endpoints_of(statement& query, std::int64_t round, std::int64_t region);

    connection& db_;
    digest_function sha256_;
    statement find_answer_, add_answer_, find_path_, add_path_, find_auth_, add_auth_, find_manifest_, add_manifest_, add_cell_, drop_cell_, add_transcript_,
        drop_transcript_, upsert_endpoint_, upsert_listing_, slug_owner_;
    std::unordered_map<std::string, std::int64_t> answers_, paths_;
    std::size_t epoch_ = 0;
};

}  // namespace rollcall::data
