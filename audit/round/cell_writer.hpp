// The one thread that writes cells, of all regions: the network thread hands them over and never waits for a disk.
#pragma once

#include "data/model/cell.hpp"
#include "data/store/ledger.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rollcall::audit {

// Writes in transactions of at most `batch` cells or half a second, whichever comes first: that is what a killed
// process can lose. The ledger must not be used by anybody else while the writer lives.
class cell_writer {
public:
    cell_writer(data::ledger& into, std::int64_t round, std::size_t batch = 500);
    cell_writer(const cell_writer&) = delete;
    cell_writer& operator=(const cell_writer&) = delete;
    ~cell_writer();

    // What an owner's record gave, beside the cell.
    struct checked { data::owner_check check; std::string note; };

    // Rethrows what ended the thread: a full disk, a locked store.
    void put(std::int64_t region, std::int64_t endpoint, data::cell c, std::optional<checked> owner = {});
    // Waits until everything is stored.
    void finish();

private:
    struct item { std::int64_t region, endpoint; data::cell cell; std::optional<checked> owner; };
    void work();
    void close();

    data::ledger& into_;
    std::int64_t round_;
    std::size_t batch_;
    std::mutex mutex_;
    std::condition_variable news_;
    std::vector<item> queue_;
    std::exception_ptr failure_;
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace rollcall::audit
