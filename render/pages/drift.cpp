// Changes of tools: lists of them, and a page for each with old and new side by side.
#include "render/chart/chart.hpp"
#include "render/pages/drift_view.hpp"
#include "render/pages/incident_view.hpp"
#include "render/pages/paging.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace rollcall::render {
namespace {

constexpr std::size_t page_rows = 60;

using items = std::vector<const drift_item*>;

struct list { std::string folder, title, note, group, label; items rows; };

items those(const std::vector<drift_item>& all, const std::function<bool(const drift_item&)>& keep)
{
    items out;
    for (const auto& d : all)
        if (keep(d)) out.push_back(&d);
    return out;
}

// "November 2026"
std::string month_words(data::time_point t)
{
    const auto words = data::to_words(t);
    const auto from = words.find(' ') + 1;
    return words.substr(from, words.find(',') - from);
}

// Those by grade stand even when they are empty, so that a link never breaks from one night to the next.
std::vector<list> lists_of(const std::vector<drift_item>& all)
{
    std::vector<list> out;
    out.push_back({"drift/", "Changes", "Confirmed changes of the tools that servers offer, newest first.", "", "All", those(all, [](const auto&) { return true; })});
    for (const std::string grade : {"breaking", "additive", "wording"})
        out.push_back({"drift/by/grade/" + grade + "/", "Changes: " + grade, "Where the worst of what changed is this: " + grade_mark(grade)["meaning"].get<std::string>() + ".", "grade", grade,
                       those(all, [&](const auto& d) { return d.stored->grade == grade; })});
    out.push_back({"drift/by/review/", "Changes to be read by a person", "New words with characters that nobody sees, or that speak to the model instead of about the tool. Noticed, not judged.", "grade", "to be read by a person",
                   those(all, [](const auto& d) { return number_in(d.told, "for_review") > 0; })});
    out.push_back({"drift/by/taken-back/", "Changes that were taken back", "The old tools were back soon after: this counts as unstable, not as changed.", "grade", "taken back", those(all, [](const auto& d) { return !d.taken_back_on.empty(); })});
    for (const auto& d : all) {
        const auto month = data::to_date(d.at).substr(0, 7), folder = "drift/by/month/" + month + "/";
        if (out.back().folder != folder) out.push_back({folder, "Changes of " + month_words(d.at), "Confirmed in this month, newest first.", "month", month_words(d.at), {}});
        out.back().rows.push_back(&d);
    }
    return out;
}

document choices(const std::vector<list>& all, const list& shown, const std::string& group)
{
    auto out = document::array();
    for (const auto& l : all)
        if (l.group == group || (l.group.empty() && group == "grade"))
            out.push_back({{"folder", l.folder}, {"label", l.label}, {"count", l.rows.size()}, {"current", l.folder == shown.folder}});
    return out;
}

void write_list(const page_writer& w, const std::vector<list>& all, const list& l)
{
    const auto& r = w.roll();
    const paging paged{l.folder, l.group.empty() ? "drift/by/" : l.folder, l.rows.size(), page_rows};
    for (std::size_t page = 1; page <= paged.pages(); ++page) {
        const auto path = paged.folder_of(page) + "index.html";
        document d{{"heading", l.title}, {"note", l.note}, {"count", l.rows.size()}, {"rows", document::array()}};
        d["called"] = r.newest ? document{{"when", moment(r.newest->at)}} : document(nullptr);
        d["filtered"] = !l.group.empty();
        d["grades"] = choices(all, l, "grade");
        d["months"] = choices(all, l, "month");
        for (auto i = paged.first(page); i < paged.end(page); ++i) d["rows"].push_back(drift_row(*l.rows[i]));
        d["has_rows"] = !d["rows"].empty();
        d["paging"] = paging_html(w, paged, page, way_to_root(path));
        w.page({path, titled(l.title, page), l.note, "drift"}, "drift.html", std::move(d));
    }
}

void write_change(const page_writer& w, const drift_item& d)
{
    const auto& n = *d.server;
    auto v = drift_row(d);
    v["when"] = moment(d.at);
    v["url"] = clean(n.row->url, 300);
    const auto tools = d.told.contains("tools") ? d.told["tools"] : document::object();
    v["tools_before"] = number_in(tools, "before");
    v["tools_after"] = number_in(tools, "after");
    v["tools"] = tools_view(d.told);
    std::size_t shown = 0;
    for (const auto& t : v["tools"]) shown += t["rows"].size();
    v["left_out"] = some(static_cast<std::int64_t>(d.told["changes"].size() - shown) + number_in(d.told, "left_out"));
    const auto title = "Tools of " + clean(n.name, 60) + " changed";
    w.page({d.folder + "index.html", title, "What changed in the tools of " + clean(n.name, 80) + " on " + data::to_date(d.at) + ", tool by tool.", "drift"}, "drift_change.html", std::move(v));
}

}  // namespace

void write_drift(const page_writer& w)
{
    const auto& r = w.roll();
    const auto all = drifts_of(r);
    const auto d = drift_document(r, all);
    w.file("api/v1/drift.json", published(d));
    auto table = document::array();
    for (const auto& c : d["changes"]) table.push_back({{"date", c["date"]}, {"slug", c["slug"]}, {"grade", c["grade"]}, {"taken_back", c["taken_back"]}, {"first", c["first"]}});
    w.file("figures/drift.csv", csv(table));
    const auto lists = lists_of(all);
    for (const auto& l : lists) write_list(w, lists, l);
    for (const auto& i : all) write_change(w, i);
}

}  // namespace rollcall::render
