#include "audit/intake/cluster.hpp"

#include "audit/url/url.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace rollcall::audit {

std::vector<variant> cluster(const std::vector<candidate>& candidates)
{
    std::map<std::string, std::vector<const candidate*>> groups;
    for (const auto& c : candidates) groups[campaign_key(c.url)].push_back(&c);
    std::vector<variant> out;
    for (const auto& [key, members] : groups) {
        if (members.size() < 2) continue;
        const auto order = [&key = key](const candidate* c) { return std::tuple(c->first_seen, c->url != key, std::string_view(c->url)); };
        const auto* probed = *std::ranges::min_element(members, {}, order);
        for (const auto* c : members)
            if (c->endpoint != probed->endpoint) out.push_back({c->endpoint, probed->endpoint});
    }
    std::ranges::sort(out, {}, &variant::endpoint);
    return out;
}

std::vector<alias> learn_aliases(const std::vector<moved>& answers, const std::vector<std::int64_t>& rounds, const std::vector<known_url>& urls)
{
    // By endpoint, then round: the addresses that its regions were led to, empty for an answer on the spot.
    std::map<std::int64_t, std::map<std::int64_t, std::set<std::string>>> seen;
    for (const auto& m : answers) {
        const auto to = m.final_url.empty() ? std::string() : canonicalise(m.final_url, true).url.text;
        seen[m.endpoint][m.round].insert(to);
    }
    std::vector<alias> out;
    for (const auto& known : urls) {
        const auto it = seen.find(known.endpoint);
        if (it == seen.end()) continue;
        // A round without an answer says nothing and breaks nothing.
        std::optional<std::string> to;
        std::int64_t count = 0;
        for (auto round = rounds.rbegin(); round != rounds.rend(); ++round) {
            const auto answered = it->second.find(*round);
            if (answered == it->second.end()) continue;
            if (answered->second.size() != 1 || answered->second.begin()->empty()) break;
            if (to && *to != *answered->second.begin()) break;
            to = *answered->second.begin();
            ++count;
        }
        if (count < alias_rounds || *to == known.url) continue;
        const auto here = canonicalise(known.url, true).url, there = canonicalise(*to, true).url;
        if (site_of(here.host) == site_of(there.host)) out.push_back({known.endpoint, count, *to});
    }
    std::ranges::sort(out, {}, &alias::endpoint);
    return out;
}

}  // namespace rollcall::audit
