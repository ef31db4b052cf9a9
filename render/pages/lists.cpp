#include "render/pages/writer.hpp"

#include <algorithm>
#include <vector>

namespace rollcall::render {
namespace {

constexpr std::size_t page_rows = 100;

using members = std::vector<const entry*>;

struct list {
    std::string folder;  // "servers/" or "servers/by/state/up/"
    std::string title, note;
    std::string group;   // the row of choices that it stands in: "state", "bucket", ...; empty for all
    members rows;
};

template <class Keep>
members those(const roll& r, Keep keep)
{
    members out;
    for (const auto& n : r.entries)
        if (keep(n)) out.push_back(&n);
    return out;
}

bool is_segment(std::string_view s) { return is_safe_slug(s) && s.find('/') == std::string_view::npos; }

// Every list that there is; empty ones too, so that a link never breaks from one night to the next.
std::vector<list> all_lists(const roll& r)
{
    std::vector<list> out;
    out.push_back({"servers/", "All servers", "Every server on the roll.", "", those(r, [](const entry&) { return true; })});
    for (const auto& s : data::all_states())
        out.push_back({"servers/by/state/" + std::string(s.code) + "/", mark_of(s.value)["label"].get<std::string>(), "What they did at the last roll call.", "state",
                       those(r, [&](const entry& n) { return n.state == s.value; })});
    for (const auto& b : data::all_buckets())
        out.push_back({"servers/by/bucket/" + std::string(b.code) + "/", std::string(b.label), std::string(b.meaning), "bucket",
                       those(r, [&](const entry& n) { return n.row->bucket.value_or(data::bucket::unmeasured) == b.value; })});
    for (const auto c : {change::went_silent, change::came_back, change::first_seen})
        out.push_back({"servers/by/change/" + std::string(code_of(c)) + "/", std::string(label_of(c)), "Changes since the roll call before.",
                       "change", those(r, [&](const entry& n) { return n.change == c; })});
    for (const auto& g : r.edition->registries)
        if (is_segment(g.code))
            out.push_back({"servers/by/registry/" + g.code + "/", g.name, "Servers that this registry lists.", "registry",
                           those(r, [&](const entry& n) {
                               return std::ranges::any_of(n.row->listings, [&](const auto& l) { return l.registry == g.code; });
                           })});
    return out;
}

std::string page_folder(const list& l, std::size_t page)
{
    if (page == 1) return l.folder;
    return (l.group.empty() ? "servers/by/" : l.folder) + "page/" + std::to_string(page) + "/";
}

// The choices of one kind, as links with counts; only those with members, and the one that is shown.
document choices(const std::vector<list>& all, const list& shown, std::string_view group, std::string_view label)
{
    document d{{"label", label}, {"links", document::array()}};
    for (const auto& l : all)
        if (l.group == group && (!l.rows.empty() || l.folder == shown.folder))
            d["links"].push_back({{"folder", l.folder}, {"label", l.title}, {"count", l.rows.size()}, {"current", l.folder == shown.folder}});
    return d;
}

}  // namespace

void write_lists(const page_writer& w)
{
    const auto& r = w.roll();
    const auto all = all_lists(r);
    std::map<const entry*, document> views;  // a row stands in several lists
    for (const auto& l : all) {
        const auto pages = std::max<std::size_t>(1, (l.rows.size() + page_rows - 1) / page_rows);
        document d{{"heading", l.title}, {"note", l.note}, {"count", l.rows.size()}, {"groups", document::array()}};
        d["noun"] = l.rows.size() == 1 ? "server" : "servers";
        for (const auto& [group, label] : {std::pair{"state", "Last roll call"}, std::pair{"bucket", "Last nights"}, std::pair{"change", "Changes"},
                                           std::pair{"registry", "Registry"}})
            if (auto c = choices(all, l, group, label); !c["links"].empty()) d["groups"].push_back(std::move(c));
        d["filtered"] = !l.group.empty();
        d["when"] = r.newest ? moment(r.newest->at) : document(nullptr);
        for (std::size_t page = 1; page <= pages; ++page) {
            d["rows"] = document::array();
            for (std::size_t i = (page - 1) * page_rows; i < std::min(l.rows.size(), page * page_rows); ++i) {
                auto& view = views[l.rows[i]];
                if (view.is_null()) view = row_view(w, *l.rows[i]);
                view["number"] = i + 1;
                d["rows"].push_back(view);
            }
            d["page"] = page;
            d["pages"] = pages;
            d["paged"] = pages > 1;
            d["previous"] = page > 1 ? page_folder(l, page - 1) : std::string();
            d["next"] = page < pages ? page_folder(l, page + 1) : std::string();
            auto title = "Servers: " + l.title;
            if (page > 1) title += ", page " + std::to_string(page);
            w.page({page_folder(l, page) + "index.html", title, l.note, "servers"}, "servers.html", d);
        }
    }
}

}  // namespace rollcall::render
