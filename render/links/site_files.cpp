#include "render/links/site_files.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

namespace rollcall::render {
namespace {

namespace fs = std::filesystem;
using taker = std::function<void(const std::string&, std::string_view)>;
constexpr std::size_t most_bytes = 1u << 30;  // of one file

bool is_part(const std::string& path) { return !path.starts_with(".rollcall-"); }

void each_of_folder(const fs::path& folder, const taker& take)
{
    std::vector<fs::path> files;
    for (const auto& f : fs::recursive_directory_iterator(folder))
        if (f.is_regular_file()) files.push_back(f.path());
    std::ranges::sort(files);
    std::string bytes;
    for (const auto& f : files) {
        const auto path = f.lexically_relative(folder).generic_string();
        if (!is_part(path)) continue;
        bytes.resize(fs::file_size(f));
        std::ifstream in(f, std::ios::binary);
        if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) throw site_error("cannot read " + f.string());
        take(path, bytes);
    }
}

void each_of_tar(const fs::path& tar, const taker& take)
{
    const std::unique_ptr<archive, int (*)(archive*)> a(archive_read_new(), archive_read_free);
    const auto refuse = [&] { throw site_error(tar.string() + ": cannot be read as a tar: " + (archive_error_string(a.get()) ? archive_error_string(a.get()) : "damaged")); };
    archive_read_support_format_tar(a.get());
    if (archive_read_open_filename(a.get(), tar.c_str(), 1u << 18) != ARCHIVE_OK) refuse();
    std::string bytes;
    archive_entry* e = nullptr;
    for (;;) {
        const auto outcome = archive_read_next_header(a.get(), &e);
        if (outcome == ARCHIVE_EOF) return;
        if (outcome != ARCHIVE_OK || !archive_entry_pathname(e)) refuse();
        if (archive_entry_filetype(e) != AE_IFREG) continue;
        const auto path = fs::path(archive_entry_pathname(e)).lexically_normal().generic_string();
        const auto size = static_cast<std::size_t>(std::max<la_int64_t>(0, archive_entry_size(e)));
        if (size > most_bytes) refuse();
        bytes.resize(size);
        for (std::size_t at = 0; at < size;) {
            const auto n = archive_read_data(a.get(), bytes.data() + at, size - at);
            if (n <= 0) refuse();
            at += static_cast<std::size_t>(n);
        }
        if (is_part(path)) take(path, bytes);
    }
}

}  // namespace

void each_file(const fs::path& site, const taker& take)
{
    if (fs::is_directory(site)) return each_of_folder(site, take);
    if (fs::is_regular_file(site)) return each_of_tar(site, take);
    throw site_error(site.string() + ": there is no such folder or tar");
}

}  // namespace rollcall::render
