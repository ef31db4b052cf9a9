#include "render/documents/documents.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace rollcall::render {
namespace {

// A value that fits into a line stands on one: a row of a list, the times of a step. A list of plain values fills its
// lines. A file half the size, and no harder to read.
constexpr std::ptrdiff_t line_width = 200;
constexpr std::size_t step = 2;

// Also what is not ASCII, since it may be broken.
bool needs_care(char c) { return static_cast<signed char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\'; }

void add_text(const std::string& text, std::string& out)
{
    for (const char c : text)
        if (needs_care(c)) {
            out += document(text).dump(-1, ' ', false, document::error_handler_t::replace);
            return;
        }
    out.append(1, '"').append(text).append(1, '"');
}

template <class Number>
void add_number(Number n, std::string& out)
{
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

void add_line(const document& d, std::string& out)
{
    switch (d.type()) {
        case document::value_t::null: out += "null"; return;
        case document::value_t::boolean: out += d.get<bool>() ? "true" : "false"; return;
        case document::value_t::string: add_text(d.get_ref<const std::string&>(), out); return;
        case document::value_t::number_integer: add_number(d.get<std::int64_t>(), out); return;
        case document::value_t::number_unsigned: add_number(d.get<std::uint64_t>(), out); return;
        case document::value_t::array: {
            out += '[';
            for (auto it = d.begin(); it != d.end(); ++it) {
                if (it != d.begin()) out += ',';
                add_line(*it, out);
            }
            out += ']';
            return;
        }
        case document::value_t::object: {
            out += '{';
            bool first = true;
            for (const auto& [key, value] : d.get_ref<const document::object_t&>()) {
                if (!std::exchange(first, false)) out += ',';
                add_text(key, out);
                out += ':';
                add_line(value, out);
            }
            out += '}';
            return;
        }
        default: out += d.dump();
    }
}

// What a line has left after a value, below zero as soon as it does not fit. Escapes are not counted: nobody cares
// whether a line is a little longer.
std::ptrdiff_t left_after(const document& d, std::ptrdiff_t left)
{
    if (d.is_string()) return left - static_cast<std::ptrdiff_t>(d.get_ref<const std::string&>().size()) - 3;
    if (!d.is_structured()) return left - 6;
    left -= 3;
    if (d.is_object()) {
        for (const auto& [key, value] : d.get_ref<const document::object_t&>()) {
            if (left < 0) return left;
            left = left_after(value, left - static_cast<std::ptrdiff_t>(key.size()) - 4);
        }
        return left;
    }
    for (auto it = d.begin(); it != d.end() && left >= 0; ++it) left = left_after(*it, left);
    return left;
}

void begin_line(std::size_t indent, std::string& out)
{
    out += '\n';
    out.append(indent, ' ');
}

bool is_plain_list(const document& d)
{
    return d.is_array() && std::ranges::none_of(d, [](const document& one) { return one.is_structured(); });
}

// As many to a line as find room.
void fill(const document& d, std::size_t indent, std::string& out)
{
    auto line = out.size();
    for (auto it = d.begin(); it != d.end(); ++it) {
        const auto before = out.size();
        if (it != d.begin()) out += ',';
        add_line(*it, out);
        if (it != d.begin() && out.size() - line <= static_cast<std::size_t>(line_width) - indent) continue;
        const auto from = before + (it == d.begin() ? 0 : 1);
        const auto last = out.substr(from);
        out.resize(from);
        begin_line(indent, out);
        line = out.size();
        out += last;
    }
}

void print(const document& d, std::size_t indent, std::string& out)
{
    // The whole document is never one line: its members are what people look for.
    if (!d.is_structured() || d.empty() || (indent > 0 && left_after(d, line_width - static_cast<std::ptrdiff_t>(indent)) >= 0)) return add_line(d, out);
    out += d.is_object() ? '{' : '[';
    if (d.is_object()) {
        bool first = true;
        for (const auto& [key, value] : d.get_ref<const document::object_t&>()) {
            if (!std::exchange(first, false)) out += ',';
            begin_line(indent + step, out);
            add_text(key, out);
            out += ": ";
            print(value, indent + step, out);
        }
    } else if (is_plain_list(d)) {
        fill(d, indent + step, out);
    } else {
        for (auto it = d.begin(); it != d.end(); ++it) {
            if (it != d.begin()) out += ',';
            begin_line(indent + step, out);
            print(*it, indent + step, out);
        }
    }
    begin_line(indent, out);
    out += d.is_object() ? '}' : ']';
}

}  // namespace

std::string published(const document& d)
{
    std::string out;
    print(d, 0, out);
    out += '\n';
    return out;
}

}  // namespace rollcall::render
