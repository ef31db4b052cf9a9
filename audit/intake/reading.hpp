// Reads one registry page by page through its adapter. No network of its own: pages come from a function.
#pragma once

#include "audit/intake/manners.hpp"
#include "audit/registry/adapter.hpp"

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace rollcall::audit {

// The text of a page, or why there is none. Called with the page's location.
using page_source = std::function<std::variant<std::string, page_error>(const std::string& location)>;

// Balanced: rows = listings + superseded + duplicates + rejected.
struct registry_reading {
    std::string outcome;   // "exhausted": read to its end; "partial": some pages; "failed": none
    std::string problem;   // one line, naming the place; empty if exhausted
    std::vector<listing> listings;           // one a name: its latest version
    std::vector<rejected_row> rejected;      // the first of them, see `most_rejected_kept`
    std::map<std::string, std::size_t, std::less<>> rejections;  // all of them, by the code of why
    std::vector<std::string> notes;
    std::size_t pages = 0, rows = 0;
    std::size_t rejected_rows = 0;
    std::size_t superseded = 0;              // older versions of a name
    std::size_t duplicates = 0;              // the same name and version on two pages: the first counts
};

inline constexpr std::size_t most_rejected_kept = 1000;

struct reading_limits {
    std::size_t pages = 2000;
    std::size_t bytes = 256u << 20;
    // Told after each page but the last: so that a person sees that something goes on.
    std::function<void(std::size_t pages, std::size_t rows)> progress{};
};

// An error body is not an end: a page counts only if its adapter can read it. A cursor seen before, or two empty
// pages with new cursors in a row, end the reading as partial.
registry_reading read_registry(const adapter& format, const std::string& base, const page_source& page, const reading_limits& limits = {});

// Of several versions of a name (each registry means something else by "latest") one stays: of those that say that
// they are the latest, or of all if none does, the newest by its date, and of equals the one that came last. Returns
// how many went.
std::size_t keep_latest(std::vector<listing>& listings);

}  // namespace rollcall::audit
