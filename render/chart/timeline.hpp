// How many of some servers answered at each roll call: a column a night.
#pragma once

#include "render/chart/figure.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

struct tallied_night { data::time_point at; std::int64_t answering = 0, failing = 0, unmeasured = 0; };

// Columns, oldest on the left: from the bottom those that answered, then those that did not, then those that were not
// measured. At most the last 60 nights; with the same as a table. `finding` is the title; `data` the CSV, below the
// root; `failed` what those did that did not do well.
figure timeline_figure(const std::string& finding, const std::vector<tallied_night>& nights, const std::string& data, const char* failed = "did not answer");

}  // namespace rollcall::render
