// Reads an event stream (WHATWG HTML, "server-sent events") from bytes in any slices.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::mcp {

struct sse_event {
    std::string type = "message";
    std::string data;  // may be empty: an event that only carries an id
    bool operator==(const sse_event&) const = default;
};

struct sse_limits {
    std::size_t line = 1u << 20;
    std::size_t event = 4u << 20;
    std::size_t events = 1000;
};

class sse_reader {
public:
    explicit sse_reader(const sse_limits& limits = {}) : limits_(limits) {}

    // Takes bytes and appends the events that they complete. Lines end in LF, CR or CRLF, also split over two
    // calls. After overflowed() everything is ignored.
    void feed(std::string_view bytes, std::vector<sse_event>& events);

    bool overflowed() const { return overflowed_; }           // a cap was exceeded
    bool has_unterminated() const;                            // data came that no blank line has closed
    bool repaired() const { return repaired_; }               // bytes that are not UTF-8 were replaced
    bool had_bom() const { return had_bom_; }
    bool heard_something() const { return heard_something_; }  // a field, not only comments
    const std::string& last_event_id() const { return last_id_; }
    std::optional<std::chrono::milliseconds> retry() const { return retry_; }

private:
    void take(std::string_view bytes, std::vector<sse_event>& events);
    void end_line(std::vector<sse_event>& events);
    void field(std::string_view name, std::string_view value);
    void dispatch(std::vector<sse_event>& events);
    std::string text(std::string_view bytes);

    sse_limits limits_;
    std::string line_, data_, type_, id_, last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    std::size_t bom_ = 0;    // bytes of a byte order mark seen so far; 3: past the beginning
    std::size_t count_ = 0;  // events dispatched
    bool after_cr_ = false, has_data_ = false, has_id_ = false;
    bool overflowed_ = false, repaired_ = false, had_bom_ = false, heard_something_ = false;
};

}  // namespace rollcall::audit::mcp
