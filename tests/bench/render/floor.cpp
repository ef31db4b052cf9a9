#include "tests/bench/render/floor.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rollcall::bench {
namespace {

// The whole file in memory, as the kernel has it.
class mapped {
public:
    explicit mapped(const std::filesystem::path& file) : size_(std::filesystem::file_size(file))
    {
        const int fd = open(file.c_str(), O_RDONLY);
        at_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
        close(fd);
        if (at_ == MAP_FAILED) throw std::runtime_error("cannot map " + file.string());
    }
    mapped(const mapped&) = delete;
    mapped& operator=(const mapped&) = delete;
    ~mapped() { munmap(at_, size_); }
    std::string_view bytes() const { return {static_cast<const char*>(at_), size_}; }

private:
    std::size_t size_;
    void* at_;
};

std::string_view field(std::string_view header, std::size_t at, std::size_t size)
{
    const auto text = header.substr(at, size);
    return text.substr(0, text.find('\0'));
}

// Only what our own archives hold: ustar, with a path of its own (pax) where it is long.
void each_file(std::string_view tar, const std::function<void(std::string, std::string_view)>& take)
{
    std::string long_path;
    while (tar.size() >= 512 && tar[0] != '\0') {
        const auto header = tar.substr(0, 512);
        const auto size = static_cast<std::size_t>(std::strtoull(std::string(field(header, 124, 12)).c_str(), nullptr, 8));
        const auto body = tar.substr(512, size);
        tar.remove_prefix(512 + (size + 511) / 512 * 512);
        if (header[156] == 'x') {
            const auto at = body.find(" path=");
            if (at != std::string_view::npos) long_path = body.substr(at + 6, body.find('\n', at) - at - 6);
            continue;
        }
        auto path = std::string(field(header, 0, 100));
        if (const auto prefix = field(header, 345, 155); !prefix.empty()) path = std::string(prefix) + "/" + path;
        if (!long_path.empty()) path = std::exchange(long_path, {});
        if (header[156] == '0') take(std::move(path), body);
    }
}

void write_whole(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto n = write(fd, bytes.data(), bytes.size());
        if (n <= 0) throw std::runtime_error("cannot write");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

sizes sizes_of(const std::filesystem::path& tar)
{
    sizes out;
    const mapped whole(tar);
    each_file(whole.bytes(), [&](const std::string& path, std::string_view bytes) {
        ++out.files;
        out.pages += path.ends_with(".html");
        out.bytes += bytes.size();
    });
    return out;
}

void unpack_plainly(const std::filesystem::path& tar, const std::filesystem::path& folder)
{
    const mapped whole(tar);
    each_file(whole.bytes(), [&](const std::string& path, std::string_view bytes) {
        const auto file = folder / path;
        int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (fd < 0) {
            std::filesystem::create_directories(file.parent_path());
            fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        }
        if (fd < 0) throw std::runtime_error("cannot create " + file.string());
        write_whole(fd, bytes);
        close(fd);
    });
}

void copy_plainly(const std::filesystem::path& tar, const std::filesystem::path& copy)
{
    const mapped whole(tar);
    const int fd = open(copy.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    write_whole(fd, whole.bytes());
    close(fd);
}

}  // namespace rollcall::bench
