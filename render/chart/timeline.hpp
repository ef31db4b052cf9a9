// How many of some servers answered at each roll call: a column a night.
#pragma once

#include "render/documents/documents.hpp"
#include "render/templating/template_set.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

struct tallied_night { data::time_point at; std::int64_t answering = 0, failing = 0, unmeasured = 0; };

// Columns as SVG, oldest on the left: from the bottom those that answered, then those that did not, then those that
// were not measured. At most the last 60 nights; with the same as a table. `title` states the finding.
std::string timeline_html(const template_set& t, const std::string& title, const std::vector<tallied_night>& nights);

}  // namespace rollcall::render
