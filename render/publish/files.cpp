#include "render/publish/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace rollcall::render {
namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path) { throw publish_error("cannot write " + path.string() + ": " + std::strerror(errno)); }

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in.is_open()) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

void write_all(int fd, std::string_view bytes, const std::filesystem::path& path)
{
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) cannot_write(path);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void write_new_file(const std::filesystem::path& path, std::string_view bytes)
{
    constexpr int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    descriptor file(::open(path.c_str(), how, 0666));
    if (file.get() < 0 && errno == ENOENT) {
        std::error_code ec;
        std::filesystem::create_directories(path.parent_path(), ec);
        file = descriptor(::open(path.c_str(), how, 0666));
    }
    if (file.get() < 0) cannot_write(path);
    write_all(file.get(), bytes, path);
    if (!file.close()) cannot_write(path);
}

descriptor& descriptor::operator=(descriptor&& other) noexcept
{
    if (this != &other) {
        close();
        fd_ = other.release();
    }
    return *this;
}

descriptor::~descriptor() { close(); }

int descriptor::release() { return std::exchange(fd_, -1); }

bool descriptor::close() { return fd_ < 0 || ::close(release()) == 0; }

}  // namespace rollcall::render
