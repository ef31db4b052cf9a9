// Reads one registry page by page through its adapter. No network of its own: pages come from a function.
#pragma once

#include "audit/registry/adapter.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace rollcall::audit {

struct page_error { std::string problem; };  // one line
// The text of a page, or why there is none. Called with the page's location.
using page_source = std::function<std::variant<std::string, page_error>(const std::string& location)>;

struct registry_reading {
    std::string outcome;   // "exhausted": read to its end; "partial": some pages; "failed": none
    std::string problem;   // one line, naming the place; empty if exhausted
    std::vector<listing> listings;
    std::vector<rejected_row> rejected;
    std::vector<std::string> notes;
    std::size_t pages = 0, duplicates = 0;  // duplicates: the same name and version on two pages
};

struct reading_limits {
    std::size_t pages = 2000;
    std::size_t bytes = 256u << 20;
};

// An error body is not an end: a page counts only if its adapter can read it. A cursor seen before, or two empty
// pages with new cursors in a row, end the reading as partial.
registry_reading read_registry(const adapter& format, const std::string& base, const page_source& page, const reading_limits& limits = {});

}  // namespace rollcall::audit
