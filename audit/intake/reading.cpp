#include "audit/intake/reading.hpp"

#include <set>
#include <utility>

namespace rollcall::audit {
namespace {

registry_reading& stop(registry_reading& r, std::string problem)
{
    r.outcome = r.pages == 0 ? "failed" : "partial";
    r.problem = std::move(problem);
    return r;
}

}  // namespace

registry_reading read_registry(const adapter& format, const std::string& base, const page_source& page, const reading_limits& limits)
{
    registry_reading out;
    std::set<std::pair<std::string, std::string>> seen;
    std::set<std::string> cursors;
    std::string cursor;
    std::size_t bytes = 0, empty_in_a_row = 0;
    for (;;) {
        const auto location = format.page_url(base, cursor);
        const auto where = "page " + std::to_string(out.pages + 1) + " (" + location.substr(0, 200) + "): ";
        auto text = page(location);
        if (auto* error = std::get_if<page_error>(&text)) return stop(out, where + error->problem);
        bytes += std::get<std::string>(text).size();
        if (bytes > limits.bytes) return stop(out, where + "the registry is larger than " + std::to_string(limits.bytes >> 20) + " MiB");

        auto read = format.parse(std::get<std::string>(text));
        if (auto* error = std::get_if<format_error>(&read)) return stop(out, where + error->message);
        auto& good = std::get<registry_page>(read);
        ++out.pages;
        for (auto& l : good.listings) {
            if (!seen.emplace(l.name, l.version).second && out.pages > 1) {
                ++out.duplicates;
                continue;
            }
            out.listings.push_back(std::move(l));
        }
        for (auto& r : good.rejected) out.rejected.push_back({"page " + std::to_string(out.pages) + r.where, std::move(r.why)});
        for (auto& n : good.notes) out.notes.push_back(std::move(n));

        if (!good.next || good.next->empty()) break;
        if (!cursors.insert(*good.next).second) return stop(out, where + "cursor_loop: its next cursor was used before");
        empty_in_a_row = good.listings.empty() && good.rejected.empty() ? empty_in_a_row + 1 : 0;
        if (empty_in_a_row >= 2) return stop(out, where + "page_guard: a second empty page in a row with a further cursor");
        if (out.pages >= limits.pages) return stop(out, where + "page_guard: more than " + std::to_string(limits.pages) + " pages");
        cursor = *good.next;
    }
    out.outcome = "exhausted";
    return out;
}

}  // namespace rollcall::audit
