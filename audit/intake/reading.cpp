#include "audit/intake/reading.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rollcall::audit {
namespace {

constexpr std::size_t most_notes = 100;

registry_reading& stop(registry_reading& r, std::string problem)
{
    r.outcome = r.pages == 0 ? "failed" : "partial";
    r.problem = std::move(problem);
    return r;
}

std::string_view shortened(const std::string& location)
{
    return std::string_view(location).substr(0, 200);
}

class page_sum {
public:
    explicit page_sum(registry_reading& out) : out_(out) {}

    void add(registry_page& page)
    {
        ++out_.pages;
        out_.rows += page.listings.size() + page.rejected.size();
        out_.rejected_rows += page.rejected.size();
        for (auto& l : page.listings) {
            // Rows move from page to page while a list is read.
            if (!seen_.insert(l.name + '\n' + l.version).second && out_.pages > 1) {
                ++out_.duplicates;
                continue;
            }
            out_.listings.push_back(std::move(l));
        }
        for (auto& r : page.rejected) {
            ++out_.rejections[std::string(r.code)];
            if (out_.rejected.size() < most_rejected_kept)
                out_.rejected.push_back({"page " + std::to_string(out_.pages) + r.where, std::move(r.why), r.code});
        }
        for (auto& n : page.notes)
            if (out_.notes.size() < most_notes) out_.notes.push_back(std::move(n));
    }

private:
    registry_reading& out_;
    std::unordered_set<std::string> seen_;
};

}  // namespace

std::size_t keep_latest(std::vector<listing>& listings)
{
    std::unordered_map<std::string_view, std::size_t> best;
    const auto better = [](const listing& a, const listing& b) {
        if (a.latest != b.latest) return a.latest;
        return a.published_at >= b.published_at;
    };
    for (std::size_t i = 0; i < listings.size(); ++i) {
        const auto [known, is_new] = best.emplace(listings[i].name, i);
        if (!is_new && better(listings[i], listings[known->second])) known->second = i;
    }
    if (best.size() == listings.size()) {
        for (auto& l : listings) l.latest = true;
        return 0;
    }
    std::vector<bool> stays(listings.size(), false);
    for (const auto& [name, i] : best) stays[i] = true;
    best.clear();  // its keys look into the listings
    std::size_t kept = 0;
    for (std::size_t i = 0; i < listings.size(); ++i) {
        if (!stays[i]) continue;
        listings[i].latest = true;
        if (kept != i) listings[kept] = std::move(listings[i]);
        ++kept;
    }
    const auto gone = listings.size() - kept;
    listings.resize(kept);
    return gone;
}

registry_reading read_registry(const adapter& format, const std::string& base, const page_source& page, const reading_limits& limits)
{
    registry_reading out;
    page_sum sum(out);
    std::unordered_set<std::string> cursors;
    std::string cursor;
    std::size_t bytes = 0, empty_in_a_row = 0;
    for (;;) {
        const auto location = format.page_url(base, cursor);
        const auto where = "page " + std::to_string(out.pages + 1) + " (" + std::string(shortened(location)) + "): ";
        auto text = page(location);
        if (auto* error = std::get_if<page_error>(&text)) return stop(out, where + error->problem);
        bytes += std::get<std::string>(text).size();
        if (bytes > limits.bytes) return stop(out, where + "the registry is larger than " + std::to_string(limits.bytes >> 20) + " MiB");

        auto read = format.parse(std::get<std::string>(text));
        std::get<std::string>(text) = std::string();  // a large page is not held beside what was read from it
        if (auto* error = std::get_if<format_error>(&read)) return stop(out, where + error->message);
        auto& good = std::get<registry_page>(read);
        sum.add(good);

        if (!good.next || good.next->empty()) break;
        if (!cursors.insert(*good.next).second) return stop(out, where + "cursor_loop: its next cursor was used before");
        empty_in_a_row = good.listings.empty() && good.rejected.empty() ? empty_in_a_row + 1 : 0;
        if (empty_in_a_row >= 2) return stop(out, where + "page_guard: a second empty page in a row with a further cursor");
        if (out.pages >= limits.pages) return stop(out, where + "page_guard: more than " + std::to_string(limits.pages) + " pages");
        if (limits.progress) limits.progress(out.pages, out.rows);
        cursor = *good.next;
    }
    out.superseded = keep_latest(out.listings);
    out.outcome = "exhausted";
    return out;
}

}  // namespace rollcall::audit
