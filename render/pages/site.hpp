// Everything that is published: pages, documents and badges of one roll.
#pragma once

#include "render/documents/roll.hpp"
#include "render/publish/side_by_side.hpp"
#include "render/templating/template_set.hpp"

#include <filesystem>

namespace rollcall::render {

// Renders the whole site into `put`, one file after the other: pages, API documents, badges, the report and the
// static files below `static_folder`. The same roll, templates and static files give the same files in the same order,
// whatever the number of threads; 0: as many as the machine runs at once.
void build(const roll& r, const template_set& t, const std::filesystem::path& static_folder, const sink& put, unsigned threads = 0);

}  // namespace rollcall::render
