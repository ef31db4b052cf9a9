// What judging costs: the decisions alone, a night from the store, and a window of ninety rounds from the store.
//
//   bench-judge [ENDPOINTS] [ROUNDS]     10,000 endpoints and 90 rounds, from five regions
//
// The lives are made up and the same each time, after what was seen of real ones: 36 % of servers answer, a fifth asks
// for a credential, the rest fail in their several ways; one cell in fifty is otherwise than its server usually is.
#include "audit/commands/judging.hpp"
#include "audit/judge/judge.hpp"
#include "audit/net/tls.hpp"
#include "data/store/codec.hpp"
#include "data/store/ledger.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace rollcall;
using data::reason;

namespace {

constexpr int regions = 5;

using clock_type = std::chrono::steady_clock;
double seconds_since(clock_type::time_point begun) { return std::chrono::duration<double>(clock_type::now() - begun).count(); }

double cpu_seconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

long resident_mb()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

// Spreads a number: the same on every machine.
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

reason reason_of(int endpoint, int round, int region)
{
    constexpr std::array usual{reason::ok, reason::ok, reason::ok, reason::ok, reason::slow, reason::auth_bare, reason::auth_challenge, reason::dns_nxdomain, reason::tcp_refused, reason::http_404, reason::html};
    constexpr std::array odd{reason::ok, reason::tcp_timeout, reason::http_5xx, reason::budget, reason::slow};
    const auto at = mixed(static_cast<std::uint64_t>(endpoint) << 32 | static_cast<std::uint64_t>(round) << 8 | static_cast<std::uint64_t>(region));
    if (at % 50 == 0) return odd[(at >> 8) % odd.size()];
    return usual[mixed(static_cast<std::uint64_t>(endpoint)) % usual.size()];
}

// One server in forty changed its tools in mid-window.
std::uint32_t contract_of(int endpoint, int round, int rounds)
{
    return static_cast<std::uint32_t>(2 * endpoint + (endpoint % 40 == 0 && round > rounds / 2)) + 1;
}

void decisions_alone(int endpoints, int rounds)
{
    std::vector<std::vector<audit::mark>> all(static_cast<std::size_t>(endpoints));
    for (int e = 0; e < endpoints; ++e)
        for (int round = 1; round <= rounds; ++round)
            for (int region = 1; region <= regions; ++region) {
                audit::mark m{round, region, reason_of(e, round, region)};
                if (data::is_good(data::class_of(m.why))) m.contract = contract_of(e, round, rounds);
                all[static_cast<std::size_t>(e)].push_back(m);
            }
    const auto begun = clock_type::now();
    std::size_t healthy = 0, up = 0;
    for (const auto& marks : all) {
        healthy += audit::judge_window(marks, regions).bucket == data::bucket::healthy_stable;
        (void)audit::strict_facts_of(marks);
        for (std::size_t at = 0; at < marks.size(); at += regions) up += audit::judge_night(std::span(marks).subspan(at, regions)).state == data::state::up;
    }
    const auto took = seconds_since(begun);
    std::printf("  decisions alone, one window of %d rounds and every night: %6.2f s, %4.0f ns a cell   (%zu healthy, %zu nights up)\n", rounds, took,
                1e9 * took / (static_cast<double>(endpoints) * rounds * regions), healthy, up);
}

// Cells straight into their table: what is measured is judging, not filing.
std::vector<data::round_facts> fill(data::connection& db, data::ledger& store, int endpoints, int rounds)
{
    const auto first = *data::parse_time("2026-08-01T02:30:00Z");
    for (int r = 0; r < regions; ++r) store.region("r" + std::to_string(r), "", "");
    std::vector<std::int64_t> ids;
    {
        data::transaction all(db);
        for (int e = 0; e < endpoints; ++e) {
            const auto host = "e" + std::to_string(e) + ".example";
            ids.push_back(store.endpoint({"https://" + host + "/mcp", host + "/mcp", "https://" + host + "/mcp", host, host, false}, first));
        }
        auto manifest = db.prepare("INSERT INTO manifest (id, full_hash, contract_hash, tool_count, json) VALUES (?1, ?2, ?2, 1, ?3)");
        auto answer = db.prepare("INSERT INTO answer (id, http_status, era, transport, protocol, server_name, server_version, capabilities, tool_count, manifest_id, final_url, auth_challenge, detail, "
                                 "warnings, key) VALUES (?1, 200, 2, 1, '2026-07-28', '', '', 'tools', 1, ?1, '', '', '', '', ?2)");
        for (int id = 1; id <= 2 * endpoints + 2; ++id) {
            const auto key = audit::sha256("tools " + std::to_string(id));
            manifest.execute(id, data::blob{key}, data::blob{data::deflate(R"([{"inputSchema":{"type":"object"},"name":"t)" + std::to_string(id) + "\"}]")});
            answer.execute(id, data::blob{key});
        }
        all.commit();
    }
    std::vector<data::round_facts> out;
    auto add = db.prepare("INSERT INTO cell (round_id, region_id, endpoint_id, reason_id, step, tries, waited_ms, times, answer_id) VALUES (?1, ?2, ?3, ?4, 5, 1, ?5, ?6, ?7)");
    const data::blob times{data::pack_times({12, 30, 41, 90, 30, 60})};
    for (int round = 1; round <= rounds; ++round) {
        out.push_back(store.freeze(first + std::chrono::days(round - 1), ids, "list", "bench", "bench", "{}"));
        data::transaction all(db);
        for (int region = 1; region <= regions; ++region)
            for (int e = 0; e < endpoints; ++e) {
                const auto why = reason_of(e, round, region);
                const bool good = data::is_good(data::class_of(why));
                add.execute(out.back().id, region, ids[static_cast<std::size_t>(e)], static_cast<std::int64_t>(why), 100 + mixed(static_cast<std::uint64_t>(e + region)) % 900, times,
                            good ? std::optional<std::int64_t>(contract_of(e, round, rounds)) : std::nullopt);
            }
        all.commit();
    }
    return out;
}

