#include "audit/intake/source.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rollcall::audit {
namespace {

using data::reading_kind;

// Pages of a long registry are asked for anew rather than one by one whether they changed.
constexpr std::size_t most_conditional_pages = 50;
constexpr std::chrono::seconds between_words{10};

// What changed since a moment is asked for with a day to spare: nominal times are not those of the requests.
constexpr std::chrono::hours spare{24};

std::int64_t remotes_of(const registry_reading& r)
{
    std::int64_t n = 0;
    for (const auto& l : r.listings) n += static_cast<std::int64_t>(l.remotes.size());
    return n;
}

std::int64_t number(std::size_t n) { return static_cast<std::int64_t>(n); }

// The pages of one reading, with what they can be recognised by.
class recorded_pages {
public:
    explicit recorded_pages(page_server& server) : server_(server) {}

    enum class answer { unchanged, changed, problem };

    // Are all pages of the last good reading what they were? The first page that is not may be used as it came.
    answer compare(const std::vector<data::page_validator>& known, std::string& problem)
    {
        for (const auto& k : known) {
            auto got = server_.get(k.location, {k.etag, k.last_modified});
            if (auto* error = std::get_if<page_error>(&got)) {
                problem = "page " + std::to_string(&k - known.data() + 1) + " (" + k.location.substr(0, 200) + "): " + error->problem;
                return answer::problem;
            }
            if (std::get<page>(got).unchanged) continue;
            if (&k == known.data()) first_ = {k.location, std::move(std::get<page>(got))};
            return answer::changed;
        }
        return answer::unchanged;
    }

    std::variant<std::string, page_error> get(const std::string& location)
    {
        if (!first_.first.empty() && first_.first == location) return keep(location, std::exchange(first_, {}).second);
        auto got = server_.get(location, {});
        if (auto* error = std::get_if<page_error>(&got)) return *error;
        return keep(location, std::move(std::get<page>(got)));
    }

    // Of all pages, or of none: one that has nothing to be recognised by may change unseen.
    std::vector<data::page_validator> validators() const
    {
        const bool all = seen_.size() <= most_conditional_pages &&
                         std::ranges::none_of(seen_, [](const auto& p) { return p.etag.empty() && p.last_modified.empty(); });
        return all ? seen_ : std::vector<data::page_validator>();
    }

private:
    std::string keep(const std::string& location, page got)
    {
        if (seen_.size() <= most_conditional_pages) seen_.push_back({location, got.marks.etag, got.marks.last_modified});
        return std::move(got.text);
    }

    page_server& server_;
    std::vector<data::page_validator> seen_;
    std::pair<std::string, page> first_;
};

bool may_ask_for_changes(const data::registry_source& source, const adapter& format, const data::standing_listing& standing, data::time_point at)
{
    return format.changes_url != nullptr && source.whole_every_days > 1 && source.url.starts_with("http") && standing.whole_at && standing.read_at &&
           at > *standing.whole_at && at - *standing.whole_at < std::chrono::days(source.whole_every_days);
}

std::string counted(std::int64_t n, const char* what) { return std::to_string(n) + " " + what; }

std::string age(data::time_point since, data::time_point at)
{
    const auto days = std::chrono::floor<std::chrono::days>(at - since).count();
    return days <= 0 ? "less than a day" : days == 1 ? "1 day" : std::to_string(days) + " days";
}

// Words of strangers on a terminal.
std::string harmless(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return text;
}

}  // namespace

std::string doubt(const registry_reading& read, std::int64_t remotes, std::int64_t before, bool own)
{
    if (read.outcome != "exhausted") return read.problem;
    if (own || remotes * 2 >= before) return {};
    if (remotes > 0 && before < 10) return {};
    return "lists " + std::to_string(remotes) + " remotes, fewer than half of the " + std::to_string(before) + " of its last good reading";
}

