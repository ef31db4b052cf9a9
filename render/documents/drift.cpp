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
            {"counts", t.contains("counts") && t["counts"].is_object() ? t["counts"] : document::object()},
            {"tools", t.contains("tools") && t["tools"].is_object() ? t["tools"] : document(nullptr)},
            {"for_review", number_in(t, "for_review")},
            {"taken_back", d.taken_back_on.empty() ? document(nullptr) : document(d.taken_back_on)},
            {"first", t["changes"].empty() ? document(nullptr) : document(text_in(t["changes"][0], "sentence"))},
            {"page", r.base_url + d.folder}};
}

}  // namespace

std::int64_t number_in(const document& d, const char* key) { return d.is_object() && d.contains(key) && d[key].is_number_integer() ? d[key].get<std::int64_t>() : 0; }

std::string text_in(const document& d, const char* key) { return d.is_object() && d.contains(key) && d[key].is_string() ? d[key].get<std::string>() : std::string(); }

const document& list_in(const document& d, const char* key)
{
    static const document none = document::array();
    if (!d.is_object()) return none;
    const auto it = d.find(key);
    return it != d.end() && it->is_array() ? *it : none;
}

std::string drift_folder(data::time_point at, const std::string& slug) { return "drift/" + data::to_date(at) + "/" + slug + "/"; }

std::vector<drift_item> drifts_of(const roll& r)
{
    std::vector<drift_item> out;
    for (const auto& n : r.entries)
        for (const auto& stored : n.row->drifts) {
            const auto round = r.rounds.find(stored.round);
            auto told = document::parse(stored.changes, nullptr, /*allow_exceptions=*/false);
            if (round == r.rounds.end() || !told.is_object() || !told.contains("changes") || !told["changes"].is_array()) continue;
            auto& changes = told["changes"].get_ref<document::array_t&>();
            std::erase_if(changes, [](const document& c) { return !c.is_object(); });
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
    d["for_review"] = std::ranges::count_if(all, [](const drift_item& i) { return number_in(i.told, "for_review") > 0; });
    d["changes"] = rows_of(all, [&](const drift_item& i) { return row_of(r, i); });
    return d;
}

}  // namespace rollcall::render
