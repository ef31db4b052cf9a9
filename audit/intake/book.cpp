#include "audit/intake/book.hpp"

#include "audit/url/url.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace rollcall::audit {
namespace {

using text_set = std::unordered_set<std::string>;

// What is counted of one registry, or of all.
struct tally {
    text_set distinct, canonical;
    std::unordered_set<std::int64_t> eligible;
    void add(const std::string& listed, const std::string& url)
    {
        if (!listed.empty()) distinct.insert(listed);
        if (!url.empty()) canonical.insert(url);
    }
    void count_into(registry_book& b) const
    {
        b.distinct = static_cast<std::int64_t>(distinct.size());
        b.canonical = static_cast<std::int64_t>(canonical.size());
        b.eligible = static_cast<std::int64_t>(eligible.size());
    }
};

struct stored_step { const char* code; std::int64_t registry_book::*count; bool sum; };

// `sum`: of all registries together it is the sum, else the union.
constexpr stored_step stored_steps[] = {
    {"rows", &registry_book::rows, true},
    {"rejected", &registry_book::rejected, true},
    {"superseded", &registry_book::superseded, true},
    {"deleted", &registry_book::deleted, true},
    {"repeated", &registry_book::repeated, true},
    {"listings", &registry_book::listings, true},
    {"remotes", &registry_book::remotes, true},
    {"distinct", &registry_book::distinct, false},
    {"canonical", &registry_book::canonical, false},
    {"eligible", &registry_book::eligible, false},
    {"only_here", &registry_book::only_here, true},
};

struct list_step { const char* code; std::int64_t list_book::*count; };
constexpr list_step list_steps[] = {
    {"hosts", &list_book::hosts},       {"sites", &list_book::sites},   {"platforms", &list_book::platforms},
    {"variants", &list_book::variants}, {"frozen", &list_book::frozen},
};

void add(registry_book& to, const registry_book& b)
{
    for (const auto& step : stored_steps)
        if (step.sum) to.*step.count += b.*step.count;
    for (const auto& [code, n] : b.excluded) to.excluded[code] += n;
}

}  // namespace

list_book keep_book(const std::vector<reading_counts>& readings, const std::vector<data::current_listing>& listings,
                    const std::vector<book_endpoint>& endpoints, std::size_t variants, std::size_t frozen)
{
    list_book book;
    std::unordered_map<std::string, std::size_t> index;
    for (const auto& r : readings) {
        index.emplace(r.registry, book.registries.size());
        registry_book b;
        b.registry = r.registry;
        b.name = r.name;
        b.kept = r.kept;
        b.rows = r.rows;
        b.rejected = r.rejected;
        b.superseded = r.superseded;
        b.deleted = r.deleted;
        b.repeated = r.repeated;
        if (r.superseded > 0) b.excluded["superseded"] = r.superseded;
        if (r.opted_out > 0) b.excluded["opted_out"] = r.opted_out;
        b.remotes = r.opted_out;
        book.registries.push_back(std::move(b));
    }
    const auto count = book.registries.size();

    std::vector<tally> seen(count);
    std::vector<text_set> names(count);
    tally together;
    std::unordered_map<std::int64_t, std::set<std::size_t>> listed_by;
    for (const auto& l : listings) {
        const auto at = index.find(l.registry);
        if (at == index.end()) continue;  // a registry that is not read any more
        auto& b = book.registries[at->second];
        names[at->second].insert(l.name);
        if (l.exclusion != "none") ++b.excluded[l.exclusion];
        if (l.exclusion == "stdio_only" || l.exclusion == "deleted") continue;
        ++b.remotes;
        const auto url = l.url.empty() ? canonicalise(l.listed_url).url.text : l.url;
        seen[at->second].add(l.listed_url, url);
        together.add(l.listed_url, url);
        if (l.exclusion != "none" || l.endpoint == 0) continue;
        seen[at->second].eligible.insert(l.endpoint);
        together.eligible.insert(l.endpoint);
        listed_by[l.endpoint].insert(at->second);
    }

    book.both.assign(count, std::vector<std::int64_t>(count, 0));
    book.times.assign(count, 0);
    for (const auto& [endpoint, who] : listed_by) {
        ++book.times[who.size() - 1];
        if (who.size() == 1) ++book.registries[*who.begin()].only_here;
        for (auto i = who.begin(); i != who.end(); ++i)
            for (auto j = std::next(i); j != who.end(); ++j) ++book.both[*i][*j];
    }
    for (std::size_t i = 0; i < count; ++i) {
        auto& b = book.registries[i];
        seen[i].count_into(b);
        const auto deleted = b.excluded.find("deleted");
        if (readings[i].standing) {
            b.deleted = deleted == b.excluded.end() ? 0 : deleted->second;
            b.rows = static_cast<std::int64_t>(names[i].size()) + b.rejected + b.superseded + b.repeated;
        }
        // Not the number of names: one of which every remote was left out at its owner's wish is not stored.
        b.listings = b.rows - b.rejected - b.superseded - b.deleted - b.repeated;
        add(book.all, b);
    }
    together.count_into(book.all);

    std::set<std::string> hosts, sites, platforms;
    for (const auto& e : endpoints) {
        hosts.insert(e.host);
        sites.insert(e.site);
        platforms.insert(e.platform);
        for (const auto& m : all_marks())
            if (e.marks & static_cast<std::uint32_t>(m.value)) ++book.marks[std::string(m.code)];
    }
    book.hosts = static_cast<std::int64_t>(hosts.size());
    book.sites = static_cast<std::int64_t>(sites.size());
    book.platforms = static_cast<std::int64_t>(platforms.size());
    book.variants = static_cast<std::int64_t>(variants);
    book.frozen = static_cast<std::int64_t>(frozen);
    return book;
}

