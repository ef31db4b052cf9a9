#include "render/publish/publisher.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace rollcall::render {
namespace {

namespace fs = std::filesystem;
constexpr const char* list_name = ".rollcall-files.json";
constexpr const char* staging_name = ".rollcall-new";

std::optional<std::string> read(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in.is_open()) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, std::string_view bytes)
{
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw publish_error("cannot write " + path.string() + " (is the disk full?)");
}

bool holds(const fs::path& path, std::string_view bytes)
{
    std::error_code ec;
    if (!fs::is_regular_file(fs::symlink_status(path, ec)) || fs::file_size(path, ec) != bytes.size() || ec) return false;
    const auto there = read(path);
    return there && *there == bytes;
}

}  // namespace

bool is_publishable(std::string_view path) noexcept
{
    if (path.empty() || path.size() > 2000 || path.front() == '/' || path.back() == '/') return false;
    for (bool first = true; !path.empty(); first = false) {
        const auto end = std::min(path.find('/'), path.size());
        const auto segment = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (segment.empty() || segment.size() > 255) return false;
        if (segment.front() == '.' && !(first && segment == ".well-known")) return false;
        for (const char c : segment)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return false;
    }
    return true;
}

publisher::publisher(fs::path folder) : folder_(std::move(folder)), staging_(folder_ / staging_name)
{
    if (fs::exists(folder_) && !fs::is_directory(folder_)) throw publish_error(folder_.string() + ": not a folder");
    fs::create_directories(folder_);
    read_list();
    fs::remove_all(staging_);  // of a run that was killed
    fs::create_directory(staging_);
}

publisher::~publisher()
{
    std::error_code ignored;
    fs::remove_all(staging_, ignored);
}

void publisher::read_list()
{
    const auto text = read(folder_ / list_name);
    if (!text) {
        for (const auto& there : fs::directory_iterator(folder_))
            if (there.path().filename() != staging_name)
                throw publish_error(folder_.string() + ": holds files that are not ours (" + there.path().filename().string() +
                                    "); name an empty folder, or one that this program wrote");
        // The folder is ours from here on, also if this run is killed while files move into place.
        write(folder_ / list_name, "{\"files\":[]}\n");
        return;
    }
    const auto list = nlohmann::json::parse(*text, nullptr, false);
    if (!list.is_object() || !list.contains("files") || !list["files"].is_array())
        throw publish_error((folder_ / list_name).string() + ": damaged; remove the folder and render it anew");
    for (const auto& f : list["files"])
        if (f.is_string() && is_publishable(f.get_ref<const std::string&>())) earlier_.insert(f.get<std::string>());
}

void publisher::put(const std::string& path, std::string_view bytes)
{
    if (!is_publishable(path)) throw publish_error("'" + path + "' is no path that may be published");
    if (!now_.insert(path).second) throw publish_error("'" + path + "' would be published twice");
    ++counts_.files;
    if (holds(folder_ / path, bytes)) {
        ++counts_.unchanged;
        return;
    }
    refuse_foreign(path);
    write(staging_ / path, bytes);
    changed_.push_back(path);
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
        if (!fs::is_directory(there) && !earlier_.contains(up)) refuse(folder_ / up);
    }
    const auto there = fs::symlink_status(folder_ / path);
    if (!fs::exists(there) || earlier_.contains(path)) return;
    if (!fs::is_directory(there)) refuse(folder_ / path);
    for (const auto& f : fs::recursive_directory_iterator(folder_ / path))
        if (!f.is_directory() && !earlier_.contains(f.path().lexically_relative(folder_).generic_string())) refuse(f.path());
}

publisher::counts publisher::finish()
{
    // The list first names both the old files and the new ones: whenever the program is stopped, nothing of ours is
    // forgotten.
    auto both = now_;
    both.insert(earlier_.begin(), earlier_.end());
    std::swap(now_, both);
    write_list();
    std::swap(now_, both);
    remove_stale();
    for (const auto& path : changed_) {
        fs::create_directories((folder_ / path).parent_path());
        fs::rename(staging_ / path, folder_ / path);
    }
    counts_.written = changed_.size();
    write_list();
    fs::remove_all(staging_);
    return counts_;
}

void publisher::remove_stale()
{
    for (const auto& path : earlier_) {
        if (now_.contains(path)) continue;
        std::error_code ec;
        if (fs::remove(folder_ / path, ec)) ++counts_.removed;
        // Folders that are left empty go too; rmdir refuses the others.
        for (auto up = (folder_ / path).parent_path(); up != folder_ && fs::is_directory(up, ec) && fs::is_empty(up, ec); up = up.parent_path())
            if (!fs::remove(up, ec)) break;
    }
}

void publisher::write_list()
{
    nlohmann::json list;
    list["files"] = now_;
    const auto text = list.dump(0) + "\n";
    if (holds(folder_ / list_name, text)) return;
    write(staging_ / list_name, text);
    fs::rename(staging_ / list_name, folder_ / list_name);
}

}  // namespace rollcall::render
