// One run at a time on one store: SQLite would let two take turns, and both would probe the same servers.
#pragma once

#include <string>

namespace rollcall::data {

// Held for as long as the object lives, and let go by the system when the process dies, however it dies. Must outlive
// every connection of this process to the file: POSIX drops a process's locks with any descriptor that it closes.
class store_lock {
public:
    // Makes the file if it is not there. Throws store_error, naming it, if another run holds it or it cannot be opened
    // for writing.
    explicit store_lock(const std::string& path);
    store_lock(const store_lock&) = delete;
    ~store_lock();

private:
    int fd_ = -1;
};

}  // namespace rollcall::data
