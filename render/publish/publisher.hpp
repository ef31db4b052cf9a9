// Writes a set of files into a folder that a web server may be reading.
//
// Every file is compared with what stands there; only what differs is written, first into a hidden folder beside
// the old files, and moved into place at the end by renames. Until finish() the published files are as before, and
// they stay so if rendering fails. Files that an earlier run wrote and this one did not are removed; files
// that are not ours are never touched. What is ours stands in `.rollcall-files.json` in the folder itself.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

struct publish_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A relative path of visible segments; `.well-known` may be the first of them.
bool is_publishable(std::string_view path) noexcept;

class publisher {
public:
    struct counts { std::size_t files = 0, written = 0, unchanged = 0, removed = 0; };

    // Creates the folder if it is not there. Throws if it holds files but no list of ours, or cannot be written.
    explicit publisher(std::filesystem::path folder);
    publisher(const publisher&) = delete;
    publisher& operator=(const publisher&) = delete;
    ~publisher();  // without finish(): drops what was prepared

    // Throws for a path that is not publishable or was put before.
    void put(const std::string& path, std::string_view bytes);
    counts finish();

private:
    void read_list();
    void refuse_foreign(const std::string& path) const;
    void remove_stale();
    void write_list();

    std::filesystem::path folder_, staging_;
    std::set<std::string> earlier_, now_;
    std::vector<std::string> changed_;
    counts counts_;
};

}  // namespace rollcall::render