data::configuration configured(unsigned window)
{
    data::configuration config;
    for (int r = 0; r < regions; ++r) {
        data::region_source source;
        source.id = "r" + std::to_string(r);
        config.regions.push_back(source);
    }
    config.rollcall.window_rounds = window;
    return config;
}

int positive(const char* text) { return std::max(1, std::atoi(text)); }

}  // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a line at a time, also into a file
    const int endpoints = argc > 1 ? positive(argv[1]) : 10'000, rounds = argc > 2 ? positive(argv[2]) : 90;
    std::printf("judging %d endpoints x %d regions x %d rounds, %.1f million cells\n", endpoints, regions, rounds, static_cast<double>(endpoints) * rounds * regions / 1e6);
    decisions_alone(endpoints, rounds);

    const auto folder = std::filesystem::temp_directory_path() / ("bench-judge-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    {
        data::connection db((folder / "store.sqlite").string());
        data::ledger store(db, [](std::string_view text) { return audit::sha256(text); });
        auto begun = clock_type::now();
        const auto all = fill(db, store, endpoints, rounds);
        std::printf("  (filling the store: %.1f s)\n", seconds_since(begun));
        begun = clock_type::now();
        auto cpu = cpu_seconds();
        for (const auto& round : all) audit::commands::judge_round(store, configured(3), round);
        std::printf("  every night from the store, a window of 3 rounds: %8.2f s, %6.2f s a night (%.2f s of processor)\n", seconds_since(begun), seconds_since(begun) / rounds,
                    (cpu_seconds() - cpu) / rounds);
        begun = clock_type::now();
        cpu = cpu_seconds();
        audit::commands::judge_round(store, configured(static_cast<unsigned>(rounds)), all.back());
        const auto took = seconds_since(begun);
        std::printf("  one window of %d rounds from the store:           %8.2f s (%.2f s of processor; goal for 10,000 x 90: 10 s), %ld MB resident\n", rounds, took, cpu_seconds() - cpu, resident_mb());
    }
    std::filesystem::remove_all(folder);
    return 0;
}
