#include "render/publish/side_by_side.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace rollcall::render {
namespace {

struct stopped {};  // an earlier part failed

class crew {
public:
    crew(std::span<const site_part> parts, const sink& put, std::size_t most_held) : parts_(parts), put_(put), most_held_(most_held) {}

    void work()
    {
        for (;;) {
            std::size_t mine;
            {
                const std::lock_guard lock(guard_);
                if (next_ == parts_.size() || failed_) return;
                mine = next_++;
            }
            try {
                parts_[mine]([&](const std::string& path, std::string bytes) { take(mine, path, std::move(bytes)); });
                end(mine);
            } catch (const stopped&) {
                return;
            } catch (...) {
                fail(mine, std::current_exception());
            }
        }
    }

    void rethrow() const
    {
        if (failed_) std::rethrow_exception(failed_);
    }

private:
    struct file { std::string path, bytes; };
    struct waiting { std::vector<file> files; bool done = false; };

    // Whoever's turn it is hands files on without the lock: the turn is a lock of its own.
    void take(std::size_t mine, const std::string& path, std::string bytes)
    {
        std::unique_lock lock(guard_);
        const auto is_over = [&] { return failed_ && failed_part_ < mine; };
        changed_.wait(lock, [&] { return is_over() || turn_ == mine || held_ < most_held_; });
        if (is_over()) throw stopped{};
        if (turn_ != mine) {
            held_ += bytes.size();
            waiting_[mine].files.push_back({path, std::move(bytes)});
            return;
        }
        hand_on_held(mine, lock);
        lock.unlock();
        put_(path, std::move(bytes));
    }

    void hand_on_held(std::size_t of, std::unique_lock<std::mutex>& lock)
    {
        const auto it = waiting_.find(of);
        if (it == waiting_.end()) return;
        auto files = std::exchange(it->second.files, {});
        lock.unlock();
        std::size_t gone = 0;
        for (auto& f : files) {
            gone += f.bytes.size();
            put_(f.path, std::move(f.bytes));
        }
        lock.lock();
        held_ -= gone;
        changed_.notify_all();
    }

    // The turn goes on past every part that is done; what they kept is handed on here.
    void end(std::size_t mine)
    {
        std::unique_lock lock(guard_);
        waiting_[mine].done = true;
        if (turn_ != mine) return;
        for (auto it = waiting_.find(turn_); it != waiting_.end() && it->second.done; it = waiting_.find(turn_)) {
            hand_on_held(turn_, lock);
            waiting_.erase(turn_);
            ++turn_;
        }
        changed_.notify_all();
    }

    void fail(std::size_t mine, std::exception_ptr why)
    {
        const std::lock_guard lock(guard_);
        if (!failed_ || mine < failed_part_) {
            failed_ = std::move(why);
            failed_part_ = mine;
        }
        changed_.notify_all();
    }

    std::span<const site_part> parts_;
    const sink& put_;
    const std::size_t most_held_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::map<std::size_t, waiting> waiting_;
    std::size_t next_ = 0, turn_ = 0, held_ = 0, failed_part_ = 0;
    std::exception_ptr failed_;
};

}  // namespace

void side_by_side(std::span<const site_part> parts, const sink& put, unsigned threads, std::size_t most_held)
{
    crew all(parts, put, most_held);
    {
        std::vector<std::jthread> others;
        for (unsigned i = 1; i < std::min<std::size_t>(threads, parts.size()); ++i) others.emplace_back([&] { all.work(); });
        all.work();
    }
    all.rethrow();
}

}  // namespace rollcall::render
