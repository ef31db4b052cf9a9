#include "render/commands/inputs.hpp"

#include "render/publish/digest.hpp"
#include "render/publish/file_list.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

namespace fs = std::filesystem;

fs::path log_of(const fs::path& store) { return store.string() + "-wal"; }

std::string stamp(const fs::path& file)
{
    std::error_code ec;
    const auto s = stamp_of(fs::canonical(file, ec));
    return s ? std::to_string(s->size) + " " + std::to_string(s->modified) : std::string("none");
}

std::string stamp_of_store(const fs::path& store) { return stamp(store) + ", " + stamp(log_of(store)); }

bool add_folder(hasher& h, const fs::path& folder)
{
    std::error_code ec;
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec))
        if (it->is_regular_file(ec)) files.push_back(it->path());
    std::ranges::sort(files);
    for (const auto& f : files) {
        h.add_word(f.lexically_relative(folder).generic_string());
        h.add_word(std::to_string(fs::file_size(f, ec)));
        if (!h.add_file(f)) return false;
    }
    return !ec;
}

}  // namespace

inputs::inputs(const fs::path& store, const std::vector<fs::path>& folders, const std::vector<std::string_view>& words)
    : store_(store), store_stamp_(stamp_of_store(store))
{
    hasher h;
    for (const auto word : words) h.add_word(word);
    bool whole = h.add_file("/proc/self/exe") && h.add_file(store);
    h.add_word(store_stamp_.substr(0, store_stamp_.find(' ')));
    std::error_code ec;
    if (fs::exists(log_of(store), ec)) whole = whole && h.add_file(log_of(store));
    for (const auto& f : folders) whole = whole && add_folder(h, f);
    if (whole) digest_ = hex(h.done());
}

bool inputs::still_hold() const { return stamp_of_store(store_) == store_stamp_; }

}  // namespace rollcall::render
