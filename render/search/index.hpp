// What a browser searches and filters the whole roll by: one document of columns, a row a server in the order of its
// slugs, and its nights beside it. They are asked for when somebody begins to search, never before.
#pragma once

#include "render/documents/documents.hpp"
#include "render/search/facet.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

// Where the last roll call is told in a row of a list: the mark's label, and what says more than that does.
struct said { data::state state; std::string label, why; };

// Of these slugs in this order: other documents that name servers by their row say it, too.
std::string roll_mark(const roll& r);

document search_document(const roll& r, const std::vector<facet>& facets, const std::vector<said>& said, const std::vector<std::string>& tool_shards);
// The last `uptime_nights` of each server, a digit a night (the state's place in `states`, "-": no roll call).
document search_nights_document(const roll& r);

}  // namespace rollcall::render
