#include "render/pages/compositions.hpp"

#include "data/statistics/proportion.hpp"

namespace rollcall::render {

figure states_figure(const std::string& id, const std::string& finding, const document& states, const std::string& list)
{
    std::vector<std::int64_t> counts;
    for (const auto& s : data::all_states()) counts.push_back(states[std::string(s.code)].get<std::int64_t>());
    const auto shares = statistics::shares_in_tenths(counts);
    auto parts = document::array();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto& s = data::all_states()[i];
        document part{{"style", s.code}, {"label", s.label}, {"icon", s.icon}, {"count", counts[i]}, {"share", per_cent(shares[i])}};
        if (!list.empty()) part["href"] = list + std::string(s.code) + "/";
        parts.push_back(std::move(part));
    }
    return composition_figure(id, finding, "One bar of all servers by what they did at the last roll call. The list below has the counts.", parts);
}

std::string published_figure(const page_writer& w, const figure& f, const std::string& path)
{
    w.file(f.data, csv(f.rows));
    return figure_html(w.templates(), f, way_to_root(path));
}

}  // namespace rollcall::render
