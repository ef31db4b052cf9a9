#include "data/model/edition.hpp"
#include "data/model/secret.hpp"
#include "data/store/identity.hpp"

#include <set>
#include <unordered_map>

namespace rollcall::data {
namespace {

// What may be a credential in an address is in nobody's page, whoever listed it.
void hide_secrets(edition& out)
{
    for (auto& e : out.endpoints) {
        e.url = shown_url(e.url);
        for (auto& l : e.listings) {
            l.listed_url = shown_url(l.listed_url);
            l.website = shown_url(l.website);
            l.repository = shown_url(l.repository);
        }
        for (auto& c : e.cells) c.cell.answer.final_url = shown_url(c.cell.answer.final_url);
    }
}

}  // namespace

void read_identity(connection& db, edition& out)
{
    std::unordered_map<std::int64_t, std::size_t> index;
    std::set<std::string> slugs;
    for (std::size_t i = 0; i < out.endpoints.size(); ++i) {
        index.emplace(out.endpoints[i].id, i);
        slugs.insert(out.endpoints[i].slug);
    }
    auto variants = db.prepare("SELECT e.slug, e.url, v.probed_id FROM variant v JOIN endpoint e ON e.id = v.endpoint_id ORDER BY e.slug");
    for (auto [slug, url, probed] : variants.rows<std::string, std::string, std::int64_t>())
        if (const auto it = index.find(probed); it != index.end() && slugs.insert(slug).second)
            out.variants.push_back({slug, shown_url(url), out.endpoints[it->second].slug});
    auto aliases = db.prepare("SELECT endpoint_id, url FROM alias ORDER BY endpoint_id");
    for (auto [endpoint, url] : aliases.rows<std::int64_t, std::string>())
        if (const auto it = index.find(endpoint); it != index.end()) out.endpoints[it->second].alias = shown_url(url);
    auto stones = db.prepare("SELECT slug, removed_at FROM tombstone ORDER BY slug");
    for (auto [slug, at] : stones.rows<std::string, std::int64_t>())
        if (!slugs.contains(slug)) out.tombstones.push_back({slug, time_point(std::chrono::seconds(at))});
    hide_secrets(out);
}

}  // namespace rollcall::data
