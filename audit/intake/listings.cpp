#include "audit/intake/listings.hpp"

namespace rollcall::audit {
namespace {

std::string trimmed(std::string_view text)
{
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    return std::string(text);
}

}  // namespace

listing_writer::listing_writer(data::ledger& store, const opt_out_list& opt_out, const std::vector<std::string>& platforms, data::time_point at,
                               bool allow_private)
    : store_(store), opt_out_(opt_out), platforms_(platforms), at_(at), allow_private_(allow_private)
{
}

void listing_writer::write(std::int64_t registry, const std::vector<listing>& listings, reading_counts& counts)
{
    std::unordered_map<std::string, int> next_ordinal;  // by name: a name that comes again goes on where it stopped
    for (const auto& l : listings) {
        // Old versions share their name with the one that is listed: their rows would take its place.
        if (!l.latest) {
            ++counts.superseded;
            continue;
        }
        const auto [ordinal, is_new] = next_ordinal.try_emplace(l.name, 0);
        if (l.status == "deleted") {
            ++counts.deleted;
        } else if (!is_new) {
            ++counts.repeated;
        }
        if (l.status == "deleted" || l.remotes.empty()) {
            put(registry, l, ordinal->second++, nullptr, counts);
            continue;
        }
        for (const auto& r : l.remotes) put(registry, l, ordinal->second++, &r, counts);
    }
}

void listing_writer::put(std::int64_t registry, const listing& l, int ordinal, const remote* r, reading_counts& counts)
{
    // What was withdrawn keeps its name, so that it is counted, and none of its words.
    if (l.status == "deleted") {
        data::listing_facts gone;
        gone.name = l.name;
        gone.ordinal = ordinal;
        gone.status = l.status;
        gone.exclusion = code_of(exclusion::deleted);
        store_.listing(registry, gone, at_);
        return;
    }
    data::listing_facts row{l.name, std::string(code_of(exclusion::stdio_only)), l.version, l.title, l.description, l.repository, l.website, l.status, "", "", ordinal};
    row.published_at = l.published_at;
    row.updated_at = l.updated_at;
    if (r) {
        row.transport = r->transport;
        row.declared_auth = r->declared_auth;
        const auto result = canonicalise(r->url, allow_private_);
        // Whoever asked to be left out is not kept in the book either.
        if (!result.url.text.empty() && opt_out_.covers(result.url.text, result.url.host)) {
            ++counts.opted_out;
            return;
        }
        // A URL with a user name and password is a secret: never stored.
        if (result.why != exclusion::userinfo) row.listed_url = trimmed(r->url);
        if (result.why == exclusion::none) row.endpoint = endpoint(result.url, row);
        row.exclusion = code_of(result.why);
    }
    store_.listing(registry, row, at_);
}

std::int64_t listing_writer::endpoint(const canonical_url& url, const data::listing_facts& row)
{
    auto slug = slug_of(url);
    if (store_.slug_is_taken(slug, url.text)) slug = slug_of(url, true);
    return store_.endpoint({url.text, slug, row.listed_url, url.host, site_of(url.host, platforms_), row.transport == "sse"}, at_);
}

}  // namespace rollcall::audit
