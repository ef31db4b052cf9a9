#include "audit/drift/show.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace rollcall::audit::drift {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t widest_name = 24;
constexpr std::size_t most_signs = 6;

struct paint {
    std::string_view bold, dim, off;
    std::array<std::string_view, grade_count> grade;
    std::string_view review;
};
constexpr paint plain{};
constexpr paint coloured{"\x1b[1m", "\x1b[2m", "\x1b[0m", {"\x1b[31m", "\x1b[32m", "\x1b[36m"}, "\x1b[33m"};

// Columns on a terminal: none for marks that stand on another letter, two for East Asian letters and emoji.
std::size_t width_of(std::string_view utf8)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k) c = (c << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3Fu);
        i += length;
        const bool mark = (c >= 0x300 && c <= 0x36F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D;
        const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                          (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
        width += mark ? 0 : wide ? 2 : 1;
    }
    return width;
}

// Breaks at blanks; a word that is too long stands alone.
std::vector<std::string> wrapped(const std::string& text, std::size_t columns)
{
    std::vector<std::string> lines;
    std::string line;
    std::size_t width = 0;
    for (std::size_t i = 0; i <= text.size();) {
        const auto end = std::min(text.find(' ', i), text.size());
        const auto word = text.substr(i, end - i);
        const auto wide = width_of(word);
        if (!line.empty() && width + 1 + wide > columns) {
            lines.push_back(std::move(line));
            line.clear();
            width = 0;
        }
        line += (line.empty() ? "" : " ") + word;
        width += wide + (width > 0 ? 1 : 0);
        i = end + 1;
    }
    if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
    return lines;
}

// `names` between backticks stand out; the backticks stay, so that nothing is lost without colour.
std::string with_names_bold(const std::string& line, const paint& p, bool& inside)
{
    if (p.bold.empty()) return line;
    std::string out = inside ? std::string(p.bold) : "";
    for (const char c : line) {
        if (c == '`' && !inside) out += p.bold;
        out += c;
        if (c == '`' && inside) out += p.off;
        if (c == '`') inside = !inside;
    }
    return inside ? out + std::string(p.off) : out;
}

std::string names_of(const std::vector<sign>& signs, sign_kind which)
{
    std::string out;
    std::size_t listed = 0, all = 0;
    for (const auto& s : signs) {
        if (s.what != which) continue;
        ++all;
        if (listed == most_signs) continue;
        out += (listed++ > 0 ? ", " : "") + words_of(s);
    }
    return all > listed ? fmt::format("{} and {} more", out, all - listed) : out;
}

std::vector<std::string> reviews_of(const change& c)
{
    static constexpr std::array<std::pair<sign_kind, std::string_view>, 3> words{
        {{sign_kind::invisible, "characters that nobody sees"}, {sign_kind::bidirectional, "characters that turn the line around"}, {sign_kind::instruction, "words that read like an instruction"}}};
    std::vector<std::string> out;
    for (const auto& [which, what] : words)
        if (const auto names = names_of(c.signs, which); !names.empty()) out.push_back(fmt::format("its new text has {}: {}", what, names));
    return out;
}

std::string tool_name(const change& c)
{
    auto name = safe_to_show(c.tool);
    return width_of(name) <= 64 ? name : name.substr(0, name.find_last_of(' ', 61) == std::string::npos ? 0 : 61) + "...";
}

