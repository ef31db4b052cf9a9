#include "render/publish/tar_file.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rollcall::render {
namespace {

namespace fs = std::filesystem;
constexpr int block = 1 << 18;

bool is_still(int fd, const fs::path& path)
{
    struct stat opened {}, there {};
    return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &there) == 0 && opened.st_ino == there.st_ino && opened.st_dev == there.st_dev;
}

}  // namespace

void tar_file::archive_end::operator()(archive* a) const { archive_write_free(a); }
void tar_file::entry_end::operator()(archive_entry* e) const { archive_entry_free(e); }

tar_file::tar_file(fs::path path, std::int64_t modified) : path_(std::move(path)), modified_(modified), archive_(archive_write_new()), entry_(archive_entry_new())
{
    if (path_ != "-") open_beside();
    else out_ = descriptor(::dup(STDOUT_FILENO));
    // Pax headers only where ustar has no room.
    require(archive_write_set_format_pax_restricted(archive_.get()));
    require(archive_write_set_bytes_per_block(archive_.get(), block));
    require(archive_write_set_bytes_in_last_block(archive_.get(), 1));
    require(archive_write_open_fd(archive_.get(), out_.get()));
}

tar_file::~tar_file()
{
    if (finished_) return;
    // What is not whole must not look so: the end that the library writes now goes nowhere.
    const descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (nowhere.get() >= 0 && out_.get() >= 0) ::dup2(nowhere.get(), out_.get());
    archive_.reset();
    std::error_code ignored;
    if (!beside_.empty()) fs::remove(beside_, ignored);
}

// One name for what is being written, so that nothing piles up beside the site however often a run is killed.
void tar_file::open_beside()
{
    if (fs::is_directory(path_)) throw publish_error(path_.string() + ": is a folder; name a file that ends in .tar");
    if (path_.has_parent_path()) fs::create_directories(path_.parent_path());
    auto beside = path_.parent_path() / ("." + path_.filename().string() + ".rollcall-new");
    do {
        out_ = descriptor(::open(beside.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
        if (out_.get() < 0) throw publish_error("cannot write " + beside.string() + ": " + std::strerror(errno));
        if (::flock(out_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) throw publish_error(path_.string() + ": another run is writing this file; wait for it to end");
    } while (!is_still(out_.get(), beside));  // another run may just have moved it into place
    beside_ = std::move(beside);
    if (::ftruncate(out_.get(), 0) != 0) throw publish_error("cannot write " + beside_.string() + ": " + std::strerror(errno));
}

void tar_file::require(int outcome) const
{
    if (outcome != ARCHIVE_OK) throw publish_error("cannot write " + path_.string() + ": " + archive_error_string(archive_.get()));
}

void tar_file::put(const std::string& path, std::string_view bytes)
{
    require_publishable(path);
    add_folders_of(path);
    if (names_.contains(path + "/") || !names_.insert(path).second) throw publish_error("'" + path + "' would be published twice");
    add(path, false, bytes);
    ++counts_.files;
    counts_.bytes += bytes.size();
}

void tar_file::add_folders_of(const std::string& path)
{
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const auto folder = path.substr(0, slash + 1);
        if (names_.contains(path.substr(0, slash))) throw publish_error("'" + folder + "' would be a file and a folder");
        if (names_.insert(folder).second) add(folder, true, {});
    }
}

void tar_file::add(const std::string& path, bool folder, std::string_view bytes)
{
    auto* e = archive_entry_clear(entry_.get());
    archive_entry_set_pathname(e, path.c_str());
    archive_entry_set_filetype(e, folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(e, folder ? 0755 : 0644);
    archive_entry_set_size(e, static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_mtime(e, modified_, 0);
    require(archive_write_header(archive_.get(), e));
    if (!bytes.empty() && archive_write_data(archive_.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) require(ARCHIVE_FATAL);
}

tar_file::counts tar_file::finish()
{
    require(archive_write_close(archive_.get()));
    if (!beside_.empty()) fs::rename(beside_, path_);
    finished_ = true;
    if (!out_.close()) throw publish_error("cannot write " + path_.string() + ": " + std::strerror(errno));
    return counts_;
}

}  // namespace rollcall::render
