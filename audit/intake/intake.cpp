#include "audit/intake/intake.hpp"

#include "audit/intake/pages.hpp"
#include "audit/net/tls.hpp"
#include "audit/url/url.hpp"
#include "data/store/codec.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace rollcall::audit {
namespace {

struct tally {
    std::int64_t rows = 0, listings = 0, remotes = 0;
    std::set<std::string> distinct;
};

std::string trimmed(std::string_view text)
{
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    return std::string(text);
}

class store_listings {
public:
    store_listings(data::ledger& store, const data::configuration& config, data::time_point at, bool allow_private)
        : store_(store), config_(config), at_(at), allow_private_(allow_private)
    {
    }

    void add(std::int64_t registry, const listing& l, tally& counts)
    {
        ++counts.listings;
        if (l.remotes.empty()) {
            put(registry, l, 0, nullptr, l.status == "deleted" ? exclusion::deleted : exclusion::stdio_only);
            return;
        }
        int ordinal = 0;
        for (const auto& r : l.remotes) {
            ++counts.remotes;
            counts.distinct.insert(trimmed(r.url));
            put(registry, l, ordinal++, &r, exclusion::none);
        }
    }

private:
    void put(std::int64_t registry, const listing& l, int ordinal, const remote* r, exclusion why)
    {
        data::listing_facts row{l.name, "none", l.version, l.title, l.description, l.repository, l.website, l.status, "", "", ordinal};
        if (r) {
            row.transport = r->transport;
            row.declared_auth = r->declared_auth;
            const auto result = canonicalise(r->url, allow_private_);
            why = result.why;
            // A URL with a user name and password is a secret: never stored.
            if (why != exclusion::userinfo) row.listed_url = trimmed(r->url);
            if (why == exclusion::none) why = beyond_the_url(l, result.url);
            if (why == exclusion::none) row.endpoint = endpoint(result.url, row);
        }
        row.exclusion = code_of(why);
        store_.listing(registry, row, at_);
    }

    exclusion beyond_the_url(const listing& l, const canonical_url& url) const
    {
        if (l.status == "deleted") return exclusion::deleted;
        if (!l.latest) return exclusion::superseded;
        if (is_opted_out(config_.opt_out, url.text, url.host, site_of(url.host, config_.platforms))) return exclusion::opted_out;
        return exclusion::none;
    }

    std::int64_t endpoint(const canonical_url& url, const data::listing_facts& row)
    {
        auto slug = slug_of(url);
        if (store_.slug_is_taken(slug, url.text)) slug = slug_of(url, true);
        return store_.endpoint({url.text, slug, row.listed_url, url.host, site_of(url.host, config_.platforms), row.transport == "sse"}, at_);
    }

    data::ledger& store_;
    const data::configuration& config_;
    data::time_point at_;
    bool allow_private_;
};

// Fewer than half of what the last good reading held is more likely a fault than a mass delisting.
bool shrank(std::int64_t before, std::int64_t now) { return before >= 10 && now * 2 < before; }

std::int64_t remotes_of(const registry_reading& r)
{
    std::int64_t n = 0;
    for (const auto& l : r.listings) n += static_cast<std::int64_t>(l.remotes.size());
    return n;
}

std::string words_for(const data::registry_source& source, const registry_reading& r, const data::reading& stored)
{
    auto line = source.id + ": ";
    if (r.outcome == "exhausted" && !stored.stale) {
        line += std::to_string(stored.rows) + " rows, " + std::to_string(stored.accepted) + " accepted, " + std::to_string(stored.rejected) +
                " rejected, " + std::to_string(stored.remotes) + " remotes";
        if (r.duplicates > 0) line += ", " + std::to_string(r.duplicates) + " seen twice";
        if (!r.rejected.empty()) line += "; first rejected: " + r.rejected.front().where + ": " + r.rejected.front().why;
        return line;
    }
    return line + r.outcome + ": " + stored.problem + (stored.stale ? "; the last good listing stays in use" : "");
}

}  // namespace

intake_result take_in(data::ledger& store, const data::configuration& config, data::time_point at, const std::string& config_hash,
                      const intake_options& options)
{
    for (const auto& source : config.registries)
        if (source.enabled && !find_adapter(source.kind))
            throw data::config_error((config.folder / "registries.json").string() + ": registry \"" + source.id + "\": kind \"" + source.kind +
                                     "\", expected one of those that this version reads, or \"enabled\": false");
    const auto pages = options.pages ? options.pages : [&](const data::registry_source& s) { return pages_of(config.rollcall, s, config.folder); };

    intake_result result;
    tally counts;
    int rank = 0;
    for (const auto& source : config.registries) {
        ++rank;
        if (!source.enabled) continue;
        const auto& format = *find_adapter(source.kind);
        auto read = read_registry(format, source.url, pages(source), {2000, config.rollcall.intake.registry_bytes});

        data::transaction all(store.db());
        const auto id = store.registry({source.id, source.name, source.url, source.licence, rank});
        data::reading row{read.outcome, read.problem};
        row.rejected = static_cast<std::int64_t>(read.rejected.size());
        row.accepted = static_cast<std::int64_t>(read.listings.size());
        row.rows = row.accepted + row.rejected;
        row.remotes = remotes_of(read);
        const auto before = store.remotes_at_last_good_reading(id);
        if (read.outcome != "exhausted") {
            row.stale = before > 0;
        } else if (shrank(before, row.remotes)) {
            row.stale = true;
            row.problem = "lists " + std::to_string(row.remotes) + " remotes, fewer than half of the " + std::to_string(before) + " of its last good reading";
        }
        store.record_reading(id, row, at);
        if (row.outcome == "exhausted" && !row.stale) {
            store_listings into(store, config, at, options.allow_private);
            counts.rows += row.rows;
            for (const auto& l : read.listings) into.add(id, l, counts);
        } else {
            result.all_good = false;
        }
        all.commit();
        if (options.say) {
            options.say(words_for(source, read, row));
            for (const auto& note : read.notes) options.say(source.id + ": " + note);
        }
    }

    // The bytes that are probed are the listed spelling of the highest-ranking registry.
    std::map<std::string, std::int64_t> endpoints;  // by canonical URL: the list's order, and its hash, are the same everywhere
    {
        data::transaction all(store.db());
        for (const auto& r : store.current_remotes()) {
            if (options.most_endpoints > 0 && endpoints.size() >= options.most_endpoints) break;
            if (!endpoints.emplace(r.url, r.endpoint).second) continue;
            store.set_probed_url(r.endpoint, r.listed_url, r.transport == "sse");
        }
        all.commit();
    }
    if (endpoints.empty()) throw data::config_error("no registry gave an endpoint that may be probed; see the lines above");

    result.funnel = {{"rows", counts.rows}, {"listings", counts.listings}, {"remotes", counts.remotes},
                     {"distinct", static_cast<std::int64_t>(counts.distinct.size())}, {"eligible", static_cast<std::int64_t>(endpoints.size())}};
    for (const auto& [code, n] : store.excluded()) result.funnel.emplace_back("excluded:" + code, n);
    nlohmann::ordered_json funnel = nlohmann::ordered_json::object();
    for (const auto& [step, n] : result.funnel) funnel[step] = n;

    std::string list;
    std::vector<std::int64_t> ids;
    for (const auto& [url, id] : endpoints) {
        list += url + "\n";
        ids.push_back(id);
    }
    result.round = store.freeze(at, ids, data::to_hex(sha256(list)), ROLLCALL_VERSION, config_hash, funnel.dump());
    return result;
}

}  // namespace rollcall::audit
