// Values of a facet as names of folders: no two values share one, and none looks like a route of ours.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace rollcall::render {

// FNV-1a: tells texts apart where nobody gains by making two alike.
std::uint64_t fingerprint(std::string_view text, std::uint64_t so_far = 0xcbf29ce484222325u) noexcept;
std::string hex(std::uint64_t number, int digits);

class segments {
public:
    // The value itself where it may be a folder; else what is fit of it, "~" and eight hexadecimal digits.
    std::string of(std::string_view value);

private:
    std::set<std::string> taken_;  // without case: some file systems have none
};

}  // namespace rollcall::render
