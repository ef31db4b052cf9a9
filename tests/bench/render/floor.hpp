// The floor: plain code that writes the bytes of a rendered site, as files and as one.
#pragma once

#include <cstddef>
#include <filesystem>

namespace rollcall::bench {

struct sizes { std::size_t files = 0, pages = 0, bytes = 0; };
sizes sizes_of(const std::filesystem::path& tar);

// Each file with one open, one write and one close; a folder is made when it is missed.
void unpack_plainly(const std::filesystem::path& tar, const std::filesystem::path& folder);
void copy_plainly(const std::filesystem::path& tar, const std::filesystem::path& copy);

}  // namespace rollcall::bench
