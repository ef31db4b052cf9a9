#include "render/documents/drift.hpp"

#include <algorithm>
#include <tuple>

namespace rollcall::render {
namespace {

std::string date_of(const roll& r, std::int64_t round)
{
    const auto it = r.rounds.find(round);
    return it == r.rounds.end() ? std::string() : data::to_date(it->second->at);
}

document row_of(const roll& r, const drift_item& d)
{
    const auto& t = d.told;
    return {{"date", data::to_date(d.at)},
            {"slug", d.server->row->slug},
            {"url", d.server->row->url},
            {"name", d.server->name},
            {"grade", d.stored->grade},
            {"counts", t.value("counts", document::object())},
            {"tools", t.value("tools", document(nullptr))},
            {"for_review", t.value("for_review", 0)},
            {"taken_back", d.taken_back_on.empty() ? document(nullptr) : document(d.taken_back_on)},
            {"first", t["changes"].empty() ? document(nullptr) : t["changes"][0].value("sentence", document(nullptr))},
            {"page", r.base_url + d.folder}};
}

}  // namespace

std::string drift_folder(data::time_point at, const std::string& slug) { return "drift/" + data::to_date(at) + "/" + slug + "/"; }

std::vector<drift_item> drifts_of(const roll& r)
{
    std::vector<drift_item> out;
    for (const auto& n : r.entries)
        for (const auto& stored : n.row->drifts) {
            const auto round = r.rounds.find(stored.round);
            auto told = document::parse(stored.changes, nullptr, /*allow_exceptions=*/false);
            if (round == r.rounds.end() || !told.is_object() || !told.contains("changes") || !told["changes"].is_array()) continue;
            const auto at = round->second->at;
            out.push_back({&n, &stored, at, std::move(told), drift_folder(at, n.row->slug), stored.taken_back == 0 ? std::string() : date_of(r, stored.taken_back)});
        }
    std::ranges::sort(out, [](const drift_item& a, const drift_item& b) { return std::tie(b.at, a.server->row->slug) < std::tie(a.at, b.server->row->slug); });
    return out;
}

document drift_document(const roll& r, const std::vector<drift_item>& all)
{
    auto d = opened(r, "drift");
    d["count"] = all.size();
    d["grades"] = document::object();
    for (const char* grade : {"breaking", "additive", "wording"}) d["grades"][grade] = std::ranges::count(all, grade, [](const drift_item& i) { return i.stored->grade; });
    d["taken_back"] = std::ranges::count_if(all, [](const drift_item& i) { return !i.taken_back_on.empty(); });
    d["for_review"] = std::ranges::count_if(all, [](const drift_item& i) { return i.told.value("for_review", 0) > 0; });
    d["changes"] = document::array();
    for (const auto& i : all) d["changes"].push_back(row_of(r, i));
    return d;
}

}  // namespace rollcall::render
