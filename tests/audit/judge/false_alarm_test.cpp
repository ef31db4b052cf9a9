// How often chance alone makes a perfect server look bad: predicted, and tried with a seed.
#include "audit/judge/judge.hpp"

#include "tests/catch.hpp"

#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

using namespace rollcall::audit;
using rollcall::data::bucket;
using rollcall::data::reason;

namespace {

constexpr int rounds = 3, regions = 5, cells = rounds * regions;

struct tried { int not_strict = 0, called_bad = 0, blips = 0, not_up = 0; };

// Perfect servers whose probes fail at random with probability `q`; a failure is tried once more, or not.
tried try_servers(int servers, double q, bool retry, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::bernoulli_distribution fails(q);
    tried out;
    std::vector<mark> marks;
    for (int server = 0; server < servers; ++server) {
        marks.clear();
        int bad = 0;
        for (int i = 0; i < cells; ++i) {
            const bool failed = fails(random) && (!retry || fails(random));
            bad += failed;
            marks.push_back({1 + i / regions, 1 + i % regions, failed ? reason::tcp_timeout : reason::ok});
        }
        const auto got = judge_window(marks, regions);
        out.not_strict += bad > 0;
        out.called_bad += got.bucket != bucket::healthy_stable;
        out.blips += got.flags == rollcall::data::flag_blip;
        out.not_up += judge_night(std::span(marks).last(regions)).state != rollcall::data::state::up;
    }
    return out;
}

double none_of(int n, double q) { return std::pow(1 - q, n); }
// Two or more of n.
double several_of(int n, double q) { return 1 - none_of(n, q) - n * q * none_of(n - 1, q); }

}  // namespace

TEST_CASE("one probe in a hundred failing at random calls none of 1,000 perfect servers unhealthy")
{
    constexpr double q = 0.01;
    const double cell = q * q;  // both tries
    const auto got = try_servers(1000, q, true, 20261121);
    std::printf("1,000 perfect servers, %d cells each, 1 %% of probes failing at random, one retry:\n"
                "  called unhealthy                  predicted %.4f, got %d\n"
                "  with a stray bad cell, forgiven   predicted %.2f, got %d\n"
                "  not up on the last night          predicted %.5f, got %d\n",
                cells, 1000 * several_of(cells, cell), got.called_bad, 1000 * (1 - none_of(cells, cell)), got.blips, 1000 * several_of(regions, cell), got.not_up);
    std::fflush(stdout);
    CHECK(got.called_bad == 0);
    CHECK(got.not_up == 0);
    // The bound: a tenth of a server in a hundred thousand nights of the kind.
    CHECK(1000 * several_of(cells, cell) < 0.0011);
    CHECK(got.blips == got.not_strict);
}

TEST_CASE("what the retry and the tolerance are worth, predicted and tried on 10,000 servers")
{
    constexpr int servers = 10'000;
    struct row { double q; bool retry; };
    std::printf("%d perfect servers, %d cells each, called unhealthy in per cent (predicted, got):\n  %-8s %-8s %-22s %s\n", servers, cells, "failing", "retry", "by a rule without pardon", "by ours");
    for (const auto& r : {row{0.005, false}, row{0.01, false}, row{0.02, false}, row{0.01, true}, row{0.02, true}}) {
        const double p = r.retry ? r.q * r.q : r.q;
        const double strict = 1 - none_of(cells, p), ours = several_of(cells, p);
        const auto got = try_servers(servers, r.q, r.retry, 7);
        std::printf("  %-8.3f %-8s %6.2f %6.2f          %7.4f %7.4f\n", r.q, r.retry ? "once" : "none", 100 * strict, 100.0 * got.not_strict / servers, 100 * ours, 100.0 * got.called_bad / servers);
        std::fflush(stdout);
        // Five standard deviations, and one server.
        const auto bound = [&](double share) { return 5 * std::sqrt(servers * share * (1 - share)) + 1; };
        CHECK(std::abs(got.not_strict - servers * strict) <= bound(strict));
        CHECK(std::abs(got.called_bad - servers * ours) <= bound(ours));
    }
}
