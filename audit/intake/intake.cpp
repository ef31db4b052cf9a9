#include "audit/intake/intake.hpp"

#include "audit/intake/listings.hpp"
#include "audit/intake/opt_out.hpp"
#include "audit/intake/source.hpp"
#include "audit/net/tls.hpp"
#include "audit/url/url.hpp"
#include "data/store/codec.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace rollcall::audit {
namespace {

std::int64_t number(std::size_t n) { return static_cast<std::int64_t>(n); }

// Of all that decides what becomes of a listing: what was made with other settings is read anew, changed or not.
std::string digest_of_settings(const std::string& config_hash, const data::configuration& config, bool allow_private)
{
    std::string all = ROLLCALL_VERSION;
    (all += '\n') += config_hash;
    all += allow_private ? "\nprivate" : "\npublic";
    for (const auto& entry : config.opt_out) (all += '\n') += entry;
    return data::to_hex(sha256(all)).substr(0, 16);
}

void refuse_what_cannot_be(const data::configuration& config, const opt_out_list& opt_out)
{
    for (const auto& source : config.registries)
        if (source.enabled && !find_adapter(source.kind))
            throw data::config_error((config.folder / "registries.json").string() + ": registry \"" + source.id + "\": kind \"" + source.kind +
                                     "\", expected one of those that this version reads, or \"enabled\": false");
    if (!opt_out.unusable().empty())
        throw data::config_error((config.folder / "opt-out.txt").string() + ": \"" + opt_out.unusable().front().substr(0, 80) +
                                 "\" names nothing that could be left out, expected a site, a host or a URL, like vendor.com or https://vendor.com/mcp");
}

// The freezing of a list, from what the store holds after all readings.
class list_maker {
public:
    list_maker(data::ledger& store, const data::configuration& config, const opt_out_list& opt_out) : store_(store), config_(config)
    {
        listings_ = data::current_listings(store.db());
        // The store may hold registries that are not read any more.
        std::set<std::string> read;
        for (const auto& source : config.registries)
            if (source.enabled) read.insert(source.id);
        std::erase_if(listings_, [&](const auto& l) { return !read.contains(l.registry); });
        // A listing that was kept from an earlier night may have been opted out since.
        for (auto& l : listings_)
            if (l.endpoint != 0 && l.exclusion == "none" && opt_out.covers(l.url, l.host)) l.exclusion = code_of(exclusion::opted_out);
        choose();
        describe();
    }

    // Canonical URL to endpoint: the list's order, and its hash, are the same everywhere.
    std::map<std::string, std::int64_t> frozen(std::size_t most) const
    {
        std::map<std::string, std::int64_t> out;
        for (const auto* l : eligible_) {
            if (most > 0 && out.size() >= most) break;
            if (!replaced_.contains(l->endpoint)) out.emplace(l->url, l->endpoint);
        }
        return out;
    }

    void write()
    {
        data::transaction all(store_.db());
        for (const auto* l : eligible_) store_.set_probed_url(l->endpoint, l->listed_url, l->transport == "sse");
        std::vector<data::endpoint_description> rows;
        for (const auto& e : endpoints_) rows.push_back({e.id, e.site, e.platform, e.marks});
        data::describe_endpoints(store_.db(), rows);
        std::vector<data::variant_pair> pairs;
        for (const auto& v : variants_) pairs.push_back({v.endpoint, v.probed});
        data::write_variants(store_.db(), pairs);
        all.commit();
    }

    list_book book(const std::vector<reading_counts>& readings, std::size_t frozen) const
    {
        return keep_book(readings, listings_, endpoints_, variants_.size(), frozen);
    }

private:
    // The bytes that are probed are the listed spelling of the highest-ranking registry: the first that is met.
    void choose()
    {
        std::set<std::int64_t> seen;
        std::vector<candidate> candidates;
        for (const auto& l : listings_) {
            if (l.endpoint == 0 || l.exclusion != "none" || !seen.insert(l.endpoint).second) continue;
            eligible_.push_back(&l);
            candidates.push_back({l.endpoint, l.first_seen, l.url});
        }
        variants_ = cluster(candidates);
        for (const auto& v : variants_) replaced_.insert(v.endpoint);
    }

    void describe()
    {
        std::unordered_map<std::int64_t, std::uint32_t> marks;
        for (const auto& l : listings_)
            if (l.endpoint != 0 && l.exclusion == "none")
                if (const auto url = split_url(l.url)) marks[l.endpoint] |= marks_of(*url, l.listed_url);
        for (const auto* l : eligible_)
            endpoints_.push_back({l->endpoint, l->host, site_of(l->host, config_.platforms), platform_of(l->host, config_.platforms), marks[l->endpoint]});
    }

