// Places on the site without measurements of their own: campaign variants, for which another address stands, and what
// was removed at its owner's request.
#include "render/badge/badge.hpp"
#include "render/pages/writer.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

// An author who shows the badge of a variant shows the badge of the server.
void write_variant(const page_writer& w, const data::variant_row& v, const entry& n)
{
    w.file("api/v1/servers/" + v.slug + ".json", published(server_document(w.roll(), n)));
    w.file("badge/" + v.slug + ".json", published(shields_document(n)));
    w.file("badge/" + v.slug + ".svg", badge_svg(w.templates(), badge_of(n)));
    w.page({"servers/" + v.slug + "/index.html", clean(v.url, 60), "The same server as " + n.row->slug + ", which is probed in its place.", "servers"},
           "variant.html", {{"url", clean(v.url)}, {"probed", n.row->slug}, {"probed_url", clean(n.row->url)}, {"mark", mark_of(n)}});
}

void write_stone(const page_writer& w, const data::tombstone_row& s)
{
    const badge_text badge{"roll call", "removed", "57606a", "Roll call: removed at the owner's request"};
    w.file("badge/" + s.slug + ".json", published({{"schemaVersion", 1}, {"label", badge.label}, {"message", badge.message}, {"color", badge.colour}, {"cacheSeconds", 3600}}));
    w.file("badge/" + s.slug + ".svg", badge_svg(w.templates(), badge));
    w.page({"servers/" + s.slug + "/index.html", "Removed", "Removed at the owner's request.", "servers"}, "removed.html",
           {{"date", data::to_date(s.removed)}});
}

}  // namespace

void write_stand_ins(const page_writer& w)
{
    const auto& r = w.roll();
    for (const auto& v : r.edition->variants) {
        const auto probed = std::ranges::find(r.entries, v.probed_slug, [](const entry& n) { return n.row->slug; });
        if (probed != r.entries.end() && is_safe_slug(v.slug)) write_variant(w, v, *probed);
    }
    for (const auto& s : r.edition->tombstones)
        if (is_safe_slug(s.slug)) write_stone(w, s);
}

}  // namespace rollcall::render
