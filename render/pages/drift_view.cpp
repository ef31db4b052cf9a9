#include "render/pages/drift_view.hpp"

#include "render/templating/clean.hpp"

#include <algorithm>
#include <cstdint>

namespace rollcall::render {
namespace {

constexpr std::size_t shown_value = 1200, shown_name = 120, shown_changes = 150;

std::string utf8(std::uint32_t c)
{
    const auto part = [](std::uint32_t bits) { return static_cast<char>(0x80u | (bits & 0x3Fu)); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xC0u | c >> 6), part(c)};
    if (c < 0x10000) return {static_cast<char>(0xE0u | c >> 12), part(c >> 6), part(c)};
    return {static_cast<char>(0xF0u | c >> 18), part(c >> 12), part(c >> 6), part(c)};
}

// What nobody sees is what is to be looked at: each such character as its number.
std::string made_visible(std::string text, const document& signs)
{
    for (const auto& s : signs) {
        const auto name = text_in(s, "code_point");
        if (!name.starts_with("U+") || name.size() < 3 || name.size() > 8 || name.find_first_not_of("0123456789ABCDEFabcdef", 2) != std::string::npos) continue;
        const auto code = static_cast<std::uint32_t>(std::stoul(name.substr(2), nullptr, 16));
        if (code > 0x10FFFF) continue;
        const auto seen = "\u27e8" + name + "\u27e9", hidden = utf8(code);
        for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + seen.size())) text.replace(at, hidden.size(), seen);
    }
    return text;
}

// A text as it is, anything else as JSON. Empty where there was nothing.
std::string value_text(const document& change, const char* key, const document& signs)
{
    if (!change.contains(key) || change[key].is_null()) return {};
    const auto& v = change[key];
    if (v.is_string()) return clean(made_visible(v.get<std::string>(), signs), shown_value);
    const auto line = v.dump(-1, ' ', false, document::error_handler_t::replace);
    return clean(line.size() <= 60 ? line : v.dump(2, ' ', false, document::error_handler_t::replace), shown_value);
}

std::string review_words(const document& signs)
{
    std::string out;
    for (const auto& s : signs) {
        const auto what = text_in(s, "what");
        const auto words = what == "invisible" ? "a character that nobody sees (" + text_in(s, "code_point") + ")"
                           : what == "bidirectional" ? "a character that turns the line around (" + text_in(s, "code_point") + ")"
                                                     : "words that speak to the model: \u201c" + text_in(s, "phrase") + "\u201d";
        out += (out.empty() ? "" : "; ") + words;
    }
    return clean(out, 400);
}

std::string place_words(const document& c)
{
    const auto side = text_in(c, "side");
    return side == "input" ? "Input" : side == "output" ? "Output" : "Tool";
}

document change_view(const document& c)
{
    const auto& signs = list_in(c, "for_review");
    const auto kind = text_in(c, "kind");
    // A tool that came or went has no sides: its name stands over it.
    const bool whole = kind == "tool_added" || kind == "tool_removed";
    const auto before = whole ? std::string() : value_text(c, "before", signs), after = whole ? std::string() : value_text(c, "after", signs);
    auto sentence = text_in(c, "sentence");
    const auto tool = text_in(c, "tool");
    if (!tool.empty() && sentence.starts_with(tool + " ")) sentence = sentence.substr(tool.size() + 1);
    return {{"mark", grade_mark(text_in(c, "grade"))},
            {"place", place_words(c)},
            {"subject", clean(text_in(c, "subject"), shown_name)},
            {"keyword_of", clean(text_in(c, "keyword"), 60)},
            {"parts", parts_of(clean(sentence, 400))},
            {"because", clean(text_in(c, "because"), 300)},
            {"sides", before.empty() && after.empty() ? document(nullptr) : document{{"before", before}, {"after", after}}},
            {"review", review_words(signs)}};
}

}  // namespace

document grade_mark(const std::string& grade)
{
    if (grade == "breaking") return {{"grade", grade}, {"sign", "\u2717"}, {"meaning", "calls that were right may fail"}};
    if (grade == "additive") return {{"grade", grade}, {"sign", "+"}, {"meaning", "all old calls still work"}};
    return {{"grade", "wording"}, {"sign", "\u2248"}, {"meaning", "words that only people and models read"}};
}

document parts_of(const std::string& sentence)
{
    auto out = document::array();
    bool code = false;
    for (std::size_t at = 0; at <= sentence.size(); code = !code) {
        const auto end = std::min(sentence.find('`', at), sentence.size());
        if (end > at) out.push_back({{"text", sentence.substr(at, end - at)}, {"code", code}});
        at = end + 1;
    }
    return out;
}

std::string counts_words(const document& told)
{
    std::string words;
    const auto counts = told.find("counts");
    if (counts == told.end()) return words;
    for (const char* grade : {"breaking", "additive", "wording"})
        if (const auto n = number_in(*counts, grade); n > 0) words += (words.empty() ? "" : ", ") + std::to_string(n) + " " + grade;
    return words;
}

document drift_row(const drift_item& d)
{
    const auto& changes = d.told["changes"];
    auto first = changes.empty() ? std::string() : clean(text_in(changes[0], "sentence"), 160);
    std::erase(first, '`');
    return {{"date", data::to_date(d.at)},
            {"folder", d.folder},
            {"server", clean(d.server->name, shown_name)},
            {"slug", d.server->row->slug},
            {"mark", grade_mark(d.stored->grade)},
            {"counts_words", counts_words(d.told)},
            {"first", first},
            {"review", number_in(d.told, "for_review") > 0},
            {"taken_back", d.taken_back_on}};
}

document tools_view(const document& told)
{
    std::vector<document> out;
    std::size_t shown = 0;
    for (const auto& c : told["changes"]) {
        if (shown++ >= shown_changes) break;
        const auto name = text_in(c, "tool"), kind = text_in(c, "kind");
        auto it = std::ranges::find_if(out, [&](const document& t) { return t["key"] == name; });
        if (it == out.end()) {
            out.push_back({{"key", name}, {"tool", clean(name, shown_name)}, {"what", "changed"}, {"renamed", ""}, {"rows", document::array()}});
            it = out.end() - 1;
        }
        if (kind == "tool_added") (*it)["what"] = "new";
        if (kind == "tool_removed") (*it)["what"] = "gone";
        if (const auto to = text_in(c, "renamed_to"); !to.empty()) (*it)["renamed"] = clean(to, shown_name);
        (*it)["rows"].push_back(change_view(c));
    }
    return out;
}

}  // namespace rollcall::render
