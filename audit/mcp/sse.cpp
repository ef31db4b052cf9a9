#include "audit/mcp/sse.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/mcp/text.hpp"

namespace rollcall::audit::mcp {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

void sse_reader::feed(std::string_view bytes, std::vector<sse_event>& events)
{
    while (bom_ < 3 && !bytes.empty()) {
        if (bytes.front() == byte_order_mark[bom_]) {
            bytes.remove_prefix(1);
            if (++bom_ == 3) had_bom_ = true;
        } else {  // it only looked like one
            const auto held = byte_order_mark.substr(0, bom_);
            bom_ = 3;
            take(held, events);
        }
    }
    take(bytes, events);
}

void sse_reader::take(std::string_view bytes, std::vector<sse_event>& events)
{
    while (!bytes.empty() && !overflowed_) {
        if (after_cr_) {
            after_cr_ = false;
            if (bytes.front() == '\n') {
                bytes.remove_prefix(1);
                continue;
            }
        }
        const auto end = bytes.find_first_of("\r\n");
        const auto piece = bytes.substr(0, end);
        if (line_.size() + piece.size() > limits_.line) {
            overflowed_ = true;
            return;
        }
        line_ += piece;
        if (end == std::string_view::npos) return;
        after_cr_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        end_line(events);
        line_.clear();
    }
}

void sse_reader::end_line(std::vector<sse_event>& events)
{
    if (line_.empty()) {
        dispatch(events);
        return;
    }
    if (line_.front() == ':') return;  // a comment
    heard_something_ = true;
    const std::string_view line = line_;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
        field(line, {});
        return;
    }
    auto value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line.substr(0, colon), value);
}

void sse_reader::field(std::string_view name, std::string_view value)
{
    if (name == "data") {
        if (data_.size() + value.size() + 1 > limits_.event) {
            overflowed_ = true;
            return;
        }
        if (has_data_) data_ += '\n';
        data_ += value;
        has_data_ = true;
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') != std::string_view::npos) return;
        id_ = value;
        has_id_ = true;
    } else if (name == "retry" && !value.empty()) {
        long long ms = 0;
        for (const char c : value) {
            if (!is_digit(c)) return;
            if (ms < 1'000'000'000) ms = ms * 10 + (c - '0');
        }
        retry_ = std::chrono::milliseconds(ms);
    }
}

void sse_reader::dispatch(std::vector<sse_event>& events)
{
    if (has_id_) last_id_ = text(id_);
    if (has_data_) {
        if (++count_ > limits_.events) {
            overflowed_ = true;
            return;
        }
        events.push_back({type_.empty() ? "message" : text(type_), text(data_)});
    }
    data_.clear();
    type_.clear();
    has_data_ = has_id_ = false;
}

std::string sse_reader::text(std::string_view bytes) { return repair_utf8(bytes, repaired_); }

bool sse_reader::has_unterminated() const
{
    return has_data_ || line_.starts_with("data");
}

}  // namespace rollcall::audit::mcp
