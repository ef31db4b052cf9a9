// The field that finds a server, and the documents that it looks in.
#include "render/pages/writer.hpp"
#include "render/search/index.hpp"
#include "render/search/tools.hpp"

namespace rollcall::render {
namespace {

// For a program alone: without the spaces that people read by.
std::string compact(const document& d) { return d.dump(-1, ' ', false, document::error_handler_t::replace) + "\n"; }

std::vector<said> said_of(const roll& r)
{
    std::vector<said> out;
    for (const auto& n : r.entries) out.push_back({n.state, mark_of(n)["label"], std::string(more_than_the_mark(n))});
    return out;
}

}  // namespace

std::string search_html(const page_writer& w, std::string_view root) { return w.templates().render("_search.html", {{"root", root}}); }

void write_search(const page_writer& w)
{
    const auto& r = w.roll();
    std::vector<std::string> names;
    for (const auto& [name, shard] : tool_shards(r)) {
        w.file("search/tools/" + name + ".json", compact(shard));
        names.push_back(name);
    }
    w.file("search/servers.json", compact(search_document(r, facets_of(r), said_of(r), names)));
    w.file("search/nights.json", compact(search_nights_document(r)));
}

}  // namespace rollcall::render
