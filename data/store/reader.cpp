#include "data/store/reader.hpp"

#include "data/store/codec.hpp"
#include "data/store/identity.hpp"
#include "data/store/migrate.hpp"
#include "data/store/read_incidents.hpp"
#include "data/store/regions.hpp"
#include "data/store/registries.hpp"
#include "data/store/rows.hpp"
#include "data/store/tool_names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_map>

namespace rollcall::data {
namespace {

constexpr std::size_t nights_kept = 90, rounds_kept = 120, tools_kept = 500;
// An open server's posture is asked every seventh round.
constexpr std::size_t posture_rounds = 8;
constexpr std::size_t drifts_kept = 20;
constexpr std::chrono::hours state_lifetime{36};

time_point from_seconds(std::int64_t s) { return time_point(std::chrono::seconds(s)); }

void read_settings(connection& db, edition& out)
{
    auto s = db.prepare("SELECT name, value FROM setting");
    for (auto [name, value] : s.rows<std::string, std::string>()) {
        if (name == "site_name") out.site_name = value;
        if (name == "contact") out.contact = value;
        out.settings.emplace(name, value);
    }
}

// A store of an earlier program lacks what came later: there the column is its default.
std::string column_or(connection& db, const std::string& table, const std::string& column, const std::string& fallback)
{
    const auto [count] = *db.prepare("SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2").row<std::int64_t>(table, column);
    return count > 0 ? column : fallback;
}

void read_places(connection& db, edition& out)
{
    auto s = db.prepare("SELECT id, code, city, country, " + column_or(db, "region", "latitude", "NULL") + ", " + column_or(db, "region", "longitude", "NULL") + " FROM region ORDER BY id");
    for (auto [id, code, city, country, latitude, longitude] : s.rows<std::int64_t, std::string, std::string, std::string, std::optional<double>, std::optional<double>>())
        out.regions.push_back({id, code, city, country, latitude, longitude});
}

void read_registries(connection& db, edition& out)
{
    auto s = db.prepare("SELECT code, name, url, licence, rows, accepted, rejected, outcome, read_at, stale, problem, " + column_or(db, "registry", "attribution", "''") + " FROM registry ORDER BY rank, code");
    for (auto [code, name, url, licence, rows, accepted, rejected, outcome, read_at, stale, problem, attribution] :
         s.rows<std::string, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::string,
                std::optional<std::int64_t>, std::int64_t, std::string, std::string>())
        out.registries.push_back({code, name, url, licence, rows, accepted, rejected, outcome,
                                  read_at ? std::optional(from_seconds(*read_at)) : std::nullopt, stale != 0, problem, attribution});
}

void read_rounds(connection& db, edition& out)
{
    auto s = db.prepare("SELECT id, at, state, tool_version, frozen, funnel FROM round WHERE state = 'judged' ORDER BY at DESC LIMIT ?1");
    std::string newest_funnel;
    for (auto [id, at, state, tool, frozen, funnel] :
         s.rows<std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::string>(rounds_kept)) {
        if (out.rounds.empty()) newest_funnel = funnel;
        out.rounds.push_back({id, from_seconds(at), true, tool, frozen});
    }
    std::ranges::reverse(out.rounds);
    const auto steps = nlohmann::ordered_json::parse(newest_funnel, nullptr, false);
    if (!steps.is_object()) return;
    for (const auto& [step, count] : steps.items()) {
        if (step.starts_with("excluded:"))
            out.excluded.push_back({step.substr(9), count.get<std::int64_t>()});
        else
            out.funnel.emplace_back(step, count.get<std::int64_t>());
    }
}

using by_endpoint = std::unordered_map<std::int64_t, std::size_t>;

by_endpoint read_endpoints(connection& db, edition& out)
{
    auto s = db.prepare("SELECT e.id, e.url, e.slug, e.site, e.host, e.first_seen FROM frozen f JOIN endpoint e ON e.id = f.endpoint_id "
                        "WHERE f.round_id = ?1 ORDER BY e.slug");
    by_endpoint index;
    for (auto [id, url, slug, site, host, first_seen] :
         s.rows<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t>(out.rounds.back().id)) {
        index.emplace(id, out.endpoints.size());
        endpoint_row e;
        e.id = id;
        e.url = url;
        e.slug = slug;
        e.site = site;
        e.host = host;
        e.first_seen = from_seconds(first_seen);
        out.endpoints.push_back(std::move(e));
    }
    return index;
}

// From the nights, which are kept when cells and verdicts are gone; the streak is the verdict's.
void read_nights(connection& db, edition& out, const by_endpoint& index)
{
    const auto newest = out.rounds.back();
    auto nights = db.prepare("SELECT endpoint_id, state_id, reason_id, bucket_id, flags, good, cells FROM night WHERE round_id = ?1 ORDER BY endpoint_id");
    auto streaks = db.prepare("SELECT streak FROM verdict WHERE endpoint_id = ?1 AND round_id = ?2");
    for (auto r = out.rounds.end() - static_cast<std::ptrdiff_t>(std::min(out.rounds.size(), nights_kept)); r != out.rounds.end(); ++r)
        for (auto [endpoint, st, why, bucket_id, flags, good, cells] :
             nights.rows<std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t, blob>(r->id)) {
            const auto it = index.find(endpoint);
            if (it == index.end()) continue;
            auto& e = out.endpoints[it->second];
            // Of a large roll, what vectors keep for growing is a quarter of the memory.
            if (e.nights.empty()) e.nights.reserve(static_cast<std::size_t>(out.rounds.end() - r));
            const auto state = rows::to_state(st);
            e.nights.push_back({r->id, state, good != 0, state != data::state::unknown, rows::to_reason(why), std::move(cells.bytes)});
            if (r->id == newest.id) {
                if (bucket_id) e.bucket = rows::to_bucket(*bucket_id);
                e.flags = static_cast<std::uint32_t>(flags);
            }
            if (state == data::state::unknown || newest.at - r->at > state_lifetime) continue;
            e.state = state;
            e.why = rows::to_reason(why);
            e.observed_round = r->id;
            const auto streak = streaks.row<std::int64_t>(endpoint, r->id);
            e.streak = streak ? std::get<0>(*streak) : 1;
        }
}

void read_cells(connection& db, edition& out, const by_endpoint& index)
{
    rows::facts_reader facts(db);
    auto s = db.prepare("SELECT c.endpoint_id, c.region_id, c.reason_id, c.step, c.tries, c.waited_ms, c.times, c.answer_id, c.path_id, t.text, c.round_id "
                        "FROM cell c LEFT JOIN transcript t ON t.round_id = c.round_id AND t.region_id = c.region_id AND t.endpoint_id = c.endpoint_id "
                        "WHERE c.round_id >= ?1 ORDER BY c.endpoint_id, c.region_id");
    // A state may be up to 36 hours old: two nights are enough.
    const auto first = out.rounds[out.rounds.size() - std::min<std::size_t>(out.rounds.size(), 2)].id;
    for (auto [endpoint, region, why, step, tries, waited, times, answer, path, transcript, round] :
         s.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, blob, std::optional<std::int64_t>,
                std::optional<std::int64_t>, std::optional<blob>, std::int64_t>(std::min(first, out.rounds.back().id))) {
        const auto it = index.find(endpoint);
        if (it == index.end() || out.endpoints[it->second].observed_round != round) continue;
        cell c;
        c.why = rows::to_reason(why);
        c.reached = static_cast<data::step>(step);
        c.tries = static_cast<std::uint8_t>(tries);
        c.waited_ms = static_cast<std::uint32_t>(waited);
        c.ms = unpack_times(times.bytes);
        if (answer) c.answer = facts.answer(*answer);
        if (path) c.path = facts.path(*path);
        if (transcript) c.transcript = inflate(transcript->bytes);
        auto& cells = out.endpoints[it->second].cells;
        if (cells.empty()) cells.reserve(out.regions.size());
        cells.push_back({region, std::move(c)});
    }
}

void read_tools(connection& db, edition& out)
{
    auto s = db.prepare("SELECT json FROM manifest WHERE full_hash = ?1");
    for (auto& e : out.endpoints) {
        const auto with_tools = std::ranges::find_if(e.cells, [](const region_cell& c) { return !c.cell.answer.full_hash.empty(); });
        if (with_tools == e.cells.end()) continue;
        const auto row = s.row<blob>(blob{from_hex(with_tools->cell.answer.full_hash)});
        if (!row) continue;
        e.tools = tool_names(inflate(std::get<0>(*row).bytes), tools_kept);
        e.tools.shrink_to_fit();
    }
}

// The funnel's last steps: what became of the frozen list.
void count_measured(edition& out)
{
    std::int64_t probed = 0, measured = 0;
    for (const auto& e : out.endpoints) {
        if (e.nights.empty() || e.nights.back().round != out.rounds.back().id) continue;
        probed += e.nights.back().why != reason::budget && e.nights.back().why != reason::interrupted;
        measured += e.nights.back().valid;
    }
    out.funnel.emplace_back("probed", probed);
    out.funnel.emplace_back("measured", measured);
}

void read_postures(connection& db, edition& out, const by_endpoint& index)
{
    rows::facts_reader facts(db);
    auto s = db.prepare("SELECT c.endpoint_id, a.auth_id, c.round_id FROM cell c JOIN answer a ON a.id = c.answer_id "
                        "WHERE c.round_id >= ?1 AND a.auth_id IS NOT NULL ORDER BY c.endpoint_id, c.round_id, c.region_id DESC");
    const auto first = out.rounds[out.rounds.size() - std::min(out.rounds.size(), posture_rounds)].id;
    std::unordered_map<std::int64_t, auth_facts> known;  // many servers share a ladder
    for (auto [endpoint, auth, round] : s.rows<std::int64_t, std::int64_t, std::int64_t>(first)) {
        const auto it = index.find(endpoint);
        if (it == index.end()) continue;
        auto found = known.find(auth);
        if (found == known.end()) found = known.emplace(auth, facts.auth(auth)).first;
        auto& e = out.endpoints[it->second];
        e.auth = found->second;
        e.auth_round = round;
    }
}

void read_owners(connection& db, edition& out, const by_endpoint& index)
{
    using text = std::string;
    using maybe = std::optional<std::int64_t>;
    auto s = db.prepare("SELECT endpoint_id, region_id, reason_id, credentialed, steps, expires_at, contract_hash, health, health_summary, note, round_id "
                        "FROM owner_check WHERE round_id >= ?1 ORDER BY endpoint_id, region_id");
    const auto first = out.rounds[out.rounds.size() - std::min<std::size_t>(out.rounds.size(), 2)].id;
    for (auto [endpoint, region, why, credentialed, steps, expires, contract, health, summary, note, round] :
         s.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, text, maybe, std::optional<blob>, text, text, text, std::int64_t>(first)) {
        const auto it = index.find(endpoint);
        if (it == index.end() || out.endpoints[it->second].observed_round != round) continue;
        owner_check c;
        c.why = rows::to_reason(why);
        c.failing = c.why != reason::ok;
        c.credentialed = credentialed != 0;
        c.steps = unpack_steps(steps);
        if (expires) c.expires_at = from_seconds(*expires);
        if (contract) c.contract_hash = to_hex(contract->bytes);
        c.health = unpack_health(health);
        c.health_summary = summary;
        out.endpoints[it->second].owner.push_back({region, std::move(c), note});
    }
}

void read_drifts(connection& db, edition& out, const by_endpoint& index)
{
    auto s = db.prepare("SELECT d.endpoint_id, d.round_id, d.grade, d.changes, d.taken_back_id FROM drift d JOIN round r ON r.id = d.round_id WHERE r.at >= ?1 ORDER BY d.endpoint_id, r.at DESC");
    for (auto [endpoint, round, grade, changes, back] : s.rows<std::int64_t, std::int64_t, std::string, blob, std::optional<std::int64_t>>(out.rounds.front().at.time_since_epoch().count())) {
        const auto it = index.find(endpoint);
        if (it == index.end() || out.endpoints[it->second].drifts.size() >= drifts_kept) continue;
        out.endpoints[it->second].drifts.push_back({round, grade, inflate(changes.bytes), back.value_or(0)});
    }
}

void read_listings(connection& db, edition& out, const by_endpoint& index)
{
    auto s = db.prepare("SELECT l.endpoint_id, r.code, l.name, l.title, l.version, l.description, l.repository, l.website, l.listed_url, l.transport, l.declared_auth "
                        "FROM listing l JOIN registry r ON r.id = l.registry_id WHERE l.endpoint_id IS NOT NULL AND l.delisted_at IS NULL "
                        "ORDER BY r.rank, l.name, l.ordinal");
    using text = std::string;
    for (auto [endpoint, registry, name, title, version, description, repository, website, url, type, auth] :
         s.rows<std::int64_t, text, text, text, text, text, text, text, text, text, std::int64_t>()) {
        const auto it = index.find(endpoint);
        if (it != index.end())
            out.endpoints[it->second].listings.push_back({registry, name, title, version, description, repository, website, url, type, auth != 0});
    }
}

}  // namespace

edition read_edition(const std::filesystem::path& path)
{
    connection db(path.string(), connection::mode::read_only);
    require_readable(db);
    // One moment: a run that writes meanwhile is not seen half-way.
    db.run("BEGIN");
    edition out;
    read_settings(db, out);
    read_places(db, out);
    read_registries(db, out);
    read_rounds(db, out);
    if (!out.rounds.empty()) {
        const auto index = read_endpoints(db, out);
        read_nights(db, out, index);
        count_measured(out);
        read_region_nights(db, out);
        read_cells(db, out, index);
        read_postures(db, out, index);
        read_owners(db, out, index);
        read_drifts(db, out, index);
        read_tools(db, out);
        read_listings(db, out, index);
        read_incidents(db, out);
        read_intake(db, out);
    }
    read_identity(db, out);
    db.run("COMMIT");
    return out;
}

}  // namespace rollcall::data