std::vector<std::pair<std::string, std::int64_t>> funnel_of(const list_book& book)
{
    const auto& b = book.all;
    std::vector<std::pair<std::string, std::int64_t>> out{{"rows", b.rows},         {"listings", b.listings},   {"remotes", b.remotes},
                                                          {"distinct", b.distinct}, {"canonical", b.canonical}, {"eligible", b.eligible}};
    out.emplace_back("frozen", book.frozen);
    for (const auto& [code, n] : b.excluded) out.emplace_back("excluded:" + code, n);
    return out;
}

std::vector<data::book_count> counts_of(const list_book& book)
{
    std::vector<data::book_count> out;
    const auto add_registry = [&](const std::string& id, const registry_book& b) {
        for (const auto& step : stored_steps) out.push_back({id, step.code, b.*step.count});
        if (b.kept) out.push_back({id, "kept", 1});
        for (const auto& [code, n] : b.excluded) out.push_back({id, "excluded:" + code, n});
    };
    for (const auto& b : book.registries) add_registry(b.registry, b);
    add_registry("", book.all);
    for (const auto& step : list_steps) out.push_back({"", step.code, book.*step.count});
    for (const auto& [code, n] : book.marks) out.push_back({"", "mark:" + code, n});
    for (std::size_t i = 0; i < book.times.size(); ++i)
        if (book.times[i] > 0) out.push_back({"", "listed:" + std::to_string(i + 1), book.times[i]});
    return out;
}

std::vector<data::overlap_count> overlaps_of(const list_book& book)
{
    std::vector<data::overlap_count> out;
    for (std::size_t i = 0; i < book.registries.size(); ++i) {
        out.push_back({book.registries[i].registry, book.registries[i].registry, book.registries[i].only_here});
        for (std::size_t j = i + 1; j < book.registries.size(); ++j)
            out.push_back({book.registries[i].registry, book.registries[j].registry, book.both[i][j]});
    }
    return out;
}

list_book book_of(const std::vector<std::pair<std::string, std::string>>& names, const std::vector<data::book_count>& counts,
                  const std::vector<data::overlap_count>& overlaps)
{
    list_book book;
    std::unordered_map<std::string, std::size_t> index;
    for (const auto& [code, name] : names) {
        if (std::ranges::find(counts, code, &data::book_count::registry) == counts.end()) continue;
        index.emplace(code, book.registries.size());
        book.registries.emplace_back();
        book.registries.back().registry = code;
        book.registries.back().name = name;
    }
    const auto size = book.registries.size();
    book.both.assign(size, std::vector<std::int64_t>(size, 0));
    book.times.assign(size, 0);
    for (const auto& c : counts) {
        const auto at = index.find(c.registry);
        if (at == index.end() && !c.registry.empty()) continue;
        auto& b = c.registry.empty() ? book.all : book.registries[at->second];
        for (const auto& step : stored_steps)
            if (c.step == step.code) b.*step.count = c.count;
        for (const auto& step : list_steps)
            if (c.registry.empty() && c.step == step.code) book.*step.count = c.count;
        if (c.step == "kept") b.kept = true;
        if (c.step.starts_with("excluded:")) b.excluded[c.step.substr(9)] = c.count;
        if (c.step.starts_with("mark:")) book.marks[c.step.substr(5)] = c.count;
        if (c.step.starts_with("listed:"))
            if (const auto times = static_cast<std::size_t>(std::atoi(c.step.c_str() + 7)); times >= 1 && times <= size) book.times[times - 1] = c.count;
    }
    for (const auto& o : overlaps) {
        const auto i = index.find(o.registry), j = index.find(o.other);
        if (i != index.end() && j != index.end() && i->second < j->second) book.both[i->second][j->second] = o.endpoints;
    }
    return book;
}

}  // namespace rollcall::audit
