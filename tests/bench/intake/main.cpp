// Time and memory of an intake.
//
//   bench-intake [ROWS]            a registry of so many rows (100,000) in pages of a hundred: read, made canonical, stored, frozen
//   bench-intake KIND FILE...      saved pages of a kind: rows, accepted, rejected by reason, time
#include "audit/intake/intake.hpp"
#include "audit/net/tls.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

using namespace rollcall;
using namespace rollcall::audit;

namespace {

using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point begun) { return std::chrono::duration<double>(clock_type::now() - begun).count(); }

double peak_mib()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss) / 1024;
}

// Rows as registries write them: a README that nobody reads, two thirds of the names with a remote, one in eight on one
// host, some templated. Made on demand, so that no list of them counts as our memory.
std::string row(std::size_t n)
{
    const std::string number = std::to_string(n), host = n % 8 == 0 ? "gateway.bench.dev" : "s" + number + ".bench.dev";
    std::string out = R"({"server":{"name":"dev.bench/server-)" + number + R"(","title":"Server )" + number + R"(","description":"What number )" + number +
                      R"( does, in a sentence of the usual length, or two.","version":"1.0.)" + std::to_string(n % 50) +
                      R"(","repository":{"url":"https://github.com/bench/server-)" + number + R"(","source":"github","readme":")" + std::string(1500, 'r') + "\"}";
    if (n % 3 != 2) {
        out += R"(,"remotes":[{"type":"streamable-http","url":"https://)" + host + "/" + (n % 90 == 0 ? "{tenant}/" : "") + "mcp/" + number + "\"";
        if (n % 5 == 0) out += R"(,"headers":[{"name":"Authorization","isRequired":true,"isSecret":true}])";
        out += "}]";
    }
    return out + R"(},"_meta":{"io.modelcontextprotocol.registry/official":{"status":"active","publishedAt":"2026-08-01T00:00:00Z","updatedAt":"2026-08-01T00:00:00Z","isLatest":true}}})";
}

page_source registry_of(std::size_t rows)
{
    return [rows, next = std::make_shared<std::size_t>(0)](const std::string&) -> std::variant<std::string, page_error> {
        std::string out = R"({"servers":[)";
        const auto first = *next, last = std::min(rows, first + 100);
        for (auto n = first; n < last; ++n) (out += n == first ? "" : ",") += row(n);
        *next = last;
        return out + R"(],"metadata":{"count":)" + std::to_string(last - first) + (last < rows ? R"(,"nextCursor":"c:)" + std::to_string(last) + "\"" : "") + "}}";
    };
}

int whole_intake(std::size_t rows)
{
    const auto folder = std::filesystem::temp_directory_path() / ("rollcall-bench-" + std::to_string(std::random_device()()));
    std::filesystem::create_directories(folder);
    {
        data::connection db((folder / "store.sqlite").string());
        data::ledger store(db, [](std::string_view text) { return sha256(text); });
        data::configuration config;
        data::registry_source source;
        source.id = source.name = "bench";
        source.kind = "mcp-registry";
        source.url = "https://registry.bench.dev/v0.1/servers";
        config.registries.push_back(source);
        intake_options how;
        // A reading stops at 2,000 pages.
        how.pages = [rows](const data::registry_source&) { return registry_of(std::min<std::size_t>(rows, 200'000)); };
        how.say = [](const std::string& line) { std::cout << line << '\n'; };
        for (const char* night : {"2026-11-20T02:30:00Z", "2026-11-21T02:30:00Z"}) {
            const auto begun = clock_type::now();
            const auto taken = take_in(store, config, *data::parse_time(night), "bench", how);
            std::cout << "  " << (std::string_view(night).substr(0, 10)) << ": " << rows << " rows, " << taken.round.frozen << " frozen in " << seconds_since(begun)
                      << " s; peak memory " << peak_mib() << " MiB\n";
        }
        const auto begun = clock_type::now();
        const auto read = read_registry(*find_adapter("mcp-registry"), source.url, registry_of(rows));
        std::cout << "  reading alone: " << read.rows << " rows in " << seconds_since(begun) << " s\n";
        std::cout << "  store: " << static_cast<double>(std::filesystem::file_size(folder / "store.sqlite")) / (1 << 20) << " MiB\n";
    }
    std::filesystem::remove_all(folder);
    return 0;
}

std::string text_of(const std::string& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

int saved_pages(const adapter& format, const std::vector<std::string>& files)
{
    for (const auto& file : files) {
        const auto text = text_of(file);
        const auto begun = clock_type::now();
        const auto r = read_registry(format, file, [&](const std::string&) { return std::variant<std::string, page_error>(text); }, {1, 1u << 30});
        const auto took = seconds_since(begun);
        std::size_t remotes = 0;
        for (const auto& l : r.listings) remotes += l.remotes.size();
        std::cout << file << ": " << r.outcome << ", " << r.rows << " rows = " << r.listings.size() << " listings + " << r.superseded << " superseded + "
                  << r.duplicates << " seen twice + " << r.rejected_rows << " rejected";
        for (const auto& [code, n] : r.rejections) std::cout << ' ' << code << ' ' << n;
        std::cout << "; " << remotes << " remotes; " << took * 1000 << " ms\n";
        if (!r.problem.empty()) std::cout << "    " << r.problem << '\n';
        for (std::size_t i = 0; i < std::min<std::size_t>(r.notes.size(), 3); ++i) std::cout << "    note " << r.notes[i] << '\n';
        if (r.rows != r.listings.size() + r.superseded + r.duplicates + r.rejected_rows) {
            std::cout << "    ROWS ARE LOST\n";
            return 1;
        }
        if (std::getenv("BENCH_LISTINGS"))
            for (const auto& l : r.listings)
                for (const auto& remote : l.remotes) std::cout << "    " << remote.url << " | " << l.title << (remote.declared_auth ? " | auth" : "") << '\n';
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    std::cout.precision(4);
    const std::vector<std::string> args(argv + 1, argv + argc);
    if (!args.empty())
        if (const auto* format = find_adapter(args.front())) return saved_pages(*format, {args.begin() + 1, args.end()});
    return whole_intake(args.empty() ? 100'000 : std::stoul(args.front()));
}
