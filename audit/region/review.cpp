#include "audit/region/review.hpp"

#include "audit/region/self_check.hpp"
#include "audit/url/url.hpp"

#include <algorithm>
#include <map>

namespace rollcall::audit {
namespace {

constexpr std::size_t nights_that_are_usual = 28;

bool expects_good(const std::string& expected)
{
    if (const auto why = data::parse_reason(expected)) return data::is_good(data::class_of(*why));
    const auto of = expected.size() == 1 ? data::parse_class(expected.front()) : std::nullopt;
    return of && data::is_good(*of);
}

night_of_regions read_night(data::connection& db, std::int64_t round, const std::vector<std::string>& platforms)
{
    night_of_regions night;
    std::set<std::int64_t> regions;
    for (const auto& c : data::region_marks(db, round)) {
        night.cells.push_back({c.endpoint, c.region, c.why});
        regions.insert(c.region);
    }
    for (const auto& c : data::controls_of(db, round)) {
        night.controls.push_back({c.region, c.url, expects_good(c.expected), c.passed});
        regions.insert(c.region);
    }
    night.regions.assign(regions.begin(), regions.end());
    for (const auto& [endpoint, host] : data::frozen_hosts(db, round)) night.domain.emplace(endpoint, platform_of(host, platforms));
    night.up_before = data::up_before(db, round);
    for (const auto& n : data::round_regions_before(db, round, nights_that_are_usual))
        if (!n.down) night.usual.push_back({n.region, n.compared, n.lone});
    return night;
}

}  // namespace

std::vector<data::round_region> review_regions(data::connection& db, const data::round_facts& round, const std::vector<std::string>& platforms)
{
    const auto visits = data::visits_of(db, round.id);
    std::vector<data::round_region> out;
    for (const auto& h : check_regions(read_night(db, round.id, platforms))) {
        data::round_region row{round.id, h.region, {}, {}, h.cells, h.good, h.bad, h.ours, h.controls_ok, h.controls_total, h.compared, h.lone, h.down, h.why};
        for (const auto& v : visits) {
            if (v.region != h.region) continue;
            row.started = row.started ? std::min(*row.started, v.started) : v.started;
            row.finished = row.finished ? std::max(*row.finished, v.finished) : v.finished;
        }
        out.push_back(std::move(row));
    }
    data::write_round_regions(db, round.id, out);
    return out;
}

std::vector<std::string> lines_of(data::connection& db, const std::vector<data::round_region>& checked)
{
    std::map<std::int64_t, std::string> name;
    auto s = db.prepare("SELECT id, code FROM region");
    for (auto [id, code] : s.rows<std::int64_t, std::string>()) name.emplace(id, code);
    std::vector<std::string> out;
    for (const auto& r : checked) {
        if (r.why.empty()) continue;
        out.push_back("region " + name[r.region] + (r.down ? " is not counted tonight: " : ": ") + r.why);
    }
    return out;
}

}  // namespace rollcall::audit
