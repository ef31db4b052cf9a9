#include "data/store/registries.hpp"

namespace rollcall::data {
namespace {

std::int64_t seconds(time_point t) { return t.time_since_epoch().count(); }

std::optional<time_point> moment(std::optional<std::int64_t> s)
{
    return s ? std::optional(time_point(std::chrono::seconds(*s))) : std::nullopt;
}

const char* word_of(reading_kind kind)
{
    switch (kind) {
        case reading_kind::whole: return "whole";
        case reading_kind::changes: return "changes";
        case reading_kind::unchanged: return "unchanged";
    }
    return "";
}

// Of good readings of the whole list: in one of changes, absence means nothing.
constexpr const char* nth_good_reading_before =
    "SELECT at FROM registry_reading WHERE registry_id = ?1 AND used = 1 AND kind <> 'changes' AND at < ?2 ORDER BY at DESC LIMIT 1 OFFSET ?3";

}  // namespace

standing_listing standing(connection& db, std::int64_t registry)
{
    auto s = db.prepare("SELECT read_at, whole_at, remotes, made_with FROM registry WHERE id = ?1");
    const auto row = s.row<std::optional<std::int64_t>, std::optional<std::int64_t>, std::int64_t, std::string>(registry);
    if (!row) return {};
    const auto& [read_at, whole_at, remotes, made_with] = *row;
    return {moment(read_at), moment(whole_at), remotes, made_with};
}

std::vector<page_validator> validators(connection& db, std::int64_t registry)
{
    std::vector<page_validator> out;
    auto s = db.prepare("SELECT location, etag, last_modified FROM page_validator WHERE registry_id = ?1 ORDER BY page");
    for (auto [location, etag, last_modified] : s.rows<std::string, std::string, std::string>(registry))
        out.push_back({location, etag, last_modified});
    return out;
}

std::int64_t listed_remotes(connection& db, std::int64_t registry)
{
    auto s = db.prepare("SELECT count(*) FROM listing WHERE registry_id = ?1 AND delisted_at IS NULL AND exclusion NOT IN ('stdio_only', 'deleted')");
    return std::get<0>(*s.row<std::int64_t>(registry));
}

listing_changes settle_listings(connection& db, std::int64_t registry, time_point at, reading_kind kind, unsigned absences)
{
    listing_changes out;
    const auto now = seconds(at);
    // What the newest reading held, and no entry that it lacked and whose absences are still being counted.
    if (kind == reading_kind::unchanged)
        db.prepare("UPDATE listing SET last_seen = ?2 WHERE registry_id = ?1 AND delisted_at IS NULL AND last_seen < ?2 AND "
                   "last_seen = (SELECT max(last_seen) FROM listing WHERE registry_id = ?1)")
            .execute(registry, now);
    auto added = db.prepare("SELECT count(*) FROM listing WHERE registry_id = ?1 AND first_seen = ?2");
    out.added = std::get<0>(*added.row<std::int64_t>(registry, now));

    db.prepare("INSERT OR REPLACE INTO listing_event (registry_id, at, name, ordinal, what) "
               "SELECT registry_id, ?2, name, ordinal, 'relisted' FROM listing WHERE registry_id = ?1 AND last_seen = ?2 AND delisted_at IS NOT NULL")
        .execute(registry, now);
    db.prepare("UPDATE listing SET delisted_at = NULL WHERE registry_id = ?1 AND last_seen = ?2 AND delisted_at IS NOT NULL").execute(registry, now);
    out.added += db.changes();

    // The oldest sighting that still counts: with one absence, this reading; with three, the second before it.
    std::int64_t since = now;
    if (kind != reading_kind::changes && absences > 1) {
        auto nth = db.prepare(nth_good_reading_before);
        const auto row = nth.row<std::int64_t>(registry, now, absences - 2);
        since = row ? std::get<0>(*row) : 0;
    }
    const std::string gone = std::string("registry_id = ?1 AND delisted_at IS NULL AND last_seen < ?2") +
                             (kind == reading_kind::changes ? " AND name IN (SELECT name FROM listing WHERE registry_id = ?1 AND last_seen = ?2)" : "");
    db.prepare("INSERT OR REPLACE INTO listing_event (registry_id, at, name, ordinal, what) "
               "SELECT registry_id, ?3, name, ordinal, 'delisted' FROM listing WHERE " + gone)
        .execute(registry, since, now);
    db.prepare("UPDATE listing SET delisted_at = ?3 WHERE " + gone).execute(registry, since, now);
    out.removed = db.changes();
    if (kind == reading_kind::changes)
        db.prepare("UPDATE listing SET last_seen = ?2 WHERE registry_id = ?1 AND delisted_at IS NULL AND last_seen < ?2").execute(registry, now);
    return out;
}

void set_standing(connection& db, std::int64_t registry, time_point at, reading_kind kind, const std::string& made_with,
                  const std::vector<page_validator>& pages)
{
    db.prepare("UPDATE registry SET made_with = ?2, whole_at = CASE WHEN ?3 THEN ?4 ELSE whole_at END WHERE id = ?1")
        .execute(registry, made_with, kind == reading_kind::changes ? 0 : 1, seconds(at));
    db.prepare("DELETE FROM page_validator WHERE registry_id = ?1").execute(registry);
    auto add = db.prepare("INSERT INTO page_validator (registry_id, page, location, etag, last_modified) VALUES (?1, ?2, ?3, ?4, ?5)");
    std::int64_t number = 0;
    for (const auto& p : pages) add.execute(registry, ++number, p.location, p.etag, p.last_modified);
}

void keep_figures(connection& db, std::int64_t registry, time_point at)
{
    db.prepare("UPDATE registry SET outcome = 'exhausted', problem = '', stale = 0, read_at = ?2, remotes = ?3 WHERE id = ?1")
        .execute(registry, seconds(at), listed_remotes(db, registry));
}

void write_reading(connection& db, std::int64_t registry, time_point at, const reading_entry& r, const listing_changes& changes)
{
    db.prepare("INSERT OR REPLACE INTO registry_reading (registry_id, at, kind, outcome, used, pages, rows, listings, superseded, duplicates, rejected, "
               "rejections, remotes, added, removed, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)")
        .execute(registry, seconds(at), word_of(r.kind), r.outcome, r.used ? 1 : 0, r.pages, r.rows, r.listings, r.superseded, r.duplicates, r.rejected,
                 r.rejections.empty() ? std::string("{}") : r.rejections, r.remotes, changes.added, changes.removed, r.problem);
}

}  // namespace rollcall::data
