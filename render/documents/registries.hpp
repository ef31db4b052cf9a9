// Registries: how each was read, what its list came to, and what became of its servers.
#pragma once

#include "render/documents/documents.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

// The servers on the roll that the registry lists, by slug.
std::vector<const entry*> listed_by(const roll& r, const std::string& registry);

// "registries/official/"; empty where the code cannot be a folder: then there is no page.
std::string registry_folder(const data::registry_row& g);

document registries_document(const roll& r);
document registry_document(const roll& r, const data::registry_row& g);

}  // namespace rollcall::render