ordered_json value_of(const std::string& json_text)
{
    constexpr std::size_t longest = 2000;
    if (json_text.empty()) return nullptr;
    if (json_text.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(json_text[end]) & 0xC0u) == 0x80u) --end;
        return json_text.substr(0, end) + "...";
    }
    return ordered_json::parse(json_text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace

std::string counts_of(const comparison& c)
{
    std::vector<std::string> parts;
    std::size_t all = 0;
    for (std::size_t i = 0; i < grade_count; ++i) {
        all += c.count[i];
        if (c.count[i] > 0) parts.push_back(fmt::format("{} {}", c.count[i], code_of(static_cast<grade>(i))));
    }
    if (parts.empty()) return "no change";
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return out + (all == 1 ? " change" : " changes");
}

std::string as_text(const comparison& c, bool colour, std::size_t columns)
{
    const auto& p = colour ? coloured : plain;
    std::size_t name_width = 0;
    for (const auto& change : c.changes)
        if (const auto w = width_of(tool_name(change)); w <= widest_name) name_width = std::max(name_width, w);
    const std::size_t text_width = std::max<std::size_t>(columns - std::min(columns, name_width + 6), 24);
    const std::string indent(name_width + 6, ' ');

    std::string out;
    std::optional<grade> group;
    std::string tool;
    for (const auto& change : c.changes) {
        const auto g = change.grade();
        if (group != g) {
            const auto i = static_cast<std::size_t>(g);
            out += fmt::format("{}  {}{}{} ({}){}\n", group ? "\n" : "", p.bold, p.grade[i], label_of(g), c.count[i], p.off);
            group = g;
            tool.clear();
        }
        const bool same_tool = !tool.empty() && tool == change.tool;
        tool = change.tool;
        std::string head = indent;
        if (!same_tool) {
            const auto name = tool_name(change);
            const auto wide = width_of(name);
            head = "    " + fmt::format("{}{}{}", p.bold, name, p.off);
            if (wide > name_width) {
                out += head + "\n";
                head = indent;
            } else {
                head += std::string(name_width + 2 - wide, ' ');
            }
        }
        bool inside = false;
        for (const auto& line : wrapped(predicate_of(change), text_width)) {
            out += head + with_names_bold(line, p, inside) + "\n";
            head = indent;
        }
        for (const auto& review : reviews_of(change)) {
            bool first = true;
            for (const auto& line : wrapped(review, text_width - 2)) out += fmt::format("{}{}{}{}{}\n", indent, p.review, std::exchange(first, false) ? "! " : "  ", line, p.off);
        }
    }
    if (c.left_out > 0) out += fmt::format("\n  {}{} more not shown{}\n", p.dim, c.left_out, p.off);
    return out;
}

ordered_json as_json(const comparison& c)
{
    ordered_json doc;
    const auto worst = c.worst();
    doc["grade"] = worst ? ordered_json(code_of(*worst)) : ordered_json();
    for (std::size_t i = 0; i < grade_count; ++i) doc["counts"][std::string(code_of(static_cast<grade>(i)))] = c.count[i];
    doc["left_out"] = c.left_out;
    doc["for_review"] = c.for_review;
    doc["tools"] = {{"before", c.tools_before}, {"after", c.tools_after}};
    doc["changes"] = ordered_json::array();
    const auto text_or_null = [](const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); };
    for (const auto& change : c.changes) {
        ordered_json row;
        row["grade"] = code_of(change.grade());
        row["kind"] = row_of(change.what).code;
        row["rule"] = row_of(change.why).code;
        row["because"] = row_of(change.why).sentence;
        row["sentence"] = sentence_of(change);
        row["tool"] = change.tool;
        row["renamed_to"] = text_or_null(change.renamed);
        row["side"] = code_of(change.side);
        row["subject"] = text_or_null(change.subject);
        row["keyword"] = text_or_null(change.keyword);
        row["place"] = change.place;
        row["before"] = value_of(change.before);
        row["after"] = value_of(change.after);
        row["for_review"] = ordered_json::array();
        for (const auto& s : change.signs) {
            ordered_json sign{{"what", code_of(s.what)}};
            if (s.what == sign_kind::instruction) sign["words"] = s.phrase;
            else sign["code_point"] = fmt::format("U+{:04X}", static_cast<std::uint32_t>(s.code_point));
            sign["count"] = s.count;
            row["for_review"].push_back(std::move(sign));
        }
        doc["changes"].push_back(std::move(row));
    }
    return doc;
}

}  // namespace rollcall::audit::drift
