#include "render/publish/publisher.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace rollcall::render {
namespace {

namespace fs = std::filesystem;
constexpr const char* staging_name = ".rollcall-new";

bool holds(const fs::path& path, std::string_view bytes)
{
    std::error_code ec;
    if (!fs::is_regular_file(fs::symlink_status(path, ec)) || fs::file_size(path, ec) != bytes.size() || ec) return false;
    const auto there = read_file(path);
    return there && *there == bytes;
}

}  // namespace

publisher::publisher(fs::path folder, trust in) : folder_(std::move(folder)), staging_(folder_ / staging_name), in_(in)
{
    if (fs::exists(folder_) && !fs::is_directory(folder_)) throw publish_error(folder_.string() + ": not a folder");
    fs::create_directories(folder_);
    lock();
    read_own_list();
    fs::remove_all(staging_);  // of a run that was killed
}

publisher::~publisher()
{
    std::error_code ignored;
    fs::remove_all(staging_, ignored);
}

// The lock is the folder's own, and the system lets it go when the process dies. Where a folder cannot be locked (some
// network file systems) there is none.
void publisher::lock()
{
    lock_ = descriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock_.get() >= 0 && ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw publish_error(folder_.string() + ": another run is writing this folder; wait for it to end");
}

void publisher::read_own_list()
{
    if (auto list = read_list(folder_)) {
        earlier_ = std::move(*list);
        return;
    }
    for (const auto& there : fs::directory_iterator(folder_))
        if (!is_own_name(there.path().filename().string()))
            throw publish_error(folder_.string() + ": holds files that are not ours (" + there.path().filename().string() +
                                "); name an empty folder, or one that this program wrote");
    // The folder is ours from here on, also if this run is killed while files move into place.
    write_list(folder_, {});
    list_changed_ = true;
}

bool publisher::holds_site_of(const std::string& inputs) const
{
    if (in_ == trust::nothing || inputs.empty() || inputs != earlier_.inputs) return false;
    return std::ranges::all_of(earlier_.files, [&](const auto& f) { return matches(f.second, stamp_of(folder_ / f.first)); });
}

// True if the bytes stand there already; `known` is then what the list is to say.
bool publisher::stands(const std::string& path, std::string_view bytes, file_record& known)
{
    const auto there = stamp_of(folder_ / path);
    if (!there || there->size != bytes.size()) return false;
    const auto content = digest_of(bytes);
    if (in_ == trust::list && matches(known, there)) return known.content == content;
    // Nobody knows what it holds: a list of an earlier version, a copy of the folder, somebody's change.
    if (!is_ours(path) || !holds(folder_ / path, bytes)) return false;
    known = {content, there->size, there->modified};
    list_changed_ = true;
    return true;
}

void publisher::put(const std::string& path, std::string_view bytes)
{
    require_publishable(path);
    if (now_.files.contains(path)) throw publish_error("'" + path + "' would be published twice");
    ++counts_.files;
    if (const auto it = earlier_.files.find(path); it != earlier_.files.end() && stands(path, bytes, it->second)) {
        ++counts_.unchanged;
        now_.files.insert(earlier_.files.extract(it));
        return;
    }
    refuse_foreign(path);
    write_new_file(staging_ / path, bytes);
    ++counts_.written;
    earlier_.files.erase(path);
    const auto made = stamp_of(staging_ / path);
    now_.files.emplace(path, file_record{digest_of(bytes), bytes.size(), made ? made->modified : -1});
}

// Nothing but our own files may stand where `path` goes: as a file, as a folder, or as a file in place of its folder.
void publisher::refuse_foreign(const std::string& path) const
{
    const auto refuse = [](const fs::path& p) {
        throw publish_error(p.string() + ": stands where a file of the site belongs, but is not ours");
    };
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const auto up = path.substr(0, slash);
        const auto there = fs::symlink_status(folder_ / up);
        if (!fs::exists(there)) return;
        if (!fs::is_directory(there) && !is_ours(up)) refuse(folder_ / up);
    }
    const auto there = fs::symlink_status(folder_ / path);
    if (!fs::exists(there) || is_ours(path)) return;
    if (!fs::is_directory(there)) refuse(folder_ / path);
    for (const auto& f : fs::recursive_directory_iterator(folder_ / path))
        if (!f.is_directory() && !is_ours(f.path().lexically_relative(folder_).generic_string())) refuse(f.path());
}

publisher::counts publisher::finish(const std::string& inputs)
{
    if (counts_.written > 0 || !earlier_.files.empty()) {
        // The list first names both the old files and the new ones: whenever the program is stopped, nothing of ours is
        // forgotten, and what has not moved yet does not look as the list says.
        auto both = now_;
        both.files.insert(earlier_.files.begin(), earlier_.files.end());
        write_list(folder_, both);
        list_changed_ = true;
        remove_stale();
        if (counts_.written > 0) move_into_place(staging_, folder_);
    }
    list_changed_ |= inputs != earlier_.inputs;
    now_.inputs = inputs;
    if (list_changed_) write_list(folder_, now_);
    fs::remove_all(staging_);
    return counts_;
}

void publisher::remove_stale()
{
    for (const auto& [path, record] : earlier_.files) {
        std::error_code ec;
        if (fs::remove(folder_ / path, ec)) ++counts_.removed;
        // Folders that are left empty go too; rmdir refuses the others.
        for (auto up = (folder_ / path).parent_path(); up != folder_ && fs::is_directory(up, ec) && fs::is_empty(up, ec); up = up.parent_path())
            if (!fs::remove(up, ec)) break;
    }
}

// A folder that is new moves as a whole.
void publisher::move_into_place(const fs::path& from, const fs::path& to)
{
    std::vector<fs::path> names;
    for (const auto& f : fs::directory_iterator(from)) names.push_back(f.path().filename());
    for (const auto& name : names) {
        if (fs::is_directory(fs::symlink_status(from / name)) && fs::is_directory(fs::symlink_status(to / name))) move_into_place(from / name, to / name);
        else fs::rename(from / name, to / name);
    }
}

}  // namespace rollcall::render
