#include "data/store/lock.hpp"

#include "data/store/sqlite.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rollcall::data {

store_lock::store_lock(const std::string& path)
{
    if (path == ":memory:") return;
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd_ < 0) {
        const int why = errno;
        throw store_error(path + ": cannot be opened for writing: " + std::strerror(why), why == EACCES || why == EROFS ? SQLITE_READONLY : SQLITE_CANTOPEN);
    }
    // A lock of another kind than SQLite's own, so that the two do not meet.
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
    const int why = errno;
    ::close(fd_);
    if (why == EWOULDBLOCK) throw store_error(path + ": another run is using this store; wait for it to end, or give this one a file of its own", SQLITE_BUSY);
    throw store_error(path + ": cannot be locked: " + std::strerror(why), SQLITE_IOERR);
}

store_lock::~store_lock()
{
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace rollcall::data
