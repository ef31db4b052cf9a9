#include "audit/judge/valid.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace rollcall::audit {

using data::cell_class;

std::vector<mark> valid_of(std::span<const mark> marks)
{
    std::vector<mark> out;
    out.reserve(marks.size());
    for (const auto& m : marks) {
        if (!data::is_valid(data::class_of(m.why))) continue;
        out.push_back(m);
        if (m.credentialed && data::class_of(m.why) == cell_class::auth) out.back().why = data::reason::ok;
    }
    // Rows may come in any order; everything after this reads them in one.
    const auto rest = [](const mark& m) { return std::tuple(m.why, m.era, m.contract, m.owner, m.owner_why, m.credentialed); };
    const auto earlier = [&](const mark& a, const mark& b) {
        return a.round != b.round ? a.round < b.round : a.region != b.region ? a.region < b.region : rest(a) < rest(b);
    };
    if (!std::is_sorted(out.begin(), out.end(), earlier)) std::sort(out.begin(), out.end(), earlier);
    out.erase(std::unique(out.begin(), out.end(), [](const mark& a, const mark& b) { return a.round == b.round && a.region == b.region; }), out.end());
    return out;
}

cell_class modal_class(std::span<const mark> marks)
{
    constexpr std::array classes{cell_class::pass, cell_class::slow, cell_class::auth, cell_class::wall, cell_class::malformed, cell_class::http, cell_class::transport, cell_class::unusable};
    std::array<std::size_t, classes.size()> count{};
    for (const auto& m : marks) ++count[static_cast<std::size_t>(std::ranges::find(classes, data::class_of(m.why)) - classes.begin())];
    std::size_t best = 0;
    for (std::size_t i = 1; i < classes.size(); ++i)
        if (std::pair(count[i], data::depth_of(classes[i])) > std::pair(count[best], data::depth_of(classes[best]))) best = i;
    return classes[best];
}

data::reason modal_reason(std::span<const mark> marks, cell_class of)
{
    std::map<data::reason, std::size_t> count;
    for (const auto& m : marks)
        if (data::class_of(m.why) == of) ++count[m.why];
    return std::ranges::max_element(count, {}, [](const auto& c) { return std::pair(c.second, -static_cast<int>(c.first)); })->first;
}

std::optional<data::reason> owner_trouble(std::span<const mark> marks)
{
    std::map<data::reason, std::size_t> count;
    std::size_t checks = 0, failing = 0;
    for (const auto& m : marks) {
        checks += m.owner != behind::nobody;
        if (m.owner != behind::failing) continue;
        ++failing;
        ++count[m.owner_why];
    }
    if (failing * 2 <= checks) return std::nullopt;
    return std::ranges::max_element(count, {}, [](const auto& c) { return std::pair(c.second, -static_cast<int>(c.first)); })->first;
}

}  // namespace rollcall::audit
