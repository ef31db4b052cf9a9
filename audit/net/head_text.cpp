#include "audit/net/head_text.hpp"

#include "audit/classify/ascii.hpp"

#include <algorithm>
#include <vector>

namespace rollcall::audit {
namespace {

// A line without a colon has no name.
struct field { std::string name, value; };

std::string_view skip_blank_lines(std::string_view bytes)
{
    return bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
}

// "HTTP/1.1 200" is what is needed of it.
std::string tidy_status(std::string_view line)
{
    std::string out(line);
    if (out.starts_with("HTTP/2.0 ")) out.replace(5, 3, "1.1");
    constexpr std::size_t up_to_code = 12;
    if (out.size() == up_to_code) out += ' ';
    std::replace_if(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return out;
}

// No client can do anything with such a name, and some skip the field.
bool is_skipped(std::string_view name) { return name.empty() || name.find_first_of(" \t") < name.size() - 1; }

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\0') || c == 0x7f; }

// "7, 7" is 7; anything else is left as it stands.
std::string one_length(const std::string& list)
{
    const auto first = trim(std::string_view(list).substr(0, list.find(',')));
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        if (trim(std::string_view(list).substr(at, end - at)) != first) return list;
        at = end + 1;
    }
    return std::string(first);
}

bool is_chunked(const std::string& coding)
{
    const auto list = lower(coding);
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        if (trim(std::string_view(list).substr(at, end - at)) != "chunked") return false;
        at = end + 1;
    }
    return true;
}

// One field for how the body ends, where they say the same or one of them counts (RFC 9112 section 6.3).
void tidy_framing(std::vector<field>& fields)
{
    const auto named = [](std::string_view name) { return [name](const field& f) { return lower(f.name) == name; }; };
    const auto merge = [&](std::string_view name) {
        auto first = std::ranges::find_if(fields, named(name));
        if (first == fields.end()) return first;
        for (auto next = std::find_if(first + 1, fields.end(), named(name)); next != fields.end();
             next = std::find_if(first + 1, fields.end(), named(name))) {
            first->value += ", " + next->value;
            fields.erase(next);
        }
        return first;
    };
    if (const auto coding = merge("transfer-encoding"); coding != fields.end() && is_chunked(coding->value)) {
        coding->value = "chunked";
        std::erase_if(fields, named("content-length"));
    }
    if (const auto length = merge("content-length"); length != fields.end()) length->value = one_length(length->value);
}

constexpr std::size_t http2_frame_head = 9;

bool is_http2(std::string_view bytes)
{
    constexpr char settings = 4, go_away = 7;
    return bytes.size() >= http2_frame_head && bytes[0] == 0 && (bytes[3] == settings || bytes[3] == go_away) &&
           bytes.substr(5, 4) == std::string_view("\0\0\0\0", 4);
}

bool may_become_http(std::string_view line)
{
    constexpr std::string_view shape = "HTTP/d.d ddd";
    for (std::size_t i = 0; i < std::min(line.size(), shape.size()); ++i)
        if (shape[i] == 'd' ? !is_digit(line[i]) : line[i] != shape[i]) return false;
    return line.size() <= shape.size() || is_space(line[shape.size()]);
}

}  // namespace

std::optional<std::size_t> end_of_head(std::string_view bytes, std::size_t from)
{
    const auto start = bytes.size() - skip_blank_lines(bytes).size();
    for (auto at = bytes.find('\n', std::max(start, from)); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        if (bytes.substr(at + 1).starts_with('\n')) return at + 2;
        if (bytes.substr(at + 1).starts_with("\r\n")) return at + 3;
    }
    return std::nullopt;
}

std::optional<finding> what_is_not_http(std::string_view bytes)
{
    if (may_become_http(skip_blank_lines(bytes))) return std::nullopt;
    if (bytes[0] == '\0' && bytes.size() < http2_frame_head) return std::nullopt;
    if (is_http2(bytes)) return finding{data::reason::http2_only, "a frame of HTTP/2 came back"};
    std::string shown(bytes.substr(0, 40));
    std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
    return finding{data::reason::http_garbage, "it begins with \"" + shown + "\""};
}

std::string tidy_head(std::string_view head)
{
    head = skip_blank_lines(head);
    std::string status;
    std::vector<field> fields;
    for (std::size_t at = 0; at < head.size();) {
        const auto end = std::min(head.find('\n', at), head.size());
        auto line = head.substr(at, end - at);
        at = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) break;
        if (status.empty()) {
            status = tidy_status(line);
            continue;
        }
        if ((line[0] == ' ' || line[0] == '\t') && !fields.empty()) {
            fields.back().value += " " + std::string(trim(line));
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            fields.push_back({{}, std::string(line)});
            continue;
        }
        field f{std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))};
        std::ranges::replace_if(f.value, is_control, ' ');
        if (!is_skipped(f.name)) fields.push_back(std::move(f));
    }
    tidy_framing(fields);
    std::string out = status + "\r\n";
    for (const auto& f : fields) out += (f.name.empty() ? f.value : f.name + ": " + f.value) + "\r\n";
    return out + "\r\n";
}

}  // namespace rollcall::audit
