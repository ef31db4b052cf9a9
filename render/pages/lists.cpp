// Lists of servers: of all, and of each value of each facet, a hundred rows a page, for reading without script.
#include "render/pages/writer.hpp"
#include "render/search/facet.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace rollcall::render {
namespace {

constexpr std::size_t page_rows = 100, most_choices = 12, longest_title = 120;

using rows = std::vector<std::uint32_t>;

struct list {
    std::string folder, title, note;
    std::string_view facet;  // empty for all servers
    std::string value;
};

std::string page_folder(const list& l, std::size_t page)
{
    if (page == 1) return l.folder;
    return (l.facet.empty() ? "servers/by/" : l.folder) + "page/" + std::to_string(page) + "/";
}

std::string index_folder(const facet& f) { return "servers/by/" + std::string(f.code) + "/"; }

document link_of(const facet_value& v, const std::string& shown)
{
    return {{"folder", v.folder}, {"label", clean(v.label, longest_title)}, {"count", v.members.size()}, {"current", v.folder == shown}};
}

// The values that a list offers to go on to: those with members and the shown one; of many the largest, and a way to all.
document choices(const facet& f, const std::string& shown, std::size_t most)
{
    std::vector<const facet_value*> some;
    for (const auto& v : f.values)
        if (!v.members.empty() || v.folder == shown) some.push_back(&v);
    const auto all = some.size();
    if (!f.whole && all > most) {
        std::ranges::stable_sort(some, std::greater<>{}, [&](const facet_value* v) { return std::pair(v->folder == shown, v->members.size()); });
        some.resize(most);
    }
    document d{{"label", f.label}, {"code", f.code}, {"letters", f.code == "letter"}, {"links", document::array()}};
    for (const auto* v : some) d["links"].push_back(link_of(*v, shown));
    d["all"] = all > some.size() ? document{{"folder", index_folder(f)}, {"count", all}} : document(nullptr);
    return d;
}

// What a row is made of is the same in every list that it stands in, but for the way to the server's page.
class row_texts {
public:
    explicit row_texts(const page_writer& w) : w_(w), texts_(w.roll().entries.size()) {}

    const std::string& of(std::uint32_t row)
    {
        auto& text = texts_[row];
        if (text.empty()) text = w_.templates().render("_server_row.html", row_view(w_, w_.roll().entries[row]));
        return text;
    }

private:
    const page_writer& w_;
    std::vector<std::string> texts_;
};

void write_list(const page_writer& w, row_texts& texts, const std::vector<facet>& facets, const list& l, const rows& members)
{
    const auto& r = w.roll();
    document d{{"heading", clean(l.title, longest_title)}, {"note", clean(l.note, 300)}, {"count", members.size()}, {"noun", members.size() == 1 ? "server" : "servers"}};
    d["facet"] = l.facet;
    d["value"] = l.value;
    d["any"] = !r.entries.empty();
    d["when"] = r.newest ? moment(r.newest->at) : document(nullptr);
    d["first"] = d["groups"] = document::array();
    for (const auto& f : facets)
        if (auto c = choices(f, l.folder, most_choices); !c["links"].empty()) d[f.code == "state" || f.code == "letter" ? "first" : "groups"].push_back(std::move(c));
    const auto pages = std::max<std::size_t>(1, (members.size() + page_rows - 1) / page_rows);
    for (std::size_t page = 1; page <= pages; ++page) {
        const auto path = page_folder(l, page) + "index.html";
        d["search"] = search_html(w, way_to_root(path));
        d["rows"] = document::array();
        for (std::size_t i = (page - 1) * page_rows; i < std::min(members.size(), page * page_rows); ++i)
            d["rows"].push_back({{"number", i + 1}, {"slug", r.entries[members[i]].row->slug}, {"cells", texts.of(members[i])}});
        d["page"] = page;
        d["pages"] = pages;
        d["paged"] = pages > 1;
        d["previous"] = page > 1 ? page_folder(l, page - 1) : std::string();
        d["next"] = page < pages ? page_folder(l, page + 1) : std::string();
        w.page({path, l.title + (page > 1 ? ", page " + std::to_string(page) : ""), l.note, "servers"}, "servers.html", d);
    }
}

// "servers/by/" has every facet with its largest values, "servers/by/platform/" all values of one.
void write_index(const page_writer& w, const std::string& folder, const std::string& title, const document& groups, bool whole)
{
    document d{{"heading", title}, {"groups", groups}, {"whole", whole}, {"search", search_html(w, way_to_root(folder + "index.html"))}};
    w.page({folder + "index.html", title, "Lists of servers by what they did and what they are.", "servers"}, "server_lists.html", std::move(d));
}

std::string sort_key(std::string name)
{
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    return name;
}

// A reader who goes from A to Z goes by names; all else is by address.
rows in_order(const roll& r, const facet& f, rows members)
{
    if (f.code == "letter") std::ranges::stable_sort(members, {}, [&](std::uint32_t i) { return sort_key(r.entries[i].name); });
    return members;
}

}  // namespace

void write_lists(const page_writer& w)
{
    const auto& r = w.roll();
    const auto facets = facets_of(r);
    row_texts texts(w);
    rows everybody(r.entries.size());
    std::iota(everybody.begin(), everybody.end(), 0u);
    write_list(w, texts, facets, {"servers/", "All servers", "Every server on the roll, by its address.", "", ""}, everybody);
    auto groups = document::array();
    for (const auto& f : facets) {
        for (const auto& v : f.values) write_list(w, texts, facets, {v.folder, v.title, v.note, f.code, v.code}, in_order(r, f, v.members));
        groups.push_back(choices(f, "", most_choices));
        write_index(w, index_folder(f), "Servers: " + std::string(f.label), document::array({choices(f, "", f.values.size())}), false);
    }
    write_index(w, "servers/by/", "Lists of servers", groups, true);
}

}  // namespace rollcall::render
