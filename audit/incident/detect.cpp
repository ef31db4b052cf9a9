#include "audit/incident/detect.hpp"

#include "audit/incident/chance.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace rollcall::audit::incident {
namespace {

using crowd = std::vector<const subject*>;

std::int64_t count(const crowd& c) { return static_cast<std::int64_t>(c.size()); }

struct group {
    incident::key key;
    std::int64_t at_risk = 0;
    std::int64_t failed = 0;  // of any kind
    crowd members;            // failures of the most frequent family, by endpoint
    double tail = 1, gain = 0;
};

std::int64_t sites_of(const crowd& members)
{
    std::set<std::string_view> sites;
    for (const auto* m : members) sites.insert(m->site);
    return static_cast<std::int64_t>(sites.size());
}

// The most frequent value and how often it occurs; ties go to the lesser value.
template <class Value, class Of>
std::pair<Value, std::int64_t> most_frequent(const crowd& members, Of of)
{
    std::map<Value, std::int64_t> counts;
    for (const auto* m : members) ++counts[of(*m)];
    std::pair<Value, std::int64_t> best{};
    for (const auto& [value, n] : counts)
        if (n > best.second) best = {value, n};
    return best;
}

crowd of_one_family(const crowd& failures)
{
    const auto [common, n] = most_frequent<family>(failures, [](const subject& s) { return family_of(s.why); });
    crowd out;
    for (const auto* f : failures)
        if (family_of(f->why) == common) out.push_back(f);
    return out;
}

class night {
public:
    night(std::span<const subject> subjects, const thresholds& t) : t_(t)
    {
        for (const auto& s : subjects) rest_.push_back(&s);
        std::ranges::sort(rest_, {}, &subject::endpoint);
        everybody_ = count(rest_);
        new_failures_ = std::ranges::count_if(rest_, &subject::failed);
    }

    std::vector<firing> explain()
    {
        while (const auto g = heaviest()) take(*g);
        while (const auto g = same_error()) take(*g);
        if (const auto g = no_pattern()) take(*g);
        return std::move(found_);
    }

private:
    // Every value of a key, with those who have it.
    std::vector<group> groups() const
    {
        struct bucket { std::int64_t at_risk = 0; crowd failures; };
        std::map<key, bucket> by_key;
        for (const auto* s : rest_)
            for (const auto& k : s->keys) {
                auto& b = by_key[k];
                ++b.at_risk;
                if (s->failed) b.failures.push_back(s);
            }
        std::vector<group> out;
        for (auto& [k, b] : by_key) {
            if (b.at_risk < t_.at_risk) continue;
            auto members = of_one_family(b.failures);
            out.push_back({k, b.at_risk, count(b.failures), std::move(members)});
        }
        return out;
    }

    // Failures of those outside the group, as a rate; never below the floor, and never certain.
    double rate_outside(const group& g) const
    {
        const auto n = count(rest_) - g.at_risk;
        const auto k = failures_left() - g.failed;
        const double floor = static_cast<double>(t_.floor_per_mille) / 1000;
        return std::min(0.999, n == 0 ? floor : std::max(floor, static_cast<double>(k) / static_cast<double>(n)));
    }

    std::int64_t failures_left() const { return std::ranges::count_if(rest_, &subject::failed); }

    // In whole numbers, so that the edges are where they are said to be.
    bool reaches(const group& g) const
    {
        const auto k = count(g.members), n = g.at_risk;
        if (k < t_.failures || n < t_.at_risk || k * 100 < t_.per_cent * n) return false;
        const auto n_out = count(rest_) - n, k_out = failures_left() - g.failed;
        if (k * 1000 < t_.lift * t_.floor_per_mille * n || k * n_out < t_.lift * k_out * n) return false;
        if (sites_of(g.members) < t_.sites) return false;
        const bool wide = g.key.kind != data::common_key::platform && n * 100 >= t_.large_per_cent * everybody_;
        return !wide || is_alike(g.members);
    }

    bool is_alike(const crowd& members) const
    {
        const auto n = most_frequent<std::string_view>(members, [](const subject& s) -> std::string_view { return s.signature; }).second;
        return n * 100 >= t_.alike_per_cent * count(members);
    }

    // All groups that reach the thresholds and are no chance.
    std::vector<group> candidates() const
    {
        if (failures_left() < t_.failures) return {};
        auto all = groups();
        std::vector<double> tails;
        for (auto& g : all) {
            const double p0 = rate_outside(g);
            g.tail = binomial_tail(count(g.members), g.at_risk, p0);
            g.gain = log_likelihood_gain(count(g.members), g.at_risk, p0);
            tails.push_back(g.tail);
        }
        const auto adjusted = benjamini_hochberg(tails);
        std::vector<group> out;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (adjusted[i] < t_.chance && reaches(all[i])) out.push_back(std::move(all[i]));
        return out;
    }

