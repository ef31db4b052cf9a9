// What a large site costs: rendered into an empty folder, again, and as one tar, beside plain code that writes the same
// bytes.
//
//   bench-render [SERVERS]                10,000 servers with ninety nights, from five regions; the goals are for them
//   bench-render SERVERS --store FILE     only writes the store, for looking at a large site
//   bench-render --tar SERVERS ...        only the memory, the size and the time of each as one tar: 10000 20000
#include "tests/bench/render/crowd.hpp"
#include "tests/bench/render/floor.hpp"
#include "tests/bench/render/measured.hpp"

#include "data/store/sqlite.hpp"
#include "render/commands/commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace rollcall;
namespace fs = std::filesystem;

namespace {

constexpr const char* base_url = "https://status.example.org/rollcall/";

int run(const std::vector<std::string>& words)
{
    std::vector<const char*> arguments{"rollcall-render"};
    for (const auto& w : words) arguments.push_back(w.c_str());
    return render::run_command_line(static_cast<int>(arguments.size()), arguments.data());
}

void quietly(const std::vector<std::string>& words, int most = 0)
{
    const auto nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    if (run(words) > most) throw std::runtime_error("rollcall-render " + words.front() + " failed");
}

void render_site(const fs::path& store, const fs::path& out) { quietly({"site", "--db", store.string(), "--out", out.string(), "--base-url", base_url}); }

// So that nothing can be told from the inputs alone, while the site comes to the same bytes.
void touch(const fs::path& store)
{
    data::connection db(store.string());
    db.run("INSERT OR REPLACE INTO setting VALUES ('touched', 'for the bench')");
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

struct figures { bench::cost cold, again, anew, tar, links, floor_files, floor_tar; };

void tell(const char* what, const bench::cost& c, std::size_t files)
{
    std::printf("%-28s %8.2f s %8.2f s of processor %10.0f files/s %7.0f MiB\n", what, c.seconds, c.cpu_seconds, static_cast<double>(files) / c.seconds, c.peak_mib);
}

void compare(const figures& f, std::size_t servers)
{
    std::printf("\nagain, nothing changed       %8.1f %% of the first                   (goal: 5)\n", 100 * f.again.seconds / f.cold.seconds);
    std::printf("again, all rendered anew     %8.1f %% of the first\n", 100 * f.anew.seconds / f.cold.seconds);
    std::printf("tar                          %8.1f times as fast as files            (goal: 5)\n", f.cold.seconds / f.tar.seconds);
    std::printf("files over their floor       %8.2f of the wall clock, %.2f of the processor (goal: 1.2)\n", f.cold.seconds / f.floor_files.seconds, f.cold.cpu_seconds / f.floor_files.cpu_seconds);
    std::printf("a server                     %8.2f ms of processor rendered, %.2f written by the floor\n", 1000 * f.tar.cpu_seconds / static_cast<double>(servers),
                1000 * f.floor_files.cpu_seconds / static_cast<double>(servers));
    std::printf("tar over its floor           %8.2f of the wall clock\n", f.tar.seconds / f.floor_tar.seconds);
    std::printf("peak memory                  %8.0f MiB                               (goal at 10,000: 200)\n", std::max({f.cold.peak_mib, f.again.peak_mib, f.anew.peak_mib, f.tar.peak_mib}));
}

void measure(std::size_t servers, const fs::path& folder)
{
    const auto store = folder / "store.sqlite", site = folder / "site", tar = folder / "site.tar", floor = folder / "floor";
    const auto filling = bench::measured([&] { bench::write_crowd(store, {servers}); });
    std::printf("%zu servers, 90 nights, 5 regions; the store has %.0f MiB (made in %.0f s)\n\n", servers, static_cast<double>(fs::file_size(store)) / (1 << 20), filling.seconds);

    figures f{};
    f.tar = bench::measured([&] { render_site(store, tar); });
    const auto size = bench::sizes_of(tar);
    tell("tar", f.tar, size.files);
    f.cold = bench::measured([&] { render_site(store, site); });
    tell("files, into an empty folder", f.cold, size.files);
    f.again = bench::measured([&] { render_site(store, site); });
    tell("again, nothing changed", f.again, size.files);
    touch(store);
    f.anew = bench::measured([&] { render_site(store, site); });
    tell("again, all rendered anew", f.anew, size.files);
    f.links = bench::measured([&] { quietly({"check-links", tar.string(), "--base-url", base_url}, 1); });
    tell("check-links of the tar", f.links, size.files);
    fs::remove_all(site);
    f.floor_files = bench::measured([&] { bench::unpack_plainly(tar, floor); });
    tell("floor: these files", f.floor_files, size.files);
    f.floor_tar = bench::measured([&] { bench::copy_plainly(tar, folder / "copy.tar"); });
    tell("floor: this tar", f.floor_tar, size.files);
    std::printf("\n%zu files, %zu pages (%.0f a second as tar), %.1f MiB, %.1f KiB a server\n", size.files, size.pages, static_cast<double>(size.pages) / f.tar.seconds,
                static_cast<double>(size.bytes) / (1 << 20), static_cast<double>(size.bytes) / 1024 / static_cast<double>(servers));
    compare(f, servers);
}

// What a site of so many servers weighs, beside what a host of pages takes.
void weigh(std::size_t servers, const fs::path& folder)
{
    constexpr double limit = 1e9;
    const auto store = folder / "store.sqlite", tar = folder / "site.tar";
    bench::write_crowd(store, {servers});
    const auto cost = bench::measured([&] { render_site(store, tar); });
    const auto size = bench::sizes_of(tar);
    std::printf("%6zu servers: peak memory %4.0f MiB, %6.2f ms of processor a server, %zu files, %zu pages, %.1f MB (%.0f %% of 1 GB; the tar %.0f %%), %.1f KB a server\n", servers, cost.peak_mib,
                1000 * cost.cpu_seconds / static_cast<double>(servers), size.files, size.pages, static_cast<double>(size.bytes) / 1e6, 100 * static_cast<double>(size.bytes) / limit,
                100 * static_cast<double>(fs::file_size(tar)) / limit, static_cast<double>(size.bytes) / 1e3 / static_cast<double>(servers));
}

std::size_t count_of(const char* word) { return static_cast<std::size_t>(std::max(1, std::atoi(word))); }

}  // namespace

int main(int argc, char** argv)
try {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const bool only_tar = argc > 2 && std::string(argv[1]) == "--tar";
    const auto servers = argc > 1 && !only_tar ? count_of(argv[1]) : 10'000;
    if (argc == 4 && std::string(argv[2]) == "--store") {
        bench::write_crowd(argv[3], {servers});
        return 0;
    }
    const auto folder = fs::temp_directory_path() / ("bench-render-" + std::to_string(getpid()));
    fs::create_directories(folder);
    if (!only_tar) measure(servers, folder);
    for (int i = 2; only_tar && i < argc; ++i) weigh(count_of(argv[i]), folder);
    fs::remove_all(folder);
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "bench-render: %s\n", e.what());
    return 3;
}
