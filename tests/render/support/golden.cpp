#include "tests/render/support/golden.hpp"

#include "tests/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rollcall::render::tests {

void check_golden(const std::string& name, const std::string& got)
{
    const auto path = std::filesystem::path(ROLLCALL_SOURCE_DIR) / "tests/golden/render" / name;
    if (const char* update = std::getenv("UPDATE_GOLDEN"); update && std::string(update) == "1") {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << got;
    }
    std::ifstream in(path, std::ios::binary);
    INFO(path.string() << " (UPDATE_GOLDEN=1 rewrites it)");
    REQUIRE(in.is_open());
    CHECK(got == std::string(std::istreambuf_iterator<char>(in), {}));
}

}  // namespace rollcall::render::tests
