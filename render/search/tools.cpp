#include "render/search/tools.hpp"

#include "render/search/index.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

namespace rollcall::render {
namespace {

constexpr std::size_t longest_name = 80, longest_prefix = 12, most_servers = 200;
constexpr const char* beyond = "_";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

struct tool { std::string name; std::vector<std::uint32_t> rows; };

std::vector<tool> tools_of(const roll& r)
{
    std::map<std::string, std::vector<std::uint32_t>> by_name;
    for (std::uint32_t i = 0; i < r.entries.size(); ++i)
        for (const auto& name : r.entries[i].row->tools) {
            auto& rows = by_name[clean(name, longest_name)];
            if (rows.empty() || rows.back() != i) rows.push_back(i);
        }
    std::vector<tool> out;
    for (auto& [name, rows] : by_name) out.push_back({name, std::move(rows)});
    return out;
}

// One word of one tool.
struct place { std::string word; const tool* of; };

std::size_t length_of(const tool& t) { return t.name.size() + 10 + 5 * std::min(t.rows.size(), most_servers); }

class cutter {
public:
    explicit cutter(const roll& r) : schema_(opened(r, "search-tools")["schema"]), mark_(roll_mark(r)) {}

    // `all`: places whose words begin with `prefix`, sorted by word.
    void cut(const std::string& prefix, std::span<const place> all)
    {
        std::size_t length = 0;
        for (const auto& p : all) length += length_of(*p.of);
        if (!prefix.empty() && (length <= longest_shard || prefix.size() == longest_prefix)) return put(prefix, all);
        std::size_t from = 0;
        while (from < all.size() && all[from].word.size() == prefix.size()) ++from;
        // Words that end here: a reader who typed no more finds them, and the longer ones in shards of their own.
        if (from > 0) put(prefix, all.first(from));
        while (from < all.size()) {
            const char next = all[from].word[prefix.size()];
            auto to = from + 1;
            while (to < all.size() && all[to].word[prefix.size()] == next) ++to;
            cut(prefix + next, all.subspan(from, to - from));
            from = to;
        }
    }

    // Those that most servers have first, so that what does not fit is what fewest would look for by this word.
    void put(const std::string& prefix, std::span<const place> all)
    {
        std::vector<const tool*> tools;
        for (const auto& p : all) tools.push_back(p.of);
        std::ranges::sort(tools, {}, [](const tool* t) { return std::pair(-static_cast<std::int64_t>(t->rows.size()), std::string_view(t->name)); });
        tools.erase(std::ranges::unique(tools).begin(), tools.end());
        document d{{"schema", schema_}, {"roll", mark_}, {"tools", document::array()}, {"servers", document::array()}, {"left_out", 0}};
        std::size_t length = 0, shown = 0;
        for (const auto* t : tools) {
            if ((length += length_of(*t)) > longest_shard) break;
            d["tools"].push_back(t->name);
            d["servers"].push_back(std::vector(t->rows.begin(), t->rows.begin() + static_cast<std::ptrdiff_t>(std::min(t->rows.size(), most_servers))));
            ++shown;
        }
        d["left_out"] = tools.size() - shown;
        shards_.insert_or_assign(prefix, std::move(d));
    }

    std::map<std::string, document> shards() { return std::move(shards_); }

private:
    document schema_;
    std::string mark_;
    std::map<std::string, document> shards_;
};

bool is_ascii(std::string_view word)
{
    return std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::vector<std::string> words_of(std::string_view name)
{
    std::vector<std::string> out;
    std::string whole, part;
    const auto end = [&](std::string& word) {
        if (!word.empty() && std::ranges::find(out, word) == out.end()) out.push_back(word);
        word.clear();
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool starts = i > 0 && is_upper(c) && is_letter(name[i - 1]) && !is_upper(name[i - 1]);
        if (starts || !is_letter(c)) end(part);
        if (!is_letter(c)) end(whole);
        else whole += lower(c), part += lower(c);
    }
    end(part);
    end(whole);
    return out;
}

std::map<std::string, document> tool_shards(const roll& r)
{
    const auto tools = tools_of(r);
    std::vector<place> places, others;
    for (const auto& t : tools)
        for (auto& word : words_of(t.name)) {
            auto& those = is_ascii(word) ? places : others;
            those.push_back({std::move(word), &t});
        }
    std::ranges::sort(places, {}, [](const place& p) { return std::pair(std::string_view(p.word), std::string_view(p.of->name)); });
    cutter c(r);
    c.cut("", places);
    if (!others.empty()) c.put(beyond, others);
    return c.shards();
}

}  // namespace rollcall::render
