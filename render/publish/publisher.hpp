// Writes a set of files into a folder that a web server may be reading.
//
// Every file is compared with what stands there; only what differs is written, first into a hidden folder beside
// the old files, and moved into place at the end by renames. Until finish() the published files are as before, and
// they stay so if rendering fails. Files that an earlier run wrote and this one did not are removed; files
// that are not ours are never touched. What is ours, and how it looked when it was written, stands in a list in the folder
// itself (file_list.hpp): a file of the listed size and time is taken for what was written and is not read again.
#pragma once

#include "render/publish/file_list.hpp"
#include "render/publish/files.hpp"
#include "render/publish/paths.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace rollcall::render {

class publisher {
public:
    struct counts { std::size_t files = 0, written = 0, unchanged = 0, removed = 0; };
    enum class trust { list, nothing };  // nothing: every file is read again

    // Creates the folder if it is not there. Throws if it holds files but no list of ours, cannot be written, or another
    // run is writing it.
    explicit publisher(std::filesystem::path folder, trust in = trust::list);
    publisher(const publisher&) = delete;
    publisher& operator=(const publisher&) = delete;
    ~publisher();  // without finish(): drops what was prepared

    // Does the folder hold, whole, the site that was made from these inputs? Then there is nothing to render.
    bool holds_site_of(const std::string& inputs) const;
    std::size_t listed() const { return earlier_.files.size(); }

    // Throws for a path that is not publishable or was put before.
    void put(const std::string& path, std::string_view bytes);
    // `inputs`: a digest of what the site was made from; empty if it is not known.
    counts finish(const std::string& inputs = {});

private:
    void lock();
    void read_own_list();
    bool stands(const std::string& path, std::string_view bytes, file_record& known);
    bool is_ours(std::string_view path) const { return earlier_.files.contains(path) || now_.files.contains(path); }
    void refuse_foreign(const std::string& path) const;
    void remove_stale();
    void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to);

    std::filesystem::path folder_, staging_;
    trust in_;
    descriptor lock_;
    file_list earlier_, now_;  // a file goes from the one to the other when it is put
    bool list_changed_ = false;
    counts counts_;
};

}  // namespace rollcall::render
