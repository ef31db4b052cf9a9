// What the renderer is told of registries: readings, the book of the newest list, overlaps, and what came and went.
#include "data/model/edition.hpp"
#include "data/model/secret.hpp"
#include "data/store/registries.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rollcall::data {
namespace {

constexpr std::int64_t readings_kept = 30, changes_kept = 40;
constexpr std::chrono::days lately{30};

time_point from_seconds(std::int64_t s) { return time_point(std::chrono::seconds(s)); }

std::vector<excluded_count> counts_in(const std::string& json)
{
    std::vector<excluded_count> out;
    const auto counts = nlohmann::ordered_json::parse(json, nullptr, false);
    if (!counts.is_object()) return out;
    for (const auto& [why, count] : counts.items())
        if (count.is_number_integer()) out.push_back({why, count.get<std::int64_t>()});
    std::ranges::stable_sort(out, std::greater<>{}, &excluded_count::count);
    return out;
}

void read_readings(connection& db, edition& into)
{
    auto s = db.prepare("SELECT at, kind, outcome, used, rows, listings, superseded, duplicates, rejected, remotes, added, removed, rejections, problem "
                        "FROM registry_reading WHERE registry_id = (SELECT id FROM registry WHERE code = ?1) ORDER BY at DESC LIMIT ?2");
    using text = std::string;
    using number = std::int64_t;
    for (const auto& g : into.registries)
        for (auto [at, kind, outcome, used, rows, listings, superseded, duplicates, rejected, remotes, added, removed, rejections, problem] :
             s.rows<number, text, text, number, number, number, number, number, number, number, number, number, text, text>(g.code, readings_kept))
            into.readings.push_back({g.code, from_seconds(at), kind, outcome, used != 0, rows, listings, superseded, duplicates, rejected, remotes, added, removed,
                                     counts_in(rejections), problem});
}

void read_book(connection& db, edition& into)
{
    const auto newest = into.rounds.back().id;
    auto book = db.prepare("SELECT registry, step, count FROM book WHERE round_id = ?1 ORDER BY registry, step");
    for (auto [registry, step, count] : book.rows<std::string, std::string, std::int64_t>(newest)) into.book.push_back({registry, step, count});
    auto overlaps = db.prepare("SELECT registry, other, endpoints FROM overlap WHERE round_id = ?1 ORDER BY registry, other");
    for (auto [registry, other, count] : overlaps.rows<std::string, std::string, std::int64_t>(newest)) into.overlaps.push_back({registry, other, count});
}

// Of the last thirty days. What the very first reading held is no news.
void read_changes(connection& db, edition& into)
{
    auto s = db.prepare("SELECT c.what, c.at, c.name, coalesce(e.slug, '') FROM ("
                        "SELECT 'listed' AS what, first_seen AS at, name, ordinal, endpoint_id FROM listing WHERE registry_id = ?1 AND delisted_at IS NULL "
                        "AND first_seen > (SELECT min(first_seen) FROM listing WHERE registry_id = ?1) "
                        "UNION ALL SELECT v.what, v.at, v.name, v.ordinal, l.endpoint_id FROM listing_event v "
                        "LEFT JOIN listing l ON l.registry_id = v.registry_id AND l.name = v.name AND l.ordinal = v.ordinal WHERE v.registry_id = ?1) c "
                        "LEFT JOIN frozen f ON f.round_id = ?2 AND f.endpoint_id = c.endpoint_id LEFT JOIN endpoint e ON e.id = f.endpoint_id "
                        "WHERE c.at > ?3 AND c.at <= ?4 ORDER BY c.at DESC, c.name, c.ordinal, c.what LIMIT ?5");
    auto number = db.prepare("SELECT id FROM registry WHERE code = ?1");
    const auto& newest = into.rounds.back();
    // A list is read shortly before the round that it is for.
    const auto until = (newest.at + std::chrono::days(1)).time_since_epoch().count();
    for (const auto& g : into.registries) {
        const auto id = number.row<std::int64_t>(g.code);
        if (!id) continue;
        for (auto [what, at, name, slug] : s.rows<std::string, std::int64_t, std::string, std::string>(std::get<0>(*id), newest.id, (newest.at - lately).time_since_epoch().count(), until, changes_kept))
            into.listing_changes.push_back({g.code, what, from_seconds(at), shown_url(name), slug});
    }
}

}  // namespace

void read_intake(connection& db, edition& into)
{
    if (into.rounds.empty()) return;
    read_readings(db, into);
    read_book(db, into);
    read_changes(db, into);
}

}  // namespace rollcall::data
