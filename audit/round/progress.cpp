#include "audit/round/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace rollcall::audit {
namespace {

constexpr std::chrono::seconds plain_every{10};
constexpr std::chrono::milliseconds live_every{200};

std::string grouped(std::size_t n)
{
    auto text = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

std::string words(double seconds)
{
    if (seconds < 90) return fmt::format("{:.0f} s", seconds);
    return fmt::format("{:.0f} min", seconds / 60);
}

}  // namespace

progress_style detect_style(bool quiet)
{
    if (quiet) return progress_style::quiet;
    return isatty(STDERR_FILENO) ? progress_style::live : progress_style::plain;
}

progress::progress(std::size_t total, progress_style style, std::function<void(const std::string&)> write, clock::time_point start)
    : total_(total), style_(style), write_(std::move(write)), start_(start), next_(start + (style == progress_style::live ? clock::duration(live_every) : clock::duration(plain_every)))
{
}

void progress::count(data::cell_class c, clock::time_point)
{
    ++done_;
    if (data::is_good(c)) ++good_;
}

std::string progress::line(clock::time_point now, std::size_t in_flight, const std::string& queue) const
{
    const double seconds = std::max(std::chrono::duration<double>(now - start_).count(), 0.001);
    const double rate = static_cast<double>(done_) / seconds;
    auto out = fmt::format("{} of {} done, {} answered, {:.0f} a second", grouped(done_), grouped(total_), grouped(good_), rate);
    if (done_ > 0 && done_ < total_) out += ", " + words(static_cast<double>(total_ - done_) / rate) + " left";
    if (in_flight > 0) out += fmt::format("; {} in flight", grouped(in_flight));
    if (!queue.empty()) out += "; longest queue: " + queue;
    return out;
}

void progress::tick(clock::time_point now, std::size_t in_flight, const std::string& queue)
{
    if (style_ == progress_style::quiet || now < next_ || done_ == total_) return;
    if (style_ == progress_style::live) {
        next_ = now + live_every;
        write_("\r\x1b[K" + line(now, in_flight, queue));
    } else {
        next_ = now + plain_every;
        write_(line(now, in_flight, queue) + "\n");
    }
}

void progress::done(clock::time_point now)
{
    if (style_ == progress_style::quiet) return;
    write_((style_ == progress_style::live ? "\r\x1b[K" : "") + line(now, 0, {}) + "\n");
}

}  // namespace rollcall::audit
