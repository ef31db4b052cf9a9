// What a cell costs: bytes on disk, and time to write and to merge.
//
//   bench-store [CELLS]     so many cells (a million) of 10,000 endpoints from five regions, night after night
//
// The nights are made up and the same each time, after what was seen of real ones: of 10,000 servers 36 % answer, and of
// those one in a hundred answers otherwise than the night before; one in ten is reached at another address from night to
// night; each region reaches a third of them at an address of its own. Manifests and transcripts are counted apart:
// they have their own retention, and are no part of a cell.
#include "audit/net/tls.hpp"
#include "data/store/codec.hpp"
#include "data/store/ledger.hpp"
#include "data/store/merge.hpp"
#include "data/store/prune.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

using namespace rollcall;
namespace fs = std::filesystem;

namespace {

constexpr int endpoints = 10'000, regions = 5;

using clock_type = std::chrono::steady_clock;
double seconds_since(clock_type::time_point begun) { return std::chrono::duration<double>(clock_type::now() - begun).count(); }

double cpu_seconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

std::string digest(std::string_view text) { return audit::sha256(text); }

// Spreads a number: the same on every machine.
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

data::cell cell_of(int endpoint, int region, int night)
{
    const auto who = static_cast<std::uint64_t>(endpoint);
    const auto roll = [&](std::uint64_t salt, std::uint64_t of) { return mixed(who * 1'000'003 + salt) % of; };
    const auto tonight = [&](std::uint64_t salt, std::uint64_t of) {
        return mixed((who * 64 + static_cast<std::uint64_t>(region)) * 4096 + static_cast<std::uint64_t>(night) * 16 + salt) % of;
    };
    const auto kind = roll(1, 100);
    data::cell c;
    using data::reason;
    c.why = kind < 36 ? reason::ok : kind < 49 ? reason::auth_challenge : kind < 64 ? reason::http_404 : kind < 70 ? reason::html : kind < 88 ? reason::dns_nxdomain : reason::tcp_timeout;
    if (tonight(1, 200) == 0) c.why = reason::http_5xx;
    const bool connected = c.why != reason::dns_nxdomain && c.why != reason::tcp_timeout;
    c.reached = c.why == reason::ok ? data::step::tools : connected ? data::step::http : c.why == reason::tcp_timeout ? data::step::connect : data::step::resolve;
    c.tries = c.why == reason::tcp_timeout || c.why == reason::http_5xx ? 2 : 1;
    for (std::size_t s = 0; s <= static_cast<std::size_t>(c.reached); ++s) c.ms[s] = static_cast<std::uint32_t>(5 + tonight(2 + s, 400));
    c.waited_ms = static_cast<std::uint32_t>(80 + tonight(9, 1200));
    if (!connected) return c;
    c.answer.http_status = c.why == reason::ok ? 200 : c.why == reason::auth_challenge ? 401 : 404;
    c.answer.detail = c.why == reason::http_404 ? "404 Not Found" : "";
    if (c.why == reason::ok) {
        const auto changed = roll(5, 100) == 0 ? static_cast<std::uint64_t>(night) : 0;
        c.answer.era = data::era::legacy;
        c.answer.transport = data::transport::streamable_http;
        c.answer.protocol_version = "2025-06-18";
        c.answer.server_name = "server-of-somebody-" + std::to_string(endpoint);
        c.answer.server_version = "1.2." + std::to_string(changed);
        c.answer.capabilities = {"logging", "prompts", "resources", "tools"};
        c.answer.tool_count = static_cast<std::uint32_t>(1 + roll(6, 30));
        c.answer.contract_hash = data::to_hex(digest("contract " + std::to_string(endpoint)));
        c.answer.full_hash = data::to_hex(digest("full " + std::to_string(endpoint)));
    }
    const auto place = roll(7, 3) == 0 ? static_cast<std::uint64_t>(region) : 0;
    const auto moved = roll(8, 10) == 0 ? static_cast<std::uint64_t>(night) : 0;
    const auto address = mixed(who * 977 + place * 31 + moved);
    c.path = {"203.0." + std::to_string(address % 250) + "." + std::to_string(address / 250 % 250), "edge-" + std::to_string(roll(3, 40)) + ".cdn.example", "TLSv1.3", "Let's Encrypt",
              1'790'000'000 + static_cast<std::int64_t>(roll(4, 90)) * 86'400};
    return c;
}

std::uintmax_t size_of(const fs::path& file)
{
    std::error_code none;
    const auto log = fs::file_size(file.string() + "-wal", none);
    return fs::file_size(file) + (none ? 0 : log);
}

struct world {
    data::connection db;
    data::ledger store;
    std::vector<std::int64_t> ids;

