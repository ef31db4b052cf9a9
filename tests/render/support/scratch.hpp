// A folder of its own for a test, gone with the object.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>

namespace rollcall::render::tests {

using tree = std::map<std::string, std::string>;

struct scratch {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("rollcall-scratch-" + std::to_string(std::random_device{}()));
    scratch() = default;
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch()
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
};

inline void write(const std::filesystem::path& p, const std::string& text)
{
    std::filesystem::create_directories(p.parent_path());
    std::ofstream(p, std::ios::binary) << text;
}

// What a web server would see.
inline tree seen(const std::filesystem::path& folder)
{
    tree out;
    for (const auto& f : std::filesystem::recursive_directory_iterator(folder)) {
        const auto name = f.path().lexically_relative(folder).generic_string();
        if (!f.is_regular_file() || name.starts_with(".rollcall")) continue;
        std::ifstream in(f.path(), std::ios::binary);
        out[name] = std::string{std::istreambuf_iterator<char>(in), {}};
    }
    return out;
}

}  // namespace rollcall::render::tests
