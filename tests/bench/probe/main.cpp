// How close a round of real size comes to the least time that its limits allow: in virtual time, so that an hour and a
// half of it takes seconds, and the machine's own speed has no part in it.
//
// The list is that of August 2026: 10,749 endpoints, of which one host has 1,312 and seven more have 99 to 319; 55 % good,
// the rest refused, silent, hanging or gone, by wide-area delays; five regions.
#include "tests/audit/schedule/virtual_round.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <random>

using namespace rollcall::audit;
using rollcall::tests::attempt_plan;
using rollcall::tests::virtual_round;
using std::chrono::milliseconds;

namespace {

std::vector<job> the_list(int regions)
{
    std::vector<job> out;
    std::int64_t endpoint = 0;
    const auto add = [&](const std::string& site) {
        ++endpoint;
        for (int r = 0; r < regions; ++r) out.push_back({site, endpoint});
    };
    for (int i = 0; i < 1312; ++i) add("pipeworx.io");
    for (const auto& [site, n] : {std::pair("wishpool.app", 125), std::pair("klymax402.com", 100), std::pair("mcp.ai", 99)})
        for (int i = 0; i < n; ++i) add(site);
    // About 6,950 sites: most have one endpoint.
    for (int i = 0; endpoint < 10'749; ++i) add("site-" + std::to_string(i % 6'900));
    return out;
}

attempt_plan real_mix(std::size_t j, unsigned attempt)
{
    std::mt19937_64 random(j * 7919 + attempt);
    const auto kind = random() % 100;
    const auto delay = milliseconds(120 + random() % (random() % 100 == 0 ? 900 : 200));  // median 120 ms and some, 99th 900
    if (kind < 55) return {delay * 4};
    if (kind < 70) return {delay * 2};  // 401, 404, HTML: answers
    const auto again = attempt == 1 ? std::optional(milliseconds(30'000)) : std::nullopt;
    if (kind < 85) return {delay, {again}};  // NXDOMAIN, refused, reset
    return {milliseconds(kind < 92 ? 5'000 : 10'000) + delay, {again}};  // black-holed, mute, hanging
}

void round_of(const char* name, int regions, milliseconds budget)
{
    virtual_round r;
    r.jobs = the_list(regions);
    r.limits.budget = budget;
    r.limits.grace = milliseconds(60'000);
    r.run = real_mix;
    const auto begun = std::chrono::steady_clock::now();
    r.play();
    const auto own = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const auto bound = r.bound();
    // With a budget, the round may last no longer than that and one second look.
    const auto least = budget.count() > 0 ? std::min(bound.whole(), budget) : bound.whole();
    fmt::print("{:<34} {:>7} cells {:>7} not reached {:>8.1f} min {:>8.1f} min bound  ratio {:.4f}  ({:.1f} s to compute, {:.1f} us a cell)\n", name, r.jobs.size(), r.given_up.size(),
               static_cast<double>(r.took.count()) / 60e3, static_cast<double>(least.count()) / 60e3, static_cast<double>(r.took.count()) / static_cast<double>(least.count()), own,
               own * 1e6 / static_cast<double>(r.jobs.size()));
}

}  // namespace

int main()
{
    round_of("one region", 1, milliseconds(0));
    round_of("five regions, no budget", 5, milliseconds(0));
    round_of("five regions, 90 minutes", 5, std::chrono::minutes(90));
}
