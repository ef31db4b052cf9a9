#include "audit/round/cell_writer.hpp"

#include <chrono>
#include <utility>

namespace rollcall::audit {

cell_writer::cell_writer(data::ledger& into, std::int64_t round, std::size_t batch)
    : into_(into), round_(round), batch_(batch), thread_([this] { work(); })
{
}

cell_writer::~cell_writer() { close(); }

void cell_writer::close()
{
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    news_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void cell_writer::put(std::int64_t region, std::int64_t endpoint, data::cell c, std::optional<checked> owner)
{
    bool enough = false;
    {
        const std::lock_guard lock(mutex_);
        if (failure_) std::rethrow_exception(failure_);
        queue_.push_back({region, endpoint, std::move(c), std::move(owner)});
        enough = queue_.size() >= batch_;
    }
    if (enough) news_.notify_one();
}

void cell_writer::finish()
{
    close();
    if (failure_) std::rethrow_exception(failure_);
}

void cell_writer::work()
try {
    for (bool last = false; !last;) {
        std::vector<item> batch;
        {
            std::unique_lock lock(mutex_);
            news_.wait_for(lock, std::chrono::milliseconds(500), [this] { return closing_ || queue_.size() >= batch_; });
            batch.swap(queue_);
            last = closing_;
        }
        if (batch.empty()) continue;
        data::transaction all(into_.db());
        for (const auto& i : batch) {
            into_.record(round_, i.region, i.endpoint, i.cell);
            if (i.owner) into_.record_check(round_, i.region, i.endpoint, i.owner->check, i.owner->note);
        }
        all.commit();
    }
} catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
}

}  // namespace rollcall::audit
