#include "audit/region/self_check.hpp"

#include "data/model/rules.hpp"

#include <algorithm>
#include <cmath>

namespace rollcall::audit {
namespace {

using data::cell_class;
using data::reason;

constexpr std::int64_t fewest_domains = 5;     // fewer tell nothing of a region
constexpr std::int64_t fewest_lone = 3;
using data::rules::nights_to_be_usual;
constexpr double least_share = data::rules::lone_per_cent / 100.0, share_without_history = data::rules::lone_per_cent_unknown / 100.0;

bool is_ours(reason why) { return why == reason::region_down || why == reason::proxy_failed; }
bool is_evidence(reason why) { return data::is_valid(data::class_of(why)); }
bool is_good(reason why) { return data::is_good(data::class_of(why)); }
bool is_cut_off(reason why) { return data::class_of(why) == cell_class::transport; }

std::string of(std::int64_t n, std::int64_t all, const std::string& things) { return std::to_string(n) + " of " + std::to_string(all) + " " + things; }

// How many endpoints of a domain count, and for how many of them something holds: a domain is where most are.
struct tally { std::int64_t endpoints = 0, hits = 0; };
using tallies = std::map<std::string, tally>;

void count(tallies& in, const std::string& domain, bool hit)
{
    auto& t = in[domain];
    ++t.endpoints;
    t.hits += hit;
}

std::pair<std::int64_t, std::int64_t> sum(const tallies& all)
{
    std::int64_t hits = 0;
    for (const auto& [domain, t] : all) hits += t.hits * 2 > t.endpoints;
    return {static_cast<std::int64_t>(all.size()), hits};
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// What share of domains may fail only here. The deviation of the nights before is that of their median, robust against
// a bad one among them, and never less than what chance alone gives for so many domains.
double usual_limit(std::span<const usual_night> nights, std::int64_t region, std::int64_t compared)
{
    std::vector<double> shares;
    for (const auto& n : nights)
        if (n.region == region && n.compared >= fewest_domains) shares.push_back(static_cast<double>(n.lone) / static_cast<double>(n.compared));
    if (shares.size() < nights_to_be_usual) return share_without_history;
    const double middle = median(shares);
    std::vector<double> distances;
    for (const double s : shares) distances.push_back(std::abs(s - middle));
    const double by_chance = std::sqrt(std::max(middle, 0.01) * (1 - middle) / static_cast<double>(compared));
    return std::max(least_share, middle + data::rules::deviations * std::max(1.4826 * median(distances), by_chance));
}

// --- one region among the facts of a night

class examination {
public:
    examination(const night_of_regions& night, std::int64_t region) : night_(night) { out_.region = region; }

    region_health operator()()
    {
        look_at_cells();
        look_at_controls();
        // The first that applies is told.
        if (!ours_failed() && !unlike_the_others() && !controls_failed() && !unlike_last_night() && !all_alike()) note();
        return std::move(out_);
    }

private:
    const std::string& domain_of(std::int64_t endpoint) const
    {
        static const std::string none;
        const auto it = night_.domain.find(endpoint);
        return it == night_.domain.end() ? none : it->second;
    }

    void look_at_cells()
    {
        struct elsewhere { std::int64_t good = 0, bad = 0; };
        std::map<std::int64_t, elsewhere> others;
        for (const auto& c : night_.cells) {
            if (c.region == out_.region || !is_evidence(c.why)) continue;
            auto& o = others[c.endpoint];
            ++(is_good(c.why) ? o.good : o.bad);
        }
        tallies lone, gone, alike;
        std::map<reason, std::int64_t> reasons;
        for (const auto& c : night_.cells) {
            if (c.region != out_.region) continue;
            ++out_.cells;
            out_.ours += is_ours(c.why);
            if (!is_evidence(c.why)) continue;
            ++(is_good(c.why) ? out_.good : out_.bad);
            ++reasons[c.why];
            const auto& domain = domain_of(c.endpoint);
            const bool was_up = !night_.up_before || night_.up_before->contains(c.endpoint);
            if (const auto o = others.find(c.endpoint); was_up && o != others.end() && o->second.good > 0 && o->second.good >= o->second.bad)
                count(lone, domain, !is_good(c.why));
            if (night_.up_before && was_up) count(gone, domain, is_cut_off(c.why));
        }
        std::tie(out_.compared, out_.lone) = sum(lone);
        std::tie(known_, gone_) = sum(gone);
        if (reasons.empty()) return;
        // Ties between reasons, which would be half and half, are never "alike".
        common_ = std::ranges::max_element(reasons, {}, [](const auto& r) { return r.second; })->first;
        for (const auto& c : night_.cells)
            if (c.region == out_.region && is_evidence(c.why)) count(alike, domain_of(c.endpoint), c.why == common_);
        std::tie(domains_, alike_) = sum(alike);
    }

    void look_at_controls()
    {
        for (const auto& look : night_.controls) {
            if (look.region != out_.region) continue;
            if (broken_everywhere(look.url)) {
                ++broken_controls_;
                continue;
            }
            ++out_.controls_total;
            out_.controls_ok += look.passed;
            only_good_ones_failed_ &= look.passed || look.expects_good;
        }
    }

    bool broken_everywhere(const std::string& url) const
    {
        std::set<std::int64_t> seen;
        for (const auto& look : night_.controls) {
            if (look.url != url) continue;
            if (look.passed) return false;
            seen.insert(look.region);
        }
        return seen.size() > 1;
    }

    bool lost(std::string why)
    {
        out_.down = true;
        out_.why = std::move(why);
        return true;
    }

    bool ours_failed()
    {
        const auto all = out_.ours + out_.good + out_.bad;
        if (out_.ours == 0 || out_.ours * 10 < all * data::rules::ours_of_ten) return false;
        return lost("its network or its proxy failed for " + of(out_.ours, all, "servers"));
    }

    double share() const { return out_.compared == 0 ? 0 : static_cast<double>(out_.lone) / static_cast<double>(out_.compared); }

    bool unlike_the_others()
    {
        const bool all = out_.lone == out_.compared && out_.lone > 1;
        const double limit = usual_limit(night_.usual, out_.region, out_.compared);
        if (!all && (out_.lone < fewest_lone || share() <= limit)) return false;
        return lost(of(out_.lone, out_.compared, "domains that answered elsewhere failed only here"));
    }

    bool controls_failed()
    {
        if (out_.controls_ok * 8 >= out_.controls_total * data::rules::controls_of_eight) return false;
        const auto words = "its controls gave " + of(out_.controls_ok, out_.controls_total, "known answers");
        // Our own endpoints may be down, and then the rest of the roll is well.
        const bool rest_is_well = (out_.compared >= fewest_domains && share() <= least_share) || (known_ >= fewest_domains && gone_ * 10 < known_);
        if (!only_good_ones_failed_ || !rest_is_well) return lost(words);
        out_.why = words + ", while the servers answered as usual";
        return true;
    }

    bool unlike_last_night()
    {
        if (out_.compared >= fewest_domains || known_ < fewest_domains || gone_ * 2 <= known_) return false;
        return lost(of(gone_, known_, "domains that were up before could not be connected to"));
    }

    bool all_alike()
    {
        if (out_.compared > 0 || out_.good > 0 || domains_ < fewest_domains || !is_cut_off(common_) || alike_ * 10 < domains_ * 9) return false;
        return lost(of(alike_, domains_, "domains failed alike: " + std::string(data::row_of(common_).label)));
    }

    void note()
    {
        if (out_.ours > 0) out_.why = "its network or its proxy failed for " + of(out_.ours, out_.ours + out_.good + out_.bad, "servers, which do not count");
        else if (broken_controls_ > 0) out_.why = "a control failed in every region, and is not counted";
    }

    const night_of_regions& night_;
    region_health out_;
    std::int64_t known_ = 0, gone_ = 0;      // domains that were up the night before; those that cannot be connected to
    std::int64_t domains_ = 0, alike_ = 0;
    reason common_ = reason::interrupted;
    std::int64_t broken_controls_ = 0;
    bool only_good_ones_failed_ = true;
};

}  // namespace

std::vector<region_health> check_regions(const night_of_regions& night)
{
    std::vector<region_health> out;
    for (const auto region : night.regions) {
        auto health = examination(night, region)();
        if (health.cells > 0 || health.controls_total > 0) out.push_back(std::move(health));
    }
    return out;
}

}  // namespace rollcall::audit
