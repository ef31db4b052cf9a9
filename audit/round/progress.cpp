#include "audit/round/progress.hpp"

#include "data/model/numbers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace rollcall::audit {
namespace {

using data::grouped;

// A control character that no line of ours begins with.
constexpr char counts_mark = '\x1e';

std::chrono::milliseconds interval_of(progress_style style)
{
    using namespace std::chrono_literals;
    return style == progress_style::live ? 200ms : style == progress_style::counts ? 500ms : 10'000ms;
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

std::string counts_line(const progress_counts& c)
{
    return fmt::format("{}{} {} {} {} {} {} {}\n", counts_mark, c.total, c.done, c.good, c.now.in_flight, c.now.aside, c.now.queued, c.now.queue);
}

std::optional<progress_counts> parse_counts(std::string_view line)
{
    if (!line.starts_with(counts_mark)) return std::nullopt;
    std::istringstream in{std::string(line.substr(1))};
    progress_counts c;
    if (!(in >> c.total >> c.done >> c.good >> c.now.in_flight >> c.now.aside >> c.now.queued)) return std::nullopt;
    in >> c.now.queue;
    return c;
}

std::string progress_line(const progress_counts& c, std::chrono::duration<double> elapsed)
{
    const double rate = static_cast<double>(c.done) / std::max(elapsed.count(), 0.001);
    auto out = fmt::format("{} of {} done, {} answered, {:.0f} a second", grouped(c.done), grouped(c.total), grouped(c.good), rate);
    if (c.done > 0 && c.done < c.total) out += ", " + words(static_cast<double>(c.total - c.done) / rate) + " left";
    if (c.now.in_flight > 0) out += fmt::format("; {} in flight", grouped(c.now.in_flight));
    if (c.now.aside > 0) out += fmt::format("{}{} waiting for an address", c.now.in_flight > 0 ? ", " : "; ", grouped(c.now.aside));
    if (c.now.queued > 1) out += fmt::format("; longest queue: {} {}", c.now.queue, grouped(c.now.queued));
    return out;
}

progress::progress(std::size_t total, progress_style style, std::function<void(const std::string&)> write, clock::time_point start)
    : style_(style), write_(std::move(write)), start_(start), next_(start + interval_of(style))
{
    counts_.total = total;
}

void progress::count(data::cell_class c)
{
    ++counts_.done;
    if (data::is_good(c)) ++counts_.good;
}

void progress::set(const progress_counts& c) { counts_ = c; }

void progress::write(clock::time_point now)
{
    const auto line = progress_line(counts_, now - start_);
    switch (style_) {
        case progress_style::quiet: break;
        case progress_style::live: write_("\r\x1b[K" + line); break;
        case progress_style::plain: write_(line + "\n"); break;
        case progress_style::counts: write_(counts_line(counts_)); break;
    }
}

void progress::tick(clock::time_point now, progress_status status)
{
    if (style_ == progress_style::quiet || now < next_ || counts_.done == counts_.total) return;
    next_ = now + interval_of(style_);
    counts_.now = std::move(status);
    write(now);
}

void progress::done(clock::time_point now)
{
    counts_.now = {};
    write(now);
    if (style_ == progress_style::live) write_("\n");
}

}  // namespace rollcall::audit
