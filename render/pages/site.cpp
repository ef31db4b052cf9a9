#include "render/pages/site.hpp"

#include "render/chart/chart.hpp"
#include "render/pages/writer.hpp"
#include "render/report/report.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>
#include <vector>

namespace rollcall::render {
namespace {

// So many servers are a part of the work that is done side by side.
constexpr std::size_t servers_at_once = 50;

void write_servers(const page_writer& w, std::size_t first)
{
    const auto& all = w.roll().entries;
    for (auto i = first; i < std::min(all.size(), first + servers_at_once); ++i) write_server(w, all[i]);
}

void write_report(const page_writer& w)
{
    const auto& r = w.roll();
    document reports = document::array();
    if (r.newest) {
        const auto report = report_of(r, w.templates());
        const auto folder = "reports/" + report.quarter + "/";
        w.page({folder + "index.html", report.title, report.description, "reports"}, "report.html",
               {{"body", report.html}, {"title", report.title}, {"when", moment(r.newest->at)}});
        for (const auto& [id, text] : report.figures) w.file(folder + "figures/" + id + ".csv", text);
        reports.push_back({{"folder", folder}, {"title", report.title}, {"description", report.description}});
    }
    w.page({"reports/index.html", "Reports", "The state of the MCP registries, quarter by quarter.", "reports"}, "reports.html",
           {{"reports", reports}});
}

// Everything the site consists of beside the servers. A new kind of page is a row here, a function, and a template. The
// parts run side by side, so none may change what another one reads.
constexpr void (*parts[])(const page_writer&) = {
    write_overview, write_lists, write_search, write_badges, write_stand_ins, write_report, write_incidents, write_incident_feed, write_platforms, write_registries, write_regions, write_drift, write_docs, write_method, write_hand_written, write_well_known, write_api,
};

std::string bytes_of(const std::filesystem::path& f)
{
    std::ifstream in(f, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) throw std::runtime_error("cannot read " + f.string());
    return bytes;
}

// The folders whose files are one file of the site: written by subject, asked for once.
struct joined { const char* folder; const char* path; };
constexpr joined joined_folders[] = {{"styles", "assets/rollcall.css"}, {"scripts", "assets/rollcall.js"}};

// Without what only its authors read: indentation, lines that are a comment, empty lines. So no text in these files may
// run over the end of a line.
std::string lean(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (line.empty() || line.starts_with("//") || (line.starts_with("/*") && line.find("*/") == line.size() - 2)) continue;
        out.append(line) += '\n';
    }
    return out;
}

void copy_static(const std::filesystem::path& folder, const sink& put)
{
    if (!std::filesystem::is_directory(folder)) throw std::runtime_error(folder.string() + ": no folder of static files");
    std::vector<std::filesystem::path> files;
    for (const auto& f : std::filesystem::recursive_directory_iterator(folder))
        if (f.is_regular_file()) files.push_back(f.path());
    std::ranges::sort(files);
    std::map<std::string, std::string> whole;
    for (const auto& f : files) {
        const auto relative = f.lexically_relative(folder);
        const auto* j = std::ranges::find(joined_folders, *relative.begin(), &joined::folder);
        if (j == std::end(joined_folders)) put(relative.generic_string(), bytes_of(f));
        else whole[j->path] += lean(bytes_of(f));
    }
    for (auto& [path, bytes] : whole) put(path, std::move(bytes));
}

}  // namespace

void write_api(const page_writer& w)
{
    const auto summary = summary_document(w.roll());
    w.file("api/v1/summary.json", published(summary));
    w.file("api/v1/servers.json", published(servers_document(w.roll())));
    auto states = document::array();
    for (const auto& [state, count] : summary["states"].items()) states.push_back({{"state", state}, {"count", count}});
    w.file("figures/states.csv", csv(states));
    w.file("figures/buckets.csv", csv(summary["buckets"]));
    w.file("figures/trend.csv", csv(summary["trend"]));
    w.file("figures/reasons.csv", csv(summary["reasons"]));
}

void build(const roll& r, const template_set& t, const std::filesystem::path& static_folder, const sink& put, unsigned threads)
{
    const page_writer w(r, t, put);
    std::vector<site_part> work;
    for (const auto write : parts) work.emplace_back([&w, write](const sink& to) { write({w, to}); });
    for (std::size_t first = 0; first < r.entries.size(); first += servers_at_once)
        work.emplace_back([&w, first](const sink& to) { write_servers({w, to}, first); });
    work.emplace_back([&](const sink& to) { copy_static(static_folder, to); });
    side_by_side(work, put, threads > 0 ? threads : std::thread::hardware_concurrency());
}

}  // namespace rollcall::render
