#include "render/documents/documents.hpp"

namespace rollcall::render {
namespace {

// A value that fits into a line stands on one: a night of a history, a row of a list. A file half the size, and no
// harder to read.
constexpr std::ptrdiff_t line_width = 200;
constexpr std::size_t step = 2;

std::string line_of(const document& d) { return d.dump(-1, ' ', false, document::error_handler_t::replace); }

// What a line has left after a value, below zero as soon as it does not fit. Escapes are not counted: nobody cares
// whether a line is a little longer.
std::ptrdiff_t left_after(const document& d, std::ptrdiff_t left)
{
    if (d.is_string()) return left - static_cast<std::ptrdiff_t>(d.get_ref<const std::string&>().size()) - 3;
    if (!d.is_structured()) return left - 6;
    left -= 3;
    for (auto it = d.begin(); it != d.end() && left >= 0; ++it) {
        if (d.is_object()) left -= static_cast<std::ptrdiff_t>(it.key().size()) + 4;
        left = left_after(*it, left);
    }
    return left;
}

void print(const document& d, std::size_t indent, std::string& out)
{
    // The whole document is never one line: its members are what people look for.
    if (indent > 0 && left_after(d, line_width - static_cast<std::ptrdiff_t>(indent)) >= 0) {
        out += line_of(d);
        return;
    }
    if (!d.is_structured() || d.empty()) {
        out += line_of(d);
        return;
    }
    out += d.is_object() ? "{\n" : "[\n";
    for (auto it = d.begin(); it != d.end(); ++it) {
        if (it != d.begin()) out += ",\n";
        out.append(indent + step, ' ');
        if (d.is_object()) out += line_of(it.key()) + ": ";
        print(*it, indent + step, out);
    }
    out += '\n';
    out.append(indent, ' ');
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
