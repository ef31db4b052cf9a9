// A folder of a test's own that goes away with it.
#pragma once

#include <filesystem>
#include <random>
#include <string>

namespace rollcall::tests {

struct scratch_folder {
    std::filesystem::path path;

    scratch_folder()
    {
        std::random_device random;
        path = std::filesystem::temp_directory_path() / ("rollcall-test-" + std::to_string(random()) + std::to_string(random()));
        std::filesystem::create_directories(path);
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

}  // namespace rollcall::tests
