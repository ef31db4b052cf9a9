// The committed files: read as they should be, or refused with one line that a person can act on. The first line says
// which file.
#include "data/config/history.hpp"
#include "data/config/owners.hpp"
#include "tests/fuzz/input.hpp"

using namespace rollcall::data;
using namespace rollcall::fuzz;

namespace {

void check(const settings& s)
{
    must(s.probe.concurrency >= 1 && s.probe.concurrency <= 4000, "a sane number in flight");
    must(s.probe.redirects <= 20 && s.probe.retries <= 10, "few redirects and retries");
    must(s.probe.connect.count() > 0 && s.probe.total.count() > 0 && s.probe.body_bytes > 0, "limits are above nothing");
    must(s.base_url.ends_with('/'), "the site's address ends in a slash", s.base_url);
    must(s.window_rounds >= 1, "a window has a round");
    must(s.politeness.per_site_per_second > 0, "a rate is above nothing");
}

void check(const std::vector<registry_source>& all)
{
    for (const auto& r : all) {
        must(!r.id.empty() && r.id.find_first_of("/.\\ ") == std::string::npos, "an id can stand in a path", r.id);
        must(!r.url.empty() && r.url.find('@') > r.url.find("://") + 3, "a source has no password", r.url.substr(0, 0));
    }
}

void check(const std::vector<region_source>& all)
{
    must(!all.empty(), "a region");
    for (const auto& r : all) {
        must(!r.id.empty() && r.id.find_first_of("/.\\ ") == std::string::npos, "an id can stand in a path", r.id);
        must(r.latitude.has_value() == r.longitude.has_value(), "a place, or none");
        if (r.latitude) must(*r.latitude >= -90 && *r.latitude <= 90 && *r.longitude >= -180 && *r.longitude <= 180, "on this planet");
    }
}

void check(const std::vector<std::string>& platforms)
{
    for (const auto& p : platforms) must(p.find('.') != std::string::npos && p.find('/') == std::string::npos, "a platform is a name", p);
}

void check(const std::vector<published_quarter>& all)
{
    for (const auto& q : all) {
        std::size_t sum = 0;
        for (const auto& b : q.buckets) sum += b.count;
        must(sum == q.endpoints, "counts sum to the endpoints");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto which = take_line(text);
    const char kind = which.empty() ? '?' : which.front();
    try {
        switch (kind) {
            case 's': check(parse_settings(text, "FILE")); break;
            case 'r': check(parse_registries(text, "FILE")); break;
            case 'g': check(parse_regions(text, "FILE")); break;
            case 'p': check(parse_platforms(text, "FILE")); break;
            case 'o': parse_owners(text, "FILE"); break;
            case 'h': check(parse_history(text, "FILE")); break;
            default: break;
        }
    } catch (const config_error& e) {
        const std::string_view told = e.what();
        must(told.starts_with("FILE: "), "a refusal names the file", told);
        must(told.size() < 1200 && told.find('\n') == std::string_view::npos, "a refusal is one line", told);
    }
    return 0;
}
