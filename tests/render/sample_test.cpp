// Not a test: `test-render "[.sample]"` writes the sample site where ROLLCALL_SAMPLE_DIR says, to be looked at.
#include "render/publish/publisher.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"

#include <cstdlib>

namespace rollcall::render::tests {

TEST_CASE("the sample site can be written to a folder", "[.sample]")
{
    const char* folder = std::getenv("ROLLCALL_SAMPLE_DIR");
    REQUIRE(folder != nullptr);
    const char* kind = std::getenv("ROLLCALL_SAMPLE");
    const std::string which = kind ? kind : "";
    publisher out(folder);
    for (const auto& [path, bytes] : rendered(which == "first" ? first_night() : which == "regions" ? three_regions() : which == "large" ? large_edition(20000) : sample_edition()))
        out.put(path, bytes);
    CHECK(out.finish().files > 100);
}

}  // namespace rollcall::render::tests
