// Files as the publisher reads and writes them: whole, with the system's word for what went wrong.
#pragma once

#include "render/publish/paths.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::render {

// Empty if it cannot be opened.
std::optional<std::string> read_file(const std::filesystem::path& path);

// Writes a file that is not there yet, and the folders that it needs. Throws publish_error.
void write_new_file(const std::filesystem::path& path, std::string_view bytes);

// Writes all of it to a descriptor. Throws publish_error, which names `path`.
void write_all(int fd, std::string_view bytes, const std::filesystem::path& path);

// A descriptor that is closed with the object.
class descriptor {
public:
    explicit descriptor(int fd = -1) : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept;
    ~descriptor();
    int get() const { return fd_; }
    int release();
    // False if what was written could not be kept.
    bool close();

private:
    int fd_;
};

}  // namespace rollcall::render
