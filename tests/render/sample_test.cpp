// Not a test: `test-render "[.sample]"` writes the sample site where ROLLCALL_SAMPLE_DIR says, to be looked at.
#include "render/publish/publisher.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>

namespace rollcall::render::tests {

namespace {

struct sample { const char* name; data::edition (*make)(); };
constexpr sample samples[] = {
    {"", sample_edition}, {"first", first_night}, {"regions", three_regions}, {"three", three_servers}, {"well", all_answered}, {"fault", own_fault}, {"hostile", hostile_edition},
    {"empty", [] { data::edition e; e.site_name = "Rollcall"; return e; }},
    {"large", [] { return large_edition(20000); }},
};

}  // namespace

TEST_CASE("the sample site can be written to a folder", "[.sample]")
{
    const char* folder = std::getenv("ROLLCALL_SAMPLE_DIR");
    REQUIRE(folder != nullptr);
    const char* kind = std::getenv("ROLLCALL_SAMPLE");
    const auto* which = std::ranges::find(samples, std::string(kind ? kind : ""), &sample::name);
    REQUIRE(which != std::end(samples));
    publisher out(folder);
    for (const auto& [path, bytes] : rendered(which->make())) out.put(path, bytes);
    CHECK(out.finish().files > 20);
}

}  // namespace rollcall::render::tests
