#include "render/commands/site.hpp"

#include "data/store/reader.hpp"
#include "render/commands/inputs.hpp"
#include "render/pages/site.hpp"
#include "render/publish/publisher.hpp"
#include "render/publish/tar_file.hpp"

#include <functional>
#include <iostream>

namespace rollcall::render {
namespace {

using moment = std::optional<data::time_point>;

moment moment_of(const site_options& o)
{
    if (o.now.empty()) return {};
    if (const auto now = data::parse_time(o.now)) return now;
    throw usage_error("--now: '" + o.now + "' is no time; write 2026-11-21T02:30:00Z or 2026-11-21");
}

// The moment that the site tells of, and what takes its files.
using prepare = std::function<sink(data::time_point)>;

void render_into(const site_options& o, const moment& now, const prepare& prepared)
{
    const template_set templates(o.templates);
    const auto edition = data::read_edition(o.db);
    const auto roll = call_roll(edition, o.base_url, now);
    for (const auto& slug : roll.refused) std::cerr << "left out, its slug is not safe as a path: " << slug << '\n';
    build(roll, templates, o.static_files, prepared(roll.newest ? roll.newest->at : data::time_point{}), o.threads);
}

void into_folder(const site_options& o, const moment& now)
{
    const inputs from(o.db, {o.templates, o.static_files}, {o.base_url, o.now});
    std::optional<publisher> out;
    const auto open = [&] { out.emplace(o.out, o.verify ? publisher::trust::nothing : publisher::trust::list); };
    if (std::filesystem::exists(o.out)) open();
    if (out && out->holds_site_of(from.digest())) {
        std::cout << out->listed() << " files: 0 written, " << out->listed() << " unchanged, 0 removed\n";
        return;
    }
    render_into(o, now, [&](data::time_point) {
        if (!out) open();
        return [&](const std::string& path, std::string bytes) { out->put(path, bytes); };
    });
    const auto c = out->finish(from.still_hold() ? from.digest() : std::string());
    std::cout << c.files << " files: " << c.written << " written, " << c.unchanged << " unchanged, " << c.removed << " removed\n";
}

void into_tar(const site_options& o, const moment& now)
{
    std::optional<tar_file> out;
    render_into(o, now, [&](data::time_point at) {
        out.emplace(o.out, at.time_since_epoch().count());
        return [&](const std::string& path, std::string bytes) { out->put(path, bytes); };
    });
    const auto c = out->finish();
    (o.out == "-" ? std::cerr : std::cout) << c.files << " files, " << c.bytes << " bytes, as one tar\n";
}

}  // namespace

void require_web_url(const std::string& option, const std::string& url)
{
    if (!url.starts_with("https://") && !url.starts_with("http://")) throw usage_error(option + ": '" + url + "' is no http or https URL");
}

void render_site(const site_options& o)
{
    const auto now = moment_of(o);
    require_web_url("--base-url", o.base_url);
    const bool tar = o.out == "-" || o.out.ends_with(".tar");
    if (tar && o.verify) throw usage_error("--verify: a tar is always written anew; only a folder can be verified");
    tar ? into_tar(o, now) : into_folder(o, now);
}

}  // namespace rollcall::render