    data::ledger& store_;
    const data::configuration& config_;
    std::vector<data::current_listing> listings_;
    std::vector<const data::current_listing*> eligible_;  // one an endpoint, in rank order
    std::vector<book_endpoint> endpoints_;
    std::vector<variant> variants_;
    std::set<std::int64_t> replaced_;
};

// The operator's own file, line by line, as compilers name a place. Of somebody else's registry one line is enough.
std::vector<std::string> lines_to_mend(const data::registry_source& source, const source_reading& got)
{
    constexpr std::size_t most = 20;
    std::vector<std::string> out;
    const auto add = [&](std::string_view where, const std::string& why) {
        const auto at = where.find("line ");
        const auto place = at == std::string_view::npos ? ": " + std::string(where) : ":" + std::string(where.substr(at + 5));
        out.push_back(source.url + place + ": " + why);
    };
    for (std::size_t i = 0; i < std::min(most, got.read.rejected.size()); ++i) add(got.read.rejected[i].where, got.read.rejected[i].why);
    if (got.read.rejected_rows > most) out.push_back(source.url + ": and " + std::to_string(got.read.rejected_rows - most) + " more");
    // Listed, and never probed: that too is a mistake in one's own list.
    std::size_t named = 0;
    for (const auto& l : got.read.listings)
        for (const auto& r : l.remotes) {
            const auto why = canonicalise(r.url, true).why;
            if (why == exclusion::none || named == most) continue;
            ++named;
            out.push_back(source.url + ": \"" + l.name.substr(0, 80) + "\" is not probed (" + std::string(code_of(why)) + ")");
        }
    for (auto& line : out) std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return out;
}

std::string words_for_nothing(const list_book& book, bool allow_private)
{
    std::int64_t inside = 0;
    for (const char* code : {"private_address", "reserved_name"})
        if (const auto it = book.all.excluded.find(code); it != book.all.excluded.end()) inside += it->second;
    if (inside > 0 && !allow_private)
        return "no registry gave an endpoint that may be probed: " + std::to_string(inside) +
               (inside == 1 ? " is" : " are") + " at private addresses or internal names; for your own servers add --allow-private";
    return "no registry gave an endpoint that may be probed; see the lines above";
}

// Where endpoints said that they had moved for good, in the rounds before this one.
void learn_from_redirects(data::ledger& store, data::time_point at)
{
    constexpr std::size_t rounds_looked_at = 7;
    const auto newest = store.newest_round();
    if (!newest) return;
    std::vector<std::int64_t> rounds;
    for (const auto& r : store.window(newest->id, rounds_looked_at)) rounds.push_back(r.id);
    const auto [first, last] = std::ranges::minmax(rounds);
    std::vector<moved> answers;
    for (const auto& m : data::moved_marks(store.db(), first, last)) answers.push_back({m.endpoint, m.round, m.final_url});
    std::vector<known_url> urls;
    for (const auto& [id, url] : data::endpoint_urls(store.db())) urls.push_back({id, url});
    std::vector<data::alias_row> rows;
    for (const auto& a : learn_aliases(answers, rounds, urls)) rows.push_back({a.endpoint, a.url, a.rounds});
    data::transaction all(store.db());
    data::write_aliases(store.db(), rows, at);
    all.commit();
}

}  // namespace

intake_result take_in(data::ledger& store, const data::configuration& config, data::time_point at, const std::string& config_hash,
                      const intake_options& options)
{
    const opt_out_list opt_out(config.opt_out);
    refuse_what_cannot_be(config, opt_out);
    source_options how;
    how.made_with = digest_of_settings(config_hash, config, options.allow_private);
    how.bytes = config.rollcall.intake.registry_bytes;
    how.say = options.say;
    intake_result result;
    std::vector<reading_counts> readings;
    listing_writer into(store, opt_out, config.platforms, at, options.allow_private);
    int rank = 0;
    for (const auto& source : config.registries) {
        ++rank;
        if (!source.enabled) continue;
        const auto& format = *find_adapter(source.kind);
        const auto id = store.registry({source.id, source.name, source.url, source.licence, rank, source.attribution});
        const auto standing = data::standing(store.db(), id);
        how.accept_smaller = std::ranges::find(options.accept_smaller, source.id) != options.accept_smaller.end();
        const auto server = options.pages ? pages_from(options.pages(source)) : pages_of(config.rollcall, source, config.folder);
        const auto got = read_source(store.db(), id, source, format, at, *server, how);

        reading_counts counts;
        counts.registry = source.id;
        counts.name = source.name;
        counts.kept = !got.used;
        // Of a reading of changes, of none and of one that is not used, the standing listing is counted.
        counts.standing = !got.used || got.kind != data::reading_kind::whole;
        const auto figures = counts.standing ? data::last_whole_reading(store.db(), id)
                                             : data::reading_figures{number(got.read.rejected_rows), number(got.read.superseded), number(got.read.duplicates)};
        counts.rows = number(got.read.rows);
        counts.rejected = figures.rejected;
        counts.superseded = figures.superseded;
        counts.repeated = figures.duplicates;
        data::transaction all(store.db());
        auto of_changes = counts;
        if (got.used) into.write(id, got.read.listings, counts.standing ? of_changes : counts);
        const auto changes = settle(store, id, format, at, got, how);
        all.commit();
        result.all_good = result.all_good && got.used;
        readings.push_back(std::move(counts));
        if (options.say) {
            options.say(words_for(source.id, got, changes, standing.read_at, at));
            for (const auto& note : notes_for(source.id, got)) options.say(note);
            if (format.own)
                for (const auto& line : lines_to_mend(source, got)) options.say(line);
        }
    }

    list_maker maker(store, config, opt_out);
    maker.write();
    learn_from_redirects(store, at);
    const auto endpoints = maker.frozen(options.most_endpoints);
    result.book = maker.book(readings, endpoints.size());
    if (endpoints.empty()) throw data::config_error(words_for_nothing(result.book, options.allow_private));
    result.funnel = funnel_of(result.book);
    nlohmann::ordered_json funnel = nlohmann::ordered_json::object();
    for (const auto& [step, n] : result.funnel) funnel[step] = n;

    std::string list;
    std::vector<std::int64_t> ids;
    for (const auto& [url, id] : endpoints) {
        list += url + "\n";
        ids.push_back(id);
    }
    result.round = store.freeze(at, ids, data::to_hex(sha256(list)), ROLLCALL_VERSION, config_hash, funnel.dump());
    data::transaction all(store.db());
    data::write_book(store.db(), result.round.id, counts_of(result.book), overlaps_of(result.book));
    all.commit();
    return result;
}

list_book stored_book(data::connection& db, std::int64_t round)
{
    return book_of(data::registry_names(db), data::read_book(db, round), data::read_overlap(db, round));
}

}  // namespace rollcall::audit
