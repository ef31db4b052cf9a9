#include "data/store/identity.hpp"

namespace rollcall::data {
namespace {

// What `redirect_permanent` is called among the warnings of an answer.
constexpr const char* moved_for_good = "% redirect_permanent %";

}  // namespace

std::vector<current_listing> current_listings(connection& db)
{
    std::vector<current_listing> out;
    auto s = db.prepare("SELECT r.code, l.name, l.listed_url, l.exclusion, l.transport, e.id, e.url, e.host, e.site, e.first_seen "
                        "FROM listing l JOIN registry r ON r.id = l.registry_id LEFT JOIN endpoint e ON e.id = l.endpoint_id "
                        "WHERE l.delisted_at IS NULL ORDER BY r.rank, r.code, l.name, l.ordinal");
    using text = std::string;
    using maybe = std::optional<text>;
    using number = std::optional<std::int64_t>;
    for (auto [registry, name, listed, exclusion, transport, id, url, host, site, first_seen] : s.rows<text, text, text, text, text, number, maybe, maybe, maybe, number>())
        out.push_back({registry, name, listed, exclusion, transport, id.value_or(0), url.value_or(""), host.value_or(""), site.value_or(""), first_seen.value_or(0)});
    return out;
}

void describe_endpoints(connection& db, const std::vector<endpoint_description>& rows)
{
    // What is right already is not written again: most of a list is last night's.
    auto s = db.prepare("UPDATE endpoint SET site = ?2, platform = ?3, marks = ?4 WHERE id = ?1 AND (site <> ?2 OR platform <> ?3 OR marks <> ?4)");
    for (const auto& row : rows) s.execute(row.endpoint, row.site, row.platform, row.marks);
}

void write_variants(connection& db, const std::vector<variant_pair>& rows)
{
    db.run("DELETE FROM variant");
    auto add = db.prepare("INSERT INTO variant (endpoint_id, probed_id) VALUES (?1, ?2)");
    for (const auto& v : rows) add.execute(v.endpoint, v.probed);
}

void write_book(connection& db, std::int64_t round, const std::vector<book_count>& counts, const std::vector<overlap_count>& overlaps)
{
    db.prepare("DELETE FROM book WHERE round_id = ?1").execute(round);
    db.prepare("DELETE FROM overlap WHERE round_id = ?1").execute(round);
    auto count = db.prepare("INSERT INTO book (round_id, registry, step, count) VALUES (?1, ?2, ?3, ?4)");
    for (const auto& c : counts) count.execute(round, c.registry, c.step, c.count);
    auto overlap = db.prepare("INSERT INTO overlap (round_id, registry, other, endpoints) VALUES (?1, ?2, ?3, ?4)");
    for (const auto& o : overlaps) overlap.execute(round, o.registry, o.other, o.endpoints);
}

reading_figures last_whole_reading(connection& db, std::int64_t registry)
{
    const auto row = db.prepare("SELECT rejected, superseded, duplicates FROM registry_reading WHERE registry_id = ?1 AND kind = 'whole' AND used = 1 "
                                "ORDER BY at DESC LIMIT 1")
                         .row<std::int64_t, std::int64_t, std::int64_t>(registry);
    return row ? reading_figures{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)} : reading_figures{};
}

std::vector<std::pair<std::string, std::string>> registry_names(connection& db)
{
    std::vector<std::pair<std::string, std::string>> out;
    auto s = db.prepare("SELECT code, name FROM registry ORDER BY rank, code");
    for (auto [code, name] : s.rows<std::string, std::string>()) out.emplace_back(code, name);
    return out;
}

std::vector<book_count> read_book(connection& db, std::int64_t round)
{
    std::vector<book_count> out;
    auto s = db.prepare("SELECT registry, step, count FROM book WHERE round_id = ?1 ORDER BY registry, step");
    for (auto [registry, step, count] : s.rows<std::string, std::string, std::int64_t>(round)) out.push_back({registry, step, count});
    return out;
}

std::vector<overlap_count> read_overlap(connection& db, std::int64_t round)
{
    std::vector<overlap_count> out;
    auto s = db.prepare("SELECT registry, other, endpoints FROM overlap WHERE round_id = ?1 ORDER BY registry, other");
    for (auto [registry, other, n] : s.rows<std::string, std::string, std::int64_t>(round)) out.push_back({registry, other, n});
    return out;
}

std::vector<moved_mark> moved_marks(connection& db, std::int64_t first_round, std::int64_t last_round)
{
    std::vector<moved_mark> out;
    auto s = db.prepare("SELECT c.endpoint_id, c.round_id, CASE WHEN ' ' || a.warnings || ' ' LIKE ?3 THEN a.final_url ELSE '' END "
                        "FROM cell c JOIN answer a ON a.id = c.answer_id JOIN reason r ON r.id = c.reason_id "
                        "WHERE c.round_id BETWEEN ?1 AND ?2 AND r.class IN ('P', 'S') ORDER BY c.endpoint_id, c.round_id, c.region_id");
    for (auto [endpoint, round, url] : s.rows<std::int64_t, std::int64_t, std::string>(first_round, last_round, moved_for_good))
        out.push_back({endpoint, round, url});
    return out;
}

std::vector<std::pair<std::int64_t, std::string>> endpoint_urls(connection& db)
{
    std::vector<std::pair<std::int64_t, std::string>> out;
    auto s = db.prepare("SELECT id, url FROM endpoint ORDER BY id");
    for (auto [id, url] : s.rows<std::int64_t, std::string>()) out.emplace_back(id, url);
    return out;
}

void write_aliases(connection& db, const std::vector<alias_row>& rows, time_point at)
{
    db.run("DELETE FROM alias");
    auto add = db.prepare("INSERT INTO alias (endpoint_id, url, rounds, seen_at) VALUES (?1, ?2, ?3, ?4)");
    for (const auto& a : rows) add.execute(a.endpoint, a.url, a.rounds, at.time_since_epoch().count());
}

}  // namespace rollcall::data
