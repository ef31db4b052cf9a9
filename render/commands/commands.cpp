#include "render/commands/commands.hpp"

#include "render/commands/check_links.hpp"
#include "render/commands/site.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace rollcall::render {
namespace {

void add_site(CLI::App& app, site_options& o)
{
    auto& site = *app.add_subcommand("site", "Write the whole site into a folder, where only what changed is rewritten, or as one tar.");
    site.add_option("--db", o.db, "The store, a SQLite file that rollcall-audit wrote")->required();
    site.add_option("--out", o.out, "The folder of the site: empty, or written by this command before. A name that ends in .tar: the whole site as one file; -: the same to the standard output")->required();
    site.add_option("--base-url", o.base_url, "Where the site will be published, e.g. https://status.example.org/")->required();
    site.add_option("--now", o.now, "The moment to render for, e.g. 2026-11-21T02:30:00Z; default: the newest round's time");
    site.add_flag("--verify", o.verify, "Trust no list of what was written: render everything, and compare it with every byte of the folder");
    site.add_option("--threads", o.threads, "Threads that render; 0: as many as the machine runs at once")->capture_default_str();
    site.add_option("--templates", o.templates, "Folder of templates")->capture_default_str();
    site.add_option("--site", o.static_files, "Folder of static files")->capture_default_str();
    site.footer("Exit codes: 0 written, 2 wrong usage, 3 failed; after a failure the old site stands as it was.");
}

CLI::App& add_check_links(CLI::App& app, check_links_options& o)
{
    auto& check = *app.add_subcommand("check-links", "Find links of a written site that lead nowhere: files, folders, ids, pictures, styles, documents.");
    check.add_option("site", o.site, "The folder of the site, or its tar")->required();
    check.add_option("--base-url", o.base_url, "Where the site will be published: absolute links below it are checked as well");
    check.footer("One finding a line: page, line, link, what is wrong with it. Links to other sites are not followed.\n"
                 "Exit codes: 0 all lead somewhere, 1 some do not, 2 wrong usage, 3 the site cannot be read.");
    return check;
}

}  // namespace

int run_command_line(int argc, const char* const* argv)
{
    CLI::App app{"Renders a roll call's store as a static site: pages, JSON, badges and the report.", "rollcall-render"};
    app.require_subcommand(1);
    app.set_version_flag("--version", ROLLCALL_VERSION);
    site_options site;
    check_links_options links;
    add_site(app, site);
    const auto& check = add_check_links(app, links);
    try {
        app.parse(argc, argv);
        if (check.parsed()) return check_links_of(links) ? 0 : 1;
        render_site(site);
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