    explicit world(const fs::path& file) : db(file.string()), store(db, digest)
    {
        data::transaction all(db);
        for (int e = 0; e < endpoints; ++e) {
            const auto host = "server-" + std::to_string(e) + ".example.com";
            ids.push_back(store.endpoint({"https://" + host + "/mcp", host + "/mcp", "https://" + host + "/mcp", host, "example.com", false}, data::time_point{}));
        }
        for (int r = 0; r < regions; ++r) store.region("region-" + std::to_string(r), "", "");
        all.commit();
    }
};

// A night's cells in the order in which probes end: any.
void probe(world& w, std::int64_t round, int night, std::vector<std::pair<int, int>>& order, std::size_t most)
{
    std::shuffle(order.begin(), order.end(), std::mt19937_64(static_cast<std::uint64_t>(night)));
    for (std::size_t i = 0; i < std::min(most, order.size());) {
        data::transaction batch(w.db);
        for (const auto end = std::min({i + 500, most, order.size()}); i < end; ++i)
            w.store.record(round, order[i].second + 1, w.ids[static_cast<std::size_t>(order[i].first)], cell_of(order[i].first, order[i].second, night));
        batch.commit();
    }
}

}  // namespace

int main(int argc, char** argv)
try {
    const auto cells = static_cast<std::size_t>(argc > 1 ? std::atoll(argv[1]) : 1'000'000);
    const auto folder = fs::temp_directory_path() / ("rollcall-bench-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    const auto file = folder / "store.sqlite", copy = folder / "copy.sqlite";
    std::vector<std::pair<int, int>> order;
    for (int e = 0; e < endpoints; ++e)
        for (int r = 0; r < regions; ++r) order.emplace_back(e, r);

    double writing = 0, busy = 0;
    std::uintmax_t empty = 0;
    {
        world w(file);
        w.db.run("PRAGMA wal_checkpoint(TRUNCATE)");
        empty = size_of(file);
        // What making the cells costs is no part of storing them.
        const auto making_begun = cpu_seconds();
        std::size_t sink = 0;
        for (int e = 0; e < endpoints; ++e) sink += cell_of(e, e % regions, 1).tries;
        const double making = (cpu_seconds() - making_begun) / endpoints * static_cast<double>(cells) + static_cast<double>(sink > 0 ? 0 : 1);

        std::size_t left = cells;
        for (int night = 0; left > 0; ++night) {
            const auto at = data::time_point(std::chrono::days(20'000 + night));
            const auto round = w.store.freeze(at, w.ids, "list", "bench", "config", "{}");
            const auto begun = clock_type::now();
            const auto cpu = cpu_seconds();
            probe(w, round.id, night, order, left);
            writing += seconds_since(begun);
            busy += cpu_seconds() - cpu;
            left -= std::min(left, order.size());
        }
        writing -= making;
        busy -= making;
        w.db.run("PRAGMA wal_checkpoint(TRUNCATE)");
        const auto lists = std::get<0>(*w.db.prepare("SELECT count(*) FROM frozen").row<std::int64_t>());
        const auto live = size_of(file) - empty;
        data::publish_copy(w.db, copy);
        const auto compact = fs::file_size(copy) - empty;
        const auto n = static_cast<double>(cells);
        std::printf("%zu cells of %d endpoints from %d regions, with their answers and paths, and %lld rows of frozen lists\n", cells, endpoints, regions, static_cast<long long>(lists));
        std::printf("on disk           %8.1f bytes a cell as written, %.1f in the published copy   (goal: 60)\n", static_cast<double>(live) / n, static_cast<double>(compact) / n);
        for (const char* table : {"cell", "answer", "path", "frozen"}) {
            const auto size = w.db.prepare("SELECT sum(pgsize) FROM dbstat WHERE name = ?1 OR name LIKE 'sqlite_autoindex_' || ?1 || '%'").row<std::int64_t>(table);
            std::printf("    %-13s %8.1f\n", table, static_cast<double>(std::get<0>(*size)) / n);
        }
        std::printf("written           %8.0f cells a second, %.0f a second of processor time        (goal: 50000)\n", n / writing, n / busy);
    }
    {
        // Five region files of one night into a store with all the nights before.
        world main(folder / "main.sqlite");
        const auto round = main.store.freeze(data::time_point(std::chrono::days(30'000)), main.ids, "list", "bench", "config", "{}");
        std::vector<fs::path> parts;
        for (int r = 0; r < regions; ++r) {
            parts.push_back(folder / ("region-" + std::to_string(r) + ".sqlite"));
            data::write_shard(main.db, round.id, parts.back());
            data::connection db(parts.back().string());
            data::ledger store(db, digest);
            data::transaction all(db);
            for (int e = 0; e < endpoints; ++e) store.record(round.id, r + 1, main.ids[static_cast<std::size_t>(e)], cell_of(e, r, 1));
            all.commit();
        }
        auto begun = clock_type::now();
        const auto told = data::merge_into(main.db, parts, digest, data::time_point{});
        std::printf("merged            %8.0f cells a second, five files\n", static_cast<double>(told.added) / seconds_since(begun));
        begun = clock_type::now();
        data::merge_into(main.db, parts, digest, data::time_point{});
        std::printf("merged once more  %8.0f cells a second, nothing new\n", static_cast<double>(told.added) / seconds_since(begun));
    }
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    std::printf("peak memory       %8.0f MiB\n", static_cast<double>(used.ru_maxrss) / 1024);
    fs::remove_all(folder);
} catch (const std::exception& e) {
    std::fprintf(stderr, "bench-store: %s\n", e.what());
    return 3;
}
