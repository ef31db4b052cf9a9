// Writes a set of files as one tar: what a Pages upload is made of, without touching the file system once a file.
//
// POSIX ustar, with a pax header where a path does not fit. The same files in the same order give the same bytes: every
// entry belongs to nobody, is readable by all and has one time. A folder comes before what is in it.
#pragma once

#include "render/publish/files.hpp"
#include "render/publish/paths.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>

struct archive;
struct archive_entry;

namespace rollcall::render {

class tar_file {
public:
    struct counts { std::size_t files = 0; std::uint64_t bytes = 0; };

    // Prepares the file beside `path`, which stays as it is until finish(); "-": the standard output. `modified`: seconds
    // since 1970. Throws if it cannot be written or another run is writing it.
    tar_file(std::filesystem::path path, std::int64_t modified);
    tar_file(const tar_file&) = delete;
    tar_file& operator=(const tar_file&) = delete;
    ~tar_file();  // without finish(): drops what was prepared

    // Throws for a path that is not publishable or was put before.
    void put(const std::string& path, std::string_view bytes);
    counts finish();

private:
    void open_beside();
    void add_folders_of(const std::string& path);
    void add(const std::string& path, bool folder, std::string_view bytes);
    void require(int outcome) const;

    struct archive_end { void operator()(archive* a) const; };
    struct entry_end { void operator()(archive_entry* e) const; };

    std::filesystem::path path_, beside_;  // beside_ is empty for the standard output
    std::int64_t modified_;
    descriptor out_;
    std::unique_ptr<archive, archive_end> archive_;
    std::unique_ptr<archive_entry, entry_end> entry_;
    std::set<std::string, std::less<>> names_;  // of files, and of folders with a slash at the end
    counts counts_;
    bool finished_ = false;
};

}  // namespace rollcall::render