    // Would the group still stand out without those failures?
    bool stands_without(const group& g, const crowd& without) const
    {
        crowd left;
        std::ranges::set_difference(g.members, without, std::back_inserter(left), {}, &subject::endpoint, &subject::endpoint);
        const auto gone = count(g.members) - count(left);
        const group rest{g.key, g.at_risk - gone, g.failed - gone, std::move(left)};
        return reaches(rest);
    }

    // The group with the greatest gain; among groups that explain the same, the smallest whose removal leaves
    // nothing of it, and then the kind that says most to a reader.
    std::optional<group> heaviest() const
    {
        const auto all = candidates();
        if (all.empty()) return {};
        const auto order = [](const group& g) { return std::tuple(g.at_risk, g.key); };
        const auto heaviest = std::ranges::min_element(all, {}, [&](const group& g) { return std::tuple(-g.gain, order(g)); });
        const group* best = &*heaviest;
        for (const auto& g : all) {
            if (order(g) >= order(*best)) continue;
            const bool inside = std::ranges::includes(heaviest->members, g.members, {}, &subject::endpoint, &subject::endpoint);
            if (inside && !stands_without(*heaviest, g.members)) best = &g;
        }
        return *best;
    }

    // An error is no place: everybody is at risk of it, so alone it counts only where a global notice would.
    std::optional<group> same_error() const
    {
        std::map<std::string, crowd> by_signature;
        for (const auto* s : rest_)
            if (s->failed) by_signature[s->signature].push_back(s);
        std::optional<group> best;
        for (auto& [signature, members] : by_signature) {
            if (!is_global(count(members)) || !has_floor(members)) continue;
            if (!best || count(members) > count(best->members))
                best = group{{data::common_key::error, signature}, count(rest_), count(members), std::move(members)};
        }
        return best;
    }

    std::optional<group> no_pattern() const
    {
        crowd failures;
        for (const auto* s : rest_)
            if (s->failed) failures.push_back(s);
        if (count(failures) * 100 <= t_.everything_per_cent * everybody_ || !has_floor(failures)) return {};
        return group{{data::common_key::everything, ""}, count(rest_), count(failures), std::move(failures)};
    }

    bool is_global(std::int64_t k) const { return k * 100 > t_.global_per_cent * everybody_; }
    bool has_floor(const crowd& members) const
    {
        return count(members) >= t_.failures && everybody_ >= t_.at_risk && sites_of(members) >= t_.sites;
    }

    void take(const group& g)
    {
        // Another kind of failure of the same servers is the same card.
        auto there = std::ranges::find(found_, g.key, &firing::key);
        const bool is_new = there == found_.end();
        if (is_new) there = found_.insert(found_.end(), describe(g));
        else
            for (const auto* m : g.members) there->members.push_back(m->endpoint);
        std::ranges::sort(there->members);
        there->global = is_global(static_cast<std::int64_t>(there->members.size())) || g.key.kind == data::common_key::everything;
        // Explained: neither a failure nor a proof of good order for what is tested next.
        std::erase_if(rest_, [&](const subject* s) { return std::ranges::binary_search(g.members, s->endpoint, {}, &subject::endpoint); });
    }

    firing describe(const group& g) const
    {
        firing f;
        f.key = g.key;
        for (const auto* m : g.members) f.members.push_back(m->endpoint);
        f.at_risk = g.at_risk;
        f.sites = sites_of(g.members);
        f.everybody = everybody_;
        f.new_failures = new_failures_;
        for (const auto* m : g.members) f.vantages = std::max(f.vantages, m->vantages);
        f.why = most_frequent<data::reason>(g.members, [](const subject& s) { return s.why; }).first;
        f.signature = most_frequent<std::string>(g.members, [](const subject& s) { return s.signature; }).first;
        f.alike = is_alike(g.members);
        const bool place = g.key.kind != data::common_key::error && g.key.kind != data::common_key::everything;
        if (place && f.alike && f.vantages >= 2 && count(g.members) * 100 >= t_.precise_per_cent * g.at_risk) f.sure = data::confidence::likely;
        return f;
    }

    const thresholds& t_;
    crowd rest_;  // by endpoint: not yet explained
    std::int64_t everybody_ = 0, new_failures_ = 0;
    std::vector<firing> found_;
};

}  // namespace

std::vector<firing> detect(std::span<const subject> subjects, const thresholds& t) { return night(subjects, t).explain(); }

}  // namespace rollcall::audit::incident
