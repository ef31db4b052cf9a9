#include "audit/health/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace rollcall::audit::health {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t widest_name = 34;

std::string_view tint_of(state s)
{
    switch (s) {
        case state::up: return "\x1b[32m";
        case state::degraded: return "\x1b[33m";
        case state::down: return "\x1b[31m";
        case state::gated:
        case state::unknown: break;
    }
    return "\x1b[36m";
}

// Characters, as far as a column is concerned: names of components are hardly ever wide ones.
std::size_t width_of(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string padded(std::string text, std::size_t width)
{
    const auto now = width_of(text);
    if (now < width) text.append(width - now, ' ');
    return text;
}

std::string cut(std::string text, std::size_t width)
{
    if (width_of(text) <= width) return text;
    while (width_of(text) > width - 3)
        do text.pop_back();
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0u) == 0x80u);
    return text + "...";
}

// Six significant digits, no trailing zeros; whole numbers whole.
std::string number(double value)
{
    std::array<char, 64> out{};
    const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
    std::snprintf(out.data(), out.size(), whole ? "%.0f" : "%.6g", value);
    return out.data();
}

std::string in_words(const metric& m)
{
    auto out = m.name + " " + (m.value ? number(*m.value) : "-");
    const bool said = m.unit.empty() || m.unit == "ratio" || m.name.ends_with("_" + m.unit) || m.name == m.unit;
    if (!said && m.value) out += " " + m.unit;
    return out;
}

// Pieces joined by ", ", broken before a piece that does not fit; each further line is indented.
std::string wrapped(const std::vector<std::string>& pieces, std::size_t indent, std::size_t width)
{
    std::string out;
    auto column = indent;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const bool last = i + 1 == pieces.size();
        const auto size = width_of(pieces[i]) + (last ? 0 : 1);
        if (i > 0 && width > 0 && column + 1 + size > width) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (i > 0) {
            out += ' ';
            ++column;
        }
        out += pieces[i] + (last ? "" : ",");
        column += size;
    }
    return out;
}

// Prose, broken between words.
std::string filled(std::string_view text, std::size_t indent, std::size_t width)
{
    std::string out(indent, ' ');
    auto column = indent;
    while (!text.empty()) {
        const auto space = text.find(' ');
        const auto word = text.substr(0, space);
        const auto size = width_of(word);
        if (column > indent && width > 0 && column + 1 + size > width) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
        text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    }
    return out + "\n";
}

struct columns { std::size_t name = 9, reason = 6; };

columns columns_of(std::span<const titled> documents)
{
    columns c;
    for (const auto& d : documents)
        for (const auto& item : d.read.components) {
            c.name = std::max(c.name, std::min(widest_name, width_of(item.name)));
            c.reason = std::max(c.reason, std::max<std::size_t>(1, width_of(item.reason)));
        }
    return c;
}

std::string joined(const std::vector<std::string>& list)
{
    std::string out;
    for (const auto& s : list) out += (out.empty() ? "" : ", ") + s;
    return out.empty() ? "nothing" : out;
}

void write_rows(std::string& out, const report& r, const columns& c, const look& how)
{
    const std::string_view off = how.colour ? "\x1b[0m" : "", dim = how.colour ? "\x1b[2m" : "";
    const std::size_t at_state = 2 + c.name + 2, at_reason = at_state + 8 + 2;
    auto at_metrics = at_reason + c.reason + 2;
    // No room beside the reasons: the figures get lines of their own.
    const bool below = how.width > 0 && at_metrics + 24 > how.width;
    for (const auto& item : r.components) {
        const std::string_view tint = how.colour ? tint_of(item.is) : "";
        out += "  " + padded(cut(item.name, widest_name), c.name) + "  ";
        out += std::string(tint) + padded(std::string(data::code_of(item.is)), 8) + std::string(off) + "  ";
        const auto reason = item.reason.empty() ? std::string("-") : item.reason;
        std::vector<std::string> pieces;
        for (const auto& m : item.metrics) pieces.push_back(in_words(m));
        if (pieces.empty()) out += reason + "\n";
        else if (below) out += reason + "\n" + std::string(at_state, ' ') + wrapped(pieces, at_state, how.width) + "\n";
        else out += padded(reason, c.reason) + "  " + wrapped(pieces, at_metrics, how.width) + "\n";
        if (!item.note.empty() && item.is != state::up) out += std::string(dim) + filled("\"" + item.note + "\"", at_state, how.width) + std::string(off);
    }
}

json to_json(const metric& m)
{
    json out;
    out["value"] = m.value ? json(*m.value) : json();
    out["unit"] = m.unit.empty() ? json() : json(m.unit);
    return out;
}

json to_json(const titled& d)
{
    const auto& r = d.read;
    json out;
    out["source"] = d.source;
    out["state"] = data::code_of(r.is);
    out["reason"] = r.reason.empty() ? json() : json(r.reason);
    out["family"] = row_of(r.form).code;
    out["http_status"] = r.status ? json(r.status) : json();
    out["components"] = json::array();
    for (const auto& c : r.components) {
        json item;
        item["component"] = c.name;
        item["state"] = data::code_of(c.is);
        item["reason"] = c.reason.empty() ? json() : json(c.reason);
        item["derived"] = c.derived;
        item["metrics"] = json::object();
        for (const auto& m : c.metrics) item["metrics"][m.name] = to_json(m);
        item["note"] = c.note.empty() ? json() : json(c.note);
        out["components"].push_back(std::move(item));
    }
    out["warnings"] = json::array();
    for (const auto o : r.oddities) out["warnings"].push_back(code_of(o));
    out["recognised"] = r.recognised;
    out["unrecognised"] = r.unrecognised;
    return out;
}

}  // namespace

std::string in_words(std::span<const metric> metrics)
{
    std::string out;
    for (const auto& m : metrics) out += (out.empty() ? "" : ", ") + in_words(m);
    return out;
}

std::string as_table(std::span<const titled> documents, look how)
{
    const auto c = columns_of(documents);
    const std::string_view bold = how.colour ? "\x1b[1m" : "", dim = how.colour ? "\x1b[2m" : "", off = how.colour ? "\x1b[0m" : "";
    const auto head = "  " + padded("component", c.name) + "  " + padded("state", 8) + "  " + padded("reason", c.reason) + "  metrics";
    std::string out;
    for (const auto& d : documents) {
        const auto& r = d.read;
        if (!out.empty()) out += '\n';
        out += std::string(bold) + d.source + std::string(off) + "\n";
        const std::string_view tint = how.colour ? tint_of(r.is) : "";
        std::string sum = "  " + std::string(tint) + std::string(data::code_of(r.is)) + std::string(off) + ": " + std::string(row_of(r.form).words);
        if (r.status) sum += ", HTTP " + std::to_string(r.status);
        out += sum + "\n" + std::string(dim) + head + std::string(off) + "\n";
        write_rows(out, r, c, how);
        for (const auto o : r.oddities) out += filled("Note: " + std::string(words_of(o)), 2, how.width);
        if (r.is == state::unknown && !(r.recognised.empty() && r.unrecognised.empty())) {
            out += filled("Recognised: " + joined(r.recognised), 2, how.width);
            out += filled("Not recognised: " + joined(r.unrecognised), 2, how.width);
        }
    }
    return out;
}

std::string as_json(std::span<const titled> documents)
{
    json out;
    out["documents"] = json::array();
    for (const auto& d : documents) out["documents"].push_back(to_json(d));
    return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace rollcall::audit::health
