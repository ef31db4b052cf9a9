#include "data/store/forget.hpp"

#include <algorithm>
#include <numeric>

namespace rollcall::data {
namespace {

struct mention { std::string table, column; };

// Columns that hold an endpoint's number: by the schema's foreign keys, or, where a table has none, by their name.
std::vector<mention> mentions_of_endpoints(connection& db)
{
    std::vector<mention> out;
    auto s = db.prepare("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND "
                        "(c.name = 'endpoint_id' OR EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name) f WHERE f.\"table\" = 'endpoint' AND f.\"from\" = c.name)) "
                        "ORDER BY t.rowid, c.cid");
    for (auto [table, column] : s.rows<std::string, std::string>()) out.push_back({table, column});
    return out;
}

std::int64_t count(connection& db, const std::string& table)
{
    return std::get<0>(*db.prepare("SELECT count(*) FROM " + table).row<std::int64_t>());
}

// Every table, so that what goes by way of another (ON DELETE CASCADE) is counted too.
std::vector<std::pair<std::string, std::int64_t>> counts(connection& db)
{
    std::vector<std::pair<std::string, std::int64_t>> out;
    auto s = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    for (auto [name] : s.rows<std::string>()) out.emplace_back(name, 0);
    for (auto& [name, n] : out) n = count(db, name);
    return out;
}

std::vector<known_endpoint> meant(connection& db, const std::function<bool(const known_endpoint&)>& is_meant)
{
    std::vector<known_endpoint> out;
    auto s = db.prepare("SELECT id, url, slug, host FROM endpoint ORDER BY slug");
    for (auto [id, url, slug, host] : s.rows<std::int64_t, std::string, std::string, std::string>())
        if (known_endpoint e{id, url, slug, host}; is_meant(e)) out.push_back(std::move(e));
    return out;
}

struct listing_key { std::int64_t registry = 0; std::string name; std::int64_t ordinal = 0; };

// Listings of the endpoints, and those that name them without having come to an endpoint.
std::vector<listing_key> listings_to_erase(connection& db, const std::vector<known_endpoint>& endpoints, const std::function<bool(const std::string&)>& is_meant_text)
{
    std::vector<std::int64_t> ids;
    for (const auto& e : endpoints) ids.push_back(e.id);
    std::ranges::sort(ids);
    std::vector<listing_key> out;
    auto s = db.prepare("SELECT registry_id, name, ordinal, endpoint_id, listed_url FROM listing");
    for (auto [registry, name, ordinal, endpoint, listed] : s.rows<std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>, std::string>())
        if (endpoint ? std::ranges::binary_search(ids, *endpoint) : !listed.empty() && is_meant_text(listed)) out.push_back({registry, name, ordinal});
    return out;
}

}  // namespace

std::int64_t erasure::all_rows() const
{
    return std::accumulate(rows.begin(), rows.end(), std::int64_t{0}, [](std::int64_t sum, const auto& row) { return sum + row.second; });
}

erasure erase(connection& db, const std::function<bool(const known_endpoint&)>& is_meant,
              const std::function<bool(const std::string& listed_url)>& is_meant_text, time_point at)
{
    erasure out;
    out.endpoints = meant(db, is_meant);
    const auto before = counts(db);

    const auto listings = listings_to_erase(db, out.endpoints, is_meant_text);
    auto drop_event = db.prepare("DELETE FROM listing_event WHERE registry_id = ?1 AND name = ?2 AND ordinal = ?3");
    auto drop_listing = db.prepare("DELETE FROM listing WHERE registry_id = ?1 AND name = ?2 AND ordinal = ?3");
    for (const auto& l : listings) {
        drop_event.execute(l.registry, l.name, l.ordinal);
        drop_listing.execute(l.registry, l.name, l.ordinal);
    }
    for (const auto& [table, column] : mentions_of_endpoints(db)) {
        auto drop = db.prepare("DELETE FROM " + table + " WHERE " + column + " = ?1");
        for (const auto& e : out.endpoints) drop.execute(e.id);
    }
    auto drop_endpoint = db.prepare("DELETE FROM endpoint WHERE id = ?1");
    auto drop_alias = db.prepare("DELETE FROM alias WHERE url = ?1");
    auto bury = db.prepare("INSERT OR REPLACE INTO tombstone (slug, removed_at) VALUES (?1, ?2)");
    for (const auto& e : out.endpoints) {
        drop_alias.execute(e.url);
        drop_endpoint.execute(e.id);
        bury.execute(e.slug, at.time_since_epoch().count());
    }

    const auto after = counts(db);
    for (std::size_t i = 0; i < before.size(); ++i)
        if (before[i].second > after[i].second) out.rows.emplace_back(before[i].first, before[i].second - after[i].second);
    return out;
}

}  // namespace rollcall::data
