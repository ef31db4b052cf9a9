// The quarterly report, or the preview of the running quarter: prose from Markdown, tables and figures put into it.
#pragma once

#include "render/documents/documents.hpp"
#include "render/templating/template_set.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rollcall::render {

struct report {
    std::string quarter;      // "2026-Q4"
    std::string title, description;
    std::string html;         // the body
    std::vector<std::pair<std::string, std::string>> figures;  // id and CSV
};

// Of the window that ends with the newest round; there must be one.
report report_of(const roll& r, const template_set& t);

// Puts each figure where a paragraph of the rendered Markdown says [[id]]; a figure without a place, or a place
// without a figure, is an error.
std::string with_figures(std::string html, const std::vector<std::pair<std::string, std::string>>& figures);

}  // namespace rollcall::render
