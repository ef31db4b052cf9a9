// Lists of servers: of all, and of each value of each facet, a hundred rows a page, for reading without script.
#include "render/pages/paging.hpp"
#include "render/search/facet.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>
#include <vector>

namespace rollcall::render {
namespace {

constexpr std::size_t page_rows = 100, most_choices = 12, longest_title = 120;

using rows = std::vector<std::uint32_t>;

struct list {
    std::string folder, title, note;
    std::string_view facet;                // empty for all servers
    const facet_value* shown = nullptr;  // null for them
};

std::string index_folder(const facet& f) { return "servers/by/" + std::string(f.code) + "/"; }

document link_of(const facet_value& v)
{
    return {{"folder", v.folder}, {"label", clean(v.label, longest_title)}, {"count", v.members.size()}, {"current", false}};
}

// A facet's values that a list offers to go on to: those with members; of many the largest, and a way to all.
document choices(const facet& f, std::size_t most)
{
    std::vector<const facet_value*> some;
    for (const auto& v : f.values)
        if (!v.members.empty()) some.push_back(&v);
    const auto all = some.size();
    if (!f.whole && all > most) {
        std::ranges::stable_sort(some, std::greater<>{}, [](const facet_value* v) { return v->members.size(); });
        some.resize(most);
    }
    document d{{"label", f.label}, {"code", f.code}, {"letters", f.code == "letter"}, {"links", document::array()}};
    for (const auto* v : some) d["links"].push_back(link_of(*v));
    d["all"] = all > some.size() ? document{{"folder", index_folder(f)}, {"count", all}} : document(nullptr);
    return d;
}

// The same on the list of one of these values, which stands among them also if it is none of the largest.
document choices_at(const facet& f, document d, const facet_value& shown)
{
    auto& links = d["links"].get_ref<document::array_t&>();
    const auto at = [&] { return std::ranges::find_if(links, [&](const document& l) { return l["folder"] == shown.folder; }); };
    const bool by_size = d["all"].is_object();
    if (at() == links.end() || by_size) {
        if (at() != links.end()) links.erase(at());
        else if (by_size) links.pop_back();
        auto before = links.begin();
        if (!by_size)
            for (auto v = f.values.begin(); v->folder != shown.folder; ++v) before += before != links.end() && (*before)["folder"] == v->folder;
        links.insert(before, link_of(shown));
    }
    (*at())["current"] = true;
    return d;
}

// What all lists offer is made once, and once for each depth at which lists stand.
class offers {
public:
    offers(const page_writer& w, const std::vector<facet>& facets) : w_(w), facets_(facets)
    {
        for (const auto& f : facets) plain_.push_back(choices(f, most_choices));
    }

    const document& of(std::size_t facet) const { return plain_[facet]; }

    // The lines of the facets that stand open, or of those behind "more lists".
    std::string html(const list& l, const std::string& root, bool open)
    {
        std::string out;
        for (std::size_t i = 0; i < facets_.size(); ++i) {
            const auto& f = facets_[i];
            if ((f.code == "state" || f.code == "letter") != open) continue;
            if (l.shown && f.code == l.facet) {
                out += text(choices_at(f, plain_[i], *l.shown), root);
                continue;
            }
            if (plain_[i]["links"].empty()) continue;
            auto& made = made_[{root, i}];
            if (made.empty()) made = text(plain_[i], root);
            out += made;
        }
        return out;
    }

private:
    std::string text(document d, const std::string& root) const
    {
        d["root"] = root;
        return w_.templates().render("_choices.html", d);
    }

    const page_writer& w_;
    const std::vector<facet>& facets_;
    std::vector<document> plain_;
    std::map<std::pair<std::string, std::size_t>, std::string> made_;
};

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

void write_list(const page_writer& w, row_texts& texts, offers& others, const list& l, const rows& members)
{
    const auto& r = w.roll();
    document d{{"heading", clean(l.title, longest_title)}, {"note", clean(l.note, 300)}, {"count", members.size()}, {"noun", members.size() == 1 ? "server" : "servers"}};
    d["facet"] = l.facet;
    d["value"] = l.shown ? l.shown->code : std::string();
    d["any"] = !r.entries.empty();
    d["when"] = r.newest ? moment(r.newest->at) : document(nullptr);
    const paging paged{l.folder, l.facet.empty() ? "servers/by/" : l.folder, members.size(), page_rows};
    for (std::size_t page = 1; page <= paged.pages(); ++page) {
        const auto path = paged.folder_of(page) + "index.html", root = way_to_root(path);
        d["search"] = search_html(w, root);
        d["first"] = others.html(l, root, true);
        d["groups"] = others.html(l, root, false);
        d["rows"] = document::array();
        for (auto i = paged.first(page); i < paged.end(page); ++i)
            d["rows"].push_back({{"number", i + 1}, {"slug", r.entries[members[i]].row->slug}, {"cells", texts.of(members[i])}});
        d["paging"] = paging_html(w, paged, page, root);
        w.page({path, titled(l.title, page), l.note, "servers"}, "servers.html", d);
    }
}

// "servers/by/" has every facet with its largest values, "servers/by/platform/" all values of one.
void write_index(const page_writer& w, const std::string& folder, const std::string& title, const document& groups, bool whole)
{
    document d{{"heading", title}, {"groups", groups}, {"whole", whole}, {"search", search_html(w, way_to_root(folder + "index.html"))}};
    d["any"] = std::ranges::any_of(groups, [](const document& g) { return !g["links"].empty(); });
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
    offers others(w, facets);
    write_list(w, texts, others, {"servers/", "All servers", "Every server on the roll, by its address.", ""}, everybody);
    auto groups = document::array();
    for (std::size_t i = 0; i < facets.size(); ++i) {
        const auto& f = facets[i];
        for (const auto& v : f.values) write_list(w, texts, others, {v.folder, v.title, v.note, f.code, &v}, in_order(r, f, v.members));
        groups.push_back(others.of(i));
        write_index(w, index_folder(f), "Servers: " + std::string(f.label), document::array({choices(f, f.values.size())}), false);
    }
    write_index(w, "servers/by/", "Lists of servers", groups, true);
}

}  // namespace rollcall::render