source_reading read_source(data::connection& db, std::int64_t id, const data::registry_source& source, const adapter& format, data::time_point at,
                           page_server& pages, const source_options& options)
{
    const auto standing = data::standing(db, id);
    const bool comparable = standing.read_at && standing.made_with == options.made_with;
    source_reading out;
    recorded_pages recorded(pages);

    const auto known = comparable ? data::validators(db, id) : std::vector<data::page_validator>();
    if (!known.empty() && known.front().location == format.page_url(source.url, "")) {
        std::string problem;
        const auto answer = recorded.compare(known, problem);
        if (answer == recorded_pages::answer::problem) {
            out.read.outcome = "failed";
            out.read.problem = out.problem = problem;
            out.stale = true;
            return out;
        }
        if (answer == recorded_pages::answer::unchanged) {
            out.kind = reading_kind::unchanged;
            out.read.outcome = "exhausted";
            out.read.pages = known.size();
            out.used = true;
            out.remotes = standing.remotes;
            out.pages = known;
            return out;
        }
    }

    std::string base = source.url;
    if (comparable && may_ask_for_changes(source, format, standing, at)) {
        out.kind = reading_kind::changes;
        base = format.changes_url(base, data::to_rfc3339(*standing.read_at - spare));
    }
    reading_limits limits;
    limits.bytes = options.bytes;
    auto told = between_words;
    limits.progress = [&](std::size_t number_of_pages, std::size_t rows) {
        if (!options.say || pages.elapsed() < told) return;
        told = std::chrono::duration_cast<std::chrono::seconds>(pages.elapsed()) + between_words;
        options.say(source.id + ": page " + std::to_string(number_of_pages) + ", " + std::to_string(rows) + " rows so far");
    };
    out.read = read_registry(format, base, [&](const std::string& location) { return recorded.get(location); }, limits);
    if (!source.descriptions)
        for (auto& l : out.read.listings) l.description.clear();
    out.remotes = remotes_of(out.read);
    const bool judged_by_size = out.kind == reading_kind::whole && !options.accept_smaller;
    out.problem = out.read.outcome != "exhausted" || judged_by_size ? doubt(out.read, out.remotes, standing.remotes, format.own) : std::string();
    out.used = out.problem.empty();
    out.stale = !out.used && standing.read_at.has_value();
    if (out.used && out.kind == reading_kind::whole) out.pages = recorded.validators();
    return out;
}

data::listing_changes settle(data::ledger& store, std::int64_t id, const adapter& format, data::time_point at, const source_reading& r,
                             const source_options& options)
{
    auto& db = store.db();
    data::reading row{r.read.outcome, r.problem};
    row.rows = number(r.read.rows);
    row.rejected = number(r.read.rejected_rows);
    row.accepted = row.rows - row.rejected;
    row.remotes = r.remotes;
    row.stale = r.stale;

    data::listing_changes changes;
    if (r.used) {
        changes = data::settle_listings(db, id, at, r.kind, format.absences);
        data::set_standing(db, id, at, r.kind, options.made_with, r.pages);
    }
    if (r.used && r.kind != reading_kind::whole)
        data::keep_figures(db, id, at);
    else
        store.record_reading(id, row, at);

    data::reading_entry entry;
    entry.kind = r.kind;
    entry.outcome = r.read.outcome;
    entry.used = r.used;
    entry.pages = number(r.read.pages);
    entry.rows = row.rows;
    entry.listings = number(r.read.listings.size());
    entry.superseded = number(r.read.superseded);
    entry.duplicates = number(r.read.duplicates);
    entry.rejected = row.rejected;
    entry.remotes = r.remotes;
    nlohmann::ordered_json why = nlohmann::ordered_json::object();
    for (const auto& [code, n] : r.read.rejections) why[code] = n;
    entry.rejections = why.dump();
    entry.problem = r.problem;
    data::write_reading(db, id, at, entry, changes);
    return changes;
}

std::string words_for(const std::string& registry, const source_reading& r, const data::listing_changes& changes,
                      std::optional<data::time_point> standing_since, data::time_point at)
{
    std::string line = registry + ": ";
    if (!r.used) {
        // What was read whole and is not believed is no failed reading.
        line += (r.read.outcome == "exhausted" ? std::string("not believed") : r.read.outcome) + ": " + r.problem;
        if (r.read.outcome == "exhausted") line += " (if it is right: --accept-smaller " + registry + ")";
        if (r.stale && standing_since) line += "; stale for " + age(*standing_since, at) + ", the last good listing stays in use";
        return harmless(line);
    }
    if (r.kind == reading_kind::unchanged)
        return line + "unchanged, " + counted(r.remotes, "remotes");
    line += counted(number(r.read.rows), "rows, ") + counted(number(r.read.rows - r.read.rejected_rows), "accepted, ") +
            counted(number(r.read.rejected_rows), "rejected");
    if (!r.read.rejections.empty()) {
        std::string why;
        for (const auto& [code, n] : r.read.rejections) why += (why.empty() ? "" : ", ") + code + " " + std::to_string(n);
        line += " (" + why + ")";
    }
    line += ", " + counted(r.remotes, "remotes");
    if (r.kind == reading_kind::changes) line += " (changes only)";
    if (r.read.superseded > 0) line += ", " + counted(number(r.read.superseded), "older versions");
    if (r.read.duplicates > 0) line += ", " + counted(number(r.read.duplicates), "seen twice");
    if (standing_since && (changes.added > 0 || changes.removed > 0))
        line += "; " + counted(changes.added, "new, ") + counted(changes.removed, "gone");
    if (!r.read.rejected.empty()) line += "; first rejected: " + r.read.rejected.front().where + ": " + r.read.rejected.front().why;
    return harmless(line);
}

std::vector<std::string> notes_for(const std::string& registry, const source_reading& r)
{
    constexpr std::size_t most = 5;
    std::vector<std::string> out;
    for (const auto& note : r.read.notes) {
        if (out.size() == most) {
            out.push_back(registry + ": and " + counted(number(r.read.notes.size() - most), "more notes"));
            break;
        }
        out.push_back(harmless(registry + ": " + note));
    }
    return out;
}

}  // namespace rollcall::audit
