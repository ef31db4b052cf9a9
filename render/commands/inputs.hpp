// What a site is made from, as one digest: where it is the same, the site is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

class inputs {
public:
    // Digests the bytes of this program, of the store with its write-ahead log, of every file in the folders, and the words.
    inputs(const std::filesystem::path& store, const std::vector<std::filesystem::path>& folders, const std::vector<std::string_view>& words);

    // As hex digits; empty where something could not be read.
    const std::string& digest() const { return digest_; }
    // Has nobody written to the store since? A digest of what was read half-way stands for nothing.
    bool still_hold() const;

private:
    std::filesystem::path store_;
    std::string digest_, store_stamp_;
};

}  // namespace rollcall::render
