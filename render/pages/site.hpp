// Everything that is published: pages, documents and badges of one roll.
#pragma once

#include "render/documents/roll.hpp"
#include "render/templating/template_set.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace rollcall::render {

// Takes one file: its path below the site's root, and its bytes.
using sink = std::function<void(const std::string& path, std::string bytes)>;

// Renders the whole site into `put`, one file after the other: pages, API documents, badges, the report and the
// static files below `static_folder`. The same roll, templates and static files give the same files.
void build(const roll& r, const template_set& t, const std::filesystem::path& static_folder, const sink& put);

}  // namespace rollcall::render
