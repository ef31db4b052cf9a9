// What this program wrote into a folder: `.rollcall-files` in the folder itself, one line a file.
//
//     rollcall-files 2 INPUTS COUNT
//     SHA-256 SIZE MODIFIED PATH
//
// INPUTS is the digest of what the whole site was made from, or "-" while files move into place. MODIFIED is in
// nanoseconds since 1970: a file of that size and time is taken for the one that was written. Until version 2 the list was
// `.rollcall-files.json`, of paths alone.
#pragma once

#include "render/publish/digest.hpp"
#include "render/publish/paths.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace rollcall::render {

struct file_record {
    digest content{};
    std::uint64_t size = 0;
    std::int64_t modified = -1;  // -1: only that the file is ours is known of it
};

struct file_list {
    std::string inputs;  // empty: not known
    std::map<std::string, file_record, std::less<>> files;
};

// Is this the name of a list, or of where new files are prepared?
bool is_own_name(const std::string& name);

// Empty if there is no list. Throws publish_error for a damaged one. Paths that may not be published are left out.
std::optional<file_list> read_list(const std::filesystem::path& folder);
// Replaces the list at once.
void write_list(const std::filesystem::path& folder, const file_list& list);

// What stands at a path now: size and time of a regular file; empty for anything else.
struct file_stamp { std::uint64_t size; std::int64_t modified; };
std::optional<file_stamp> stamp_of(const std::filesystem::path& path);
bool matches(const file_record& r, const std::optional<file_stamp>& there);

}  // namespace rollcall::render
