#include "data/store/ledger.hpp"

#include "data/store/codec.hpp"
#include "data/store/migrate.hpp"
#include "data/store/rows.hpp"

#include <map>

namespace rollcall::data {
namespace {

connection& migrated(connection& db)
{
    migrate(db);
    return db;
}

std::int64_t seconds(time_point t) { return t.time_since_epoch().count(); }
time_point from_seconds(std::int64_t s) { return time_point(std::chrono::seconds(s)); }

constexpr std::string_view round_columns = "SELECT id, date, at, state, frozen FROM round ";

round_facts to_round(const std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::int64_t>& row)
{
    const auto& [id, date, at, state, frozen] = row;
    return {id, date, from_seconds(at), state, frozen};
}

}  // namespace

ledger::ledger(connection& db, digest_function sha256)
    : db_(migrated(db)),
      sha256_(std::move(sha256)),
      find_answer_(db.prepare("SELECT id FROM answer WHERE key = ?1")),
      add_answer_(db.prepare("INSERT INTO answer (http_status, era, transport, protocol, server_name, server_version, capabilities, "
                             "tool_count, manifest_id, final_url, auth_challenge, detail, warnings, key, auth_id) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")),
      find_path_(db.prepare("SELECT id FROM path WHERE key = ?1")),
      add_path_(db.prepare("INSERT INTO path (address, cname, tls_version, tls_issuer, tls_not_after, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")),
      find_auth_(db.prepare("SELECT id FROM auth WHERE key = ?1")),
      add_auth_(db.prepare("INSERT INTO auth (posture, rungs, metadata_url, issuer, key) VALUES (?1, ?2, ?3, ?4, ?5)")),
      find_manifest_(db.prepare("SELECT id FROM manifest WHERE full_hash = ?1")),
      add_manifest_(db.prepare("INSERT INTO manifest (full_hash, contract_hash, tool_count, json) VALUES (?1, ?2, ?3, ?4)")),
      add_cell_(db.prepare("INSERT OR IGNORE INTO cell (round_id, region_id, endpoint_id, reason_id, step, tries, waited_ms, times, answer_id, path_id) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")),
      drop_cell_(db.prepare("DELETE FROM cell WHERE round_id = ?1 AND region_id = ?2 AND endpoint_id = ?3")),
      add_transcript_(db.prepare("INSERT OR REPLACE INTO transcript (round_id, region_id, endpoint_id, text) VALUES (?1, ?2, ?3, ?4)")),
      drop_transcript_(db.prepare("DELETE FROM transcript WHERE round_id = ?1 AND region_id = ?2 AND endpoint_id = ?3")),
      upsert_endpoint_(db.prepare("INSERT INTO endpoint (url, slug, probed_url, host, site, listed_as_sse, first_seen, last_seen) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) "
                                  "ON CONFLICT (url) DO UPDATE SET site = excluded.site, last_seen = max(last_seen, excluded.last_seen) RETURNING id")),
      upsert_listing_(db.prepare("INSERT INTO listing (registry_id, name, ordinal, endpoint_id, exclusion, version, title, description, repository, "
                                 "website, status, listed_url, transport, declared_auth, first_seen, last_seen, published_at, updated_at) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17) "
                                 "ON CONFLICT (registry_id, name, ordinal) DO UPDATE SET endpoint_id = excluded.endpoint_id, "
                                 "exclusion = excluded.exclusion, version = excluded.version, title = excluded.title, "
                                 "description = excluded.description, repository = excluded.repository, website = excluded.website, "
                                 "status = excluded.status, listed_url = excluded.listed_url, transport = excluded.transport, "
                                 "declared_auth = excluded.declared_auth, last_seen = excluded.last_seen, "
                                 "published_at = excluded.published_at, updated_at = excluded.updated_at")),
      slug_owner_(db.prepare("SELECT url FROM endpoint WHERE slug = ?1"))
{
}

void ledger::set(const std::string& name, const std::string& value)
{
    db_.prepare("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value")
        .execute(name, value);
}

// --- registries and listings

std::int64_t ledger::registry(const source_row& r)
{
    auto s = db_.prepare("INSERT INTO registry (code, rank, name, url, licence, attribution) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                         "ON CONFLICT (code) DO UPDATE SET rank = excluded.rank, name = excluded.name, url = excluded.url, "
                         "licence = excluded.licence, attribution = excluded.attribution RETURNING id");
    return std::get<0>(*s.row<std::int64_t>(r.code, r.rank, r.name, r.url, r.licence, r.attribution));
}

void ledger::record_reading(std::int64_t registry, const reading& r, time_point at)
{
    const bool good = r.outcome == "exhausted" && !r.stale;
    db_.prepare("UPDATE registry SET rows = ?2, accepted = ?3, rejected = ?4, outcome = ?5, problem = ?6, stale = ?7, "
                "read_at = CASE WHEN ?8 THEN ?9 ELSE read_at END, remotes = CASE WHEN ?8 THEN ?10 ELSE remotes END WHERE id = ?1")
        .execute(registry, r.rows, r.accepted, r.rejected, r.outcome, r.problem, r.stale ? 1 : 0, good ? 1 : 0,
                 seconds(at), r.remotes);
}

std::int64_t ledger::remotes_at_last_good_reading(std::int64_t registry)
{
    return std::get<0>(*db_.prepare("SELECT remotes FROM registry WHERE id = ?1").row<std::int64_t>(registry));
}

bool ledger::slug_is_taken(const std::string& slug, const std::string& url)
{
    const auto owner = slug_owner_.row<std::string>(slug);
    return owner && std::get<0>(*owner) != url;
}

std::int64_t ledger::endpoint(const endpoint_facts& e, time_point at)
{
    return std::get<0>(*upsert_endpoint_.row<std::int64_t>(e.url, e.slug, e.probed_url, e.host, e.site,
                                                           e.listed_as_sse ? 1 : 0, seconds(at)));
}

void ledger::listing(std::int64_t registry, const listing_facts& l, time_point at)
{
    upsert_listing_.execute(registry, l.name, l.ordinal, l.endpoint, l.exclusion, l.version, l.title, l.description,
                            l.repository, l.website, l.status, l.listed_url, l.transport, l.declared_auth ? 1 : 0,
                            seconds(at), l.published_at, l.updated_at);
}

std::vector<listed_remote> ledger::current_remotes()
{
    std::vector<listed_remote> out;
    auto s = db_.prepare("SELECT l.endpoint_id, e.url, l.listed_url, l.transport FROM listing l JOIN registry r ON r.id = l.registry_id "
                         "JOIN endpoint e ON e.id = l.endpoint_id "
                         "WHERE l.endpoint_id IS NOT NULL AND l.exclusion = 'none' AND l.delisted_at IS NULL "
                         "ORDER BY r.rank, l.name, l.ordinal");
    for (auto [id, url, listed, type] : s.rows<std::int64_t, std::string, std::string, std::string>())
        out.push_back({id, url, listed, type});
    return out;
}

void ledger::set_probed_url(std::int64_t endpoint, const std::string& url, bool listed_as_sse)
{
    db_.prepare("UPDATE endpoint SET probed_url = ?2, listed_as_sse = ?3 WHERE id = ?1").execute(endpoint, url, listed_as_sse ? 1 : 0);
}

std::vector<std::pair<std::string, std::int64_t>> ledger::excluded()
{
    std::vector<std::pair<std::string, std::int64_t>> out;
    auto s = db_.prepare("SELECT l.exclusion, count(*) FROM listing l JOIN registry r ON r.id = l.registry_id "
                         "WHERE l.exclusion <> 'none' AND l.delisted_at IS NULL GROUP BY l.exclusion ORDER BY l.exclusion");
    for (auto [code, n] : s.rows<std::string, std::int64_t>()) out.emplace_back(code, n);
    return out;
}

// --- rounds

std::optional<round_facts> ledger::round_on(const std::string& date)
{
    const auto row = db_.prepare(std::string(round_columns) + "WHERE date = ?1")
                         .row<std::int64_t, std::string, std::int64_t, std::string, std::int64_t>(date);
    return row ? std::optional(to_round(*row)) : std::nullopt;
}

std::optional<round_facts> ledger::newest_round()
{
    const auto row = db_.prepare(std::string(round_columns) + "ORDER BY at DESC LIMIT 1")
                         .row<std::int64_t, std::string, std::int64_t, std::string, std::int64_t>();
    return row ? std::optional(to_round(*row)) : std::nullopt;
}

round_facts ledger::freeze(time_point at, const std::vector<std::int64_t>& endpoints, const std::string& list_hash,
                           const std::string& tool_version, const std::string& config_hash, const std::string& funnel)
{
    transaction all(db_);
    // Numbered by its day, so that in every store the numbers are the same and in the order of time, and a gap is a night
    // that was missed.
    const std::int64_t id = std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
    db_.prepare("INSERT INTO round (id, date, at, tool_version, config_hash, frozen, list_hash, state, funnel) VALUES (?8, ?1, ?2, ?3, ?4, ?5, ?6, 'frozen', ?7)")
        .execute(to_date(at), seconds(at), tool_version, config_hash, endpoints.size(), list_hash, funnel, id);
    auto one = db_.prepare("INSERT INTO frozen (round_id, endpoint_id) VALUES (?1, ?2)");
    for (const auto e : endpoints) one.execute(id, e);
    all.commit();
    return {id, to_date(at), at, "frozen", static_cast<std::int64_t>(endpoints.size())};
}

void ledger::set_round_state(std::int64_t round, const std::string& state)
{
    db_.prepare("UPDATE round SET state = ?2 WHERE id = ?1").execute(round, state);
}

std::int64_t ledger::region(const std::string& code, const std::string& city, const std::string& country, std::optional<double> latitude, std::optional<double> longitude)
{
    auto s = db_.prepare("INSERT INTO region (code, city, country, latitude, longitude) VALUES (?1, ?2, ?3, ?4, ?5) "
                         "ON CONFLICT (code) DO UPDATE SET city = excluded.city, country = excluded.country, latitude = excluded.latitude, longitude = excluded.longitude RETURNING id");
    return std::get<0>(*s.row<std::int64_t>(code, city, country, latitude, longitude));
}

std::vector<pending_endpoint> ledger::endpoints_of(statement& query, std::int64_t round, std::int64_t region)
{
    // The era that the newest of the last rounds saw in a good cell; a shard was told.
    std::map<std::int64_t, std::pair<era, transport>> memory;
    auto told = db_.prepare("SELECT endpoint_id, era, transport FROM remembered");
    for (auto [id, e, t] : told.rows<std::int64_t, std::int64_t, std::int64_t>()) memory[id] = {static_cast<era>(e), static_cast<transport>(t)};
    auto seen = db_.prepare("SELECT c.endpoint_id, a.era, a.transport FROM cell c JOIN answer a ON a.id = c.answer_id "
                            "WHERE c.round_id < ?1 AND c.round_id >= ?1 - 3 AND c.reason_id < 300 ORDER BY c.round_id");
    for (auto [id, e, t] : seen.rows<std::int64_t, std::int64_t, std::int64_t>(round))
        memory[id] = {static_cast<era>(e), static_cast<transport>(t)};

    std::vector<pending_endpoint> out;
    for (auto [id, url, probed, slug, site, sse] :
         query.rows<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t>(round, region)) {
        pending_endpoint p{id, url, probed, slug, site, sse != 0};
        if (const auto it = memory.find(id); it != memory.end())
            std::tie(p.remembered_era, p.remembered_transport) = it->second;
        out.push_back(std::move(p));
    }
    return out;
}

std::vector<pending_endpoint> ledger::pending(std::int64_t round, std::int64_t region)
{
    auto query = db_.prepare("SELECT e.id, e.url, e.probed_url, e.slug, e.site, e.listed_as_sse FROM frozen f JOIN endpoint e ON e.id = f.endpoint_id "
                             "WHERE f.round_id = ?1 AND NOT EXISTS (SELECT 1 FROM cell c WHERE c.round_id = ?1 AND c.region_id = ?2 "
                             "AND c.endpoint_id = f.endpoint_id) ORDER BY e.id");
    return endpoints_of(query, round, region);
}

std::vector<std::int64_t> ledger::frozen_endpoints(std::int64_t round)
{
    std::vector<std::int64_t> out;
    auto s = db_.prepare("SELECT endpoint_id FROM frozen WHERE round_id = ?1 ORDER BY endpoint_id");
    for (auto [id] : s.rows<std::int64_t>(round)) out.push_back(id);
    return out;
}

// --- cells

std::optional<std::int64_t> ledger::manifest(const cell& c)
{
    if (c.manifest.empty()) return std::nullopt;
    const blob full{from_hex(c.answer.full_hash)};
    if (const auto row = find_manifest_.row<std::int64_t>(full)) return std::get<0>(*row);
    add_manifest_.execute(full, blob{from_hex(c.answer.contract_hash)}, c.answer.tool_count.value_or(0),
                          blob{deflate(c.manifest)});
    return db_.last_id();
}

std::int64_t ledger::known(std::unordered_map<std::string, std::int64_t>& memory, const std::string& text, const std::function<std::int64_t(const blob&)>& look)
{
    if (epoch_ != db_.epoch()) {
        epoch_ = db_.epoch();
        answers_.clear();
        paths_.clear();
    }
    if (const auto it = memory.find(text); it != memory.end()) return it->second;
    // A night's worth: five regions' answers of ten thousand servers.
    if (memory.size() >= 50'000) memory.clear();
    return memory.emplace(text, look(blob{sha256_(text).substr(0, 16)})).first->second;
}

std::int64_t ledger::answer(const answer_facts& a, std::optional<std::int64_t> manifest)
{
    const auto capabilities = rows::join(a.capabilities);
    std::vector<std::string> codes;
    for (const auto w : a.warnings) codes.emplace_back(code_of(w));
    const auto warnings = rows::join(codes);
    const auto era_code = static_cast<std::int64_t>(a.era), transport_code = static_cast<std::int64_t>(a.transport);

    std::string text = std::to_string(a.http_status) + '\x1f' + std::to_string(era_code) + '\x1f' + std::to_string(transport_code);
    for (const auto* part : {&a.protocol_version, &a.server_name, &a.server_version, &capabilities, &a.final_url,
                             &a.auth_challenge, &a.detail, &warnings})
        text += '\x1f' + *part;
    // Of contents, never of row numbers: stores number differently, and are merged by these keys.
    text += '\x1f' + (a.tool_count ? std::to_string(*a.tool_count) : "") + '\x1f' + (manifest ? a.full_hash : "");
    const auto [auth_id, auth_key] = auth(a.auth);
    text += '\x1f' + auth_key.bytes;
    return known(answers_, text, [&](const blob& key) {
        if (const auto row = find_answer_.row<std::int64_t>(key)) return std::get<0>(*row);
        add_answer_.execute(a.http_status, era_code, transport_code, a.protocol_version, a.server_name, a.server_version,
                            capabilities, a.tool_count, manifest, a.final_url, a.auth_challenge, a.detail, warnings, key, auth_id);
        return std::int64_t{db_.last_id()};
    });
}

std::pair<std::optional<std::int64_t>, blob> ledger::auth(const auth_facts& a)
{
    if (a == auth_facts{}) return {};
    const auto posture_code = static_cast<std::int64_t>(a.posture);
    const auto rungs = pack_rungs(a.rungs);
    const blob key{sha256_(std::to_string(posture_code) + '\x1f' + rungs + '\x1f' + a.metadata_url + '\x1f' + a.issuer).substr(0, 16)};
    if (const auto row = find_auth_.row<std::int64_t>(key)) return {std::get<0>(*row), key};
    add_auth_.execute(posture_code, rungs, a.metadata_url, a.issuer, key);
    return {db_.last_id(), key};
}

std::int64_t ledger::path(const path_facts& p)
{
    const auto text = p.address + '\x1f' + p.cname + '\x1f' + p.tls_version + '\x1f' + p.tls_issuer + '\x1f' + (p.tls_not_after ? std::to_string(*p.tls_not_after) : "");
    return known(paths_, text, [&](const blob& key) {
        if (const auto row = find_path_.row<std::int64_t>(key)) return std::get<0>(*row);
        add_path_.execute(p.address, p.cname, p.tls_version, p.tls_issuer, p.tls_not_after, key);
        return std::int64_t{db_.last_id()};
    });
}

void ledger::record(std::int64_t round, std::int64_t region, std::int64_t endpoint, const cell& c)
{
    std::optional<std::int64_t> answer_id, path_id;
    if (c.answer != answer_facts{}) answer_id = answer(c.answer, manifest(c));
    if (c.path != path_facts{}) path_id = path(c.path);
    const auto add = [&] {
        add_cell_.execute(round, region, endpoint, static_cast<std::int64_t>(c.why), static_cast<std::int64_t>(c.reached),
                          c.tries, c.waited_ms, blob{pack_times(c.ms)}, answer_id, path_id);
        return db_.changes() > 0;
    };
    // Nearly always the first of its place; only another's has to go, and what was seen with it.
    if (!add()) {
        drop_cell_.execute(round, region, endpoint);
        drop_transcript_.execute(round, region, endpoint);
        add();
    }
    if (!c.transcript.empty())
        add_transcript_.execute(round, region, endpoint, blob{deflate(c.transcript)});
}

void ledger::record_check(std::int64_t round, std::int64_t region, std::int64_t endpoint, const owner_check& c, const std::string& note)
{
    auto add = db_.prepare("INSERT OR REPLACE INTO owner_check (round_id, region_id, endpoint_id, reason_id, credentialed, steps, expires_at, contract_hash, health, "
                           "health_summary, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    add.execute(round, region, endpoint, static_cast<std::int64_t>(c.why), c.credentialed ? 1 : 0, pack_steps(c.steps),
                c.expires_at ? std::optional(seconds(*c.expires_at)) : std::nullopt,
                c.contract_hash.empty() ? std::nullopt : std::optional(blob{from_hex(c.contract_hash)}), pack_health(c.health), c.health_summary, note);
}

std::vector<owner_mark> ledger::owner_marks(std::int64_t first_round, std::int64_t last_round)
{
    std::vector<owner_mark> out;
    auto s = db_.prepare("SELECT endpoint_id, round_id, region_id, reason_id, credentialed FROM owner_check "
                         "WHERE round_id BETWEEN ?1 AND ?2 ORDER BY endpoint_id, round_id, region_id");
    for (auto [endpoint, round, region, why, credentialed] : s.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(first_round, last_round))
        out.push_back({endpoint, round, region, rows::to_reason(why), credentialed != 0});
    return out;
}

std::vector<std::pair<std::int64_t, std::string>> ledger::contracts_behind(std::int64_t round)
{
    std::vector<std::pair<std::int64_t, std::string>> out;
    auto s = db_.prepare("SELECT endpoint_id, contract_hash, max(round_id) FROM owner_check WHERE round_id < ?1 AND contract_hash IS NOT NULL "
                         "GROUP BY endpoint_id ORDER BY endpoint_id");
    for (auto [endpoint, hash, newest] : s.rows<std::int64_t, blob, std::int64_t>(round)) out.emplace_back(endpoint, to_hex(hash.bytes));
    // A shard was told.
    auto told = db_.prepare("SELECT endpoint_id, contract_behind FROM remembered WHERE contract_behind IS NOT NULL AND endpoint_id NOT IN "
                            "(SELECT endpoint_id FROM owner_check WHERE round_id < ?1 AND contract_hash IS NOT NULL) ORDER BY endpoint_id");
    for (auto [endpoint, hash] : told.rows<std::int64_t, blob>(round)) out.emplace_back(endpoint, to_hex(hash.bytes));
    return out;
}

std::optional<std::pair<std::int64_t, bool>> ledger::find_endpoint(const std::string& url, std::int64_t round)
{
    const auto row = db_.prepare("SELECT e.id, EXISTS (SELECT 1 FROM frozen f WHERE f.round_id = ?2 AND f.endpoint_id = e.id) FROM endpoint e WHERE e.url = ?1")
                         .row<std::int64_t, std::int64_t>(url, round);
    if (!row) return std::nullopt;
    return std::pair(std::get<0>(*row), std::get<1>(*row) != 0);
}

// --- judging

std::vector<round_facts> ledger::window(std::int64_t round, std::size_t count)
{
    std::vector<round_facts> out;
    auto s = db_.prepare(std::string(round_columns) + "WHERE at <= (SELECT at FROM round WHERE id = ?1) ORDER BY at DESC LIMIT ?2");
    for (auto row : s.rows<std::int64_t, std::string, std::int64_t, std::string, std::int64_t>(round, count))
        out.insert(out.begin(), to_round(row));
    return out;
}

std::string ledger::manifest_text(std::int64_t manifest)
{
    const auto row = db_.prepare("SELECT json FROM manifest WHERE id = ?1").row<blob>(manifest);
    if (!row) throw store_error("store: no manifest " + std::to_string(manifest), SQLITE_CORRUPT);
    return inflate(std::get<0>(*row).bytes);
}

void ledger::write_verdicts(std::int64_t round, const std::vector<verdict_row>& rows)
{
    transaction all(db_);
    db_.prepare("DELETE FROM verdict WHERE round_id = ?1").execute(round);
    db_.prepare("DELETE FROM night WHERE round_id = ?1").execute(round);
    auto add = db_.prepare("INSERT INTO verdict (round_id, endpoint_id, state_id, reason_id, bucket_id, flags, valid, good, streak, published_id) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    auto keep = db_.prepare("INSERT INTO night (round_id, endpoint_id, state_id, reason_id, bucket_id, flags, good, cells) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    const auto number = [](const auto& code) { return code ? std::optional(static_cast<std::int64_t>(*code)) : std::nullopt; };
    for (const auto& v : rows) {
        const auto state_id = static_cast<std::int64_t>(v.state), reason_id = static_cast<std::int64_t>(v.why);
        add.execute(round, v.endpoint, state_id, reason_id, number(v.bucket), v.flags, v.valid ? 1 : 0, v.good ? 1 : 0, v.streak, number(v.published));
        keep.execute(round, v.endpoint, state_id, reason_id, number(v.bucket), v.flags, v.good ? 1 : 0, blob{v.cells});
    }
    set_round_state(round, "judged");
    all.commit();
}

void ledger::expire(time_point transcripts_before, time_point cells_before, time_point nights_before)
{
    transaction all(db_);
    const std::pair<const char*, time_point> limits[] = {
        {"transcript", transcripts_before}, {"cell", cells_before}, {"owner_check", cells_before}, {"verdict", cells_before},
        {"frozen", cells_before}, {"region_visit", cells_before}, {"region_control", cells_before}, {"night", nights_before}};
    for (const auto& [table, before] : limits)
        db_.prepare("DELETE FROM " + std::string(table) + " WHERE round_id IN (SELECT id FROM round WHERE at < ?1)").execute(seconds(before));
    all.commit();
}

}  // namespace rollcall::data
