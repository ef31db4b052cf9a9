#include "render/commands/commands.hpp"

#include "data/store/reader.hpp"
#include "render/pages/site.hpp"
#include "render/publish/publisher.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

namespace rollcall::render {
namespace {

struct site_options {
    std::filesystem::path db, out;
    std::string base_url, now;
    std::filesystem::path templates = ROLLCALL_TEMPLATES_DIR, static_files = ROLLCALL_SITE_DIR;
};

struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void render_site(const site_options& o)
{
    std::optional<data::time_point> now;
    if (!o.now.empty()) {
        now = data::parse_time(o.now);
        if (!now) throw usage_error("--now: '" + o.now + "' is no time; write 2026-11-21T02:30:00Z or 2026-11-21");
    }
    if (!o.base_url.starts_with("https://") && !o.base_url.starts_with("http://"))
        throw usage_error("--base-url: '" + o.base_url + "' is no http or https URL");
    const template_set templates(o.templates);
    const auto edition = data::read_edition(o.db);
    const auto roll = call_roll(edition, o.base_url, now);
    for (const auto& slug : roll.refused) std::cerr << "left out, its slug is not safe as a path: " << slug << '\n';
    publisher out(o.out);
    build(roll, templates, o.static_files, [&](const std::string& path, std::string bytes) { out.put(path, bytes); });
    const auto c = out.finish();
    std::cout << c.files << " files: " << c.written << " written, " << c.unchanged << " unchanged, " << c.removed << " removed\n";
}

}  // namespace

int run_command_line(int argc, const char* const* argv)
{
    CLI::App app{"Renders a roll call's store as a static site: pages, JSON, badges and the report.", "rollcall-render"};
    app.require_subcommand(1);
    app.set_version_flag("--version", ROLLCALL_VERSION);
    site_options o;
    auto& site = *app.add_subcommand("site", "Write the whole site into a folder; only what changed is rewritten.");
    site.add_option("--db", o.db, "The store, a SQLite file that rollcall-audit wrote")->required();
    site.add_option("--out", o.out, "The folder of the site; empty, or written by this command before")->required();
    site.add_option("--base-url", o.base_url, "Where the site will be published, e.g. https://status.example.org/")->required();
    site.add_option("--now", o.now, "The moment to render for, e.g. 2026-11-21T02:30:00Z; default: the newest round's time");
    site.add_option("--templates", o.templates, "Folder of templates")->capture_default_str();
    site.add_option("--site", o.static_files, "Folder of static files")->capture_default_str();
    site.footer("Exit codes: 0 written, 2 wrong usage, 3 failed; after a failure the old site stands as it was.");
    try {
        app.parse(argc, argv);
        render_site(o);
        return 0;
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    } catch (const usage_error& e) {
        std::cerr << "rollcall-render: " << e.what() << '\n';
        return 2;
    } catch (const std::exception& e) {
        std::cerr << "rollcall-render: " << e.what() << '\n';
        return 3;
    }
}

}  // namespace rollcall::render
