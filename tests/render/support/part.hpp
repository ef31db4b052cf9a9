// One part of a site, where the whole would take its time.
#pragma once

#include "render/pages/writer.hpp"

#include <map>
#include <string>

namespace rollcall::render::tests {

using files = std::map<std::string, std::string>;

// What `write` writes of the edition, with the committed templates.
inline files part_of(const data::edition& e, void (*write)(const page_writer&))
{
    static const template_set templates(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "templates");
    files out;
    const auto r = call_roll(e, "https://status.example.org/");
    const sink put = [&](const std::string& path, std::string bytes) { out[path] = std::move(bytes); };
    write(page_writer(r, templates, put));
    return out;
}

}  // namespace rollcall::render::tests
