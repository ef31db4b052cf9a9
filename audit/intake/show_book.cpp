// The book of a list as people and scripts read it.
#include "audit/intake/book.hpp"

#include "audit/url/url.hpp"
#include "data/model/numbers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace rollcall::audit {
namespace {

using data::grouped;
using data::many;
using row = std::vector<std::string>;

// The first column to the left, the others to the right; no blanks at the ends of lines.
std::string aligned(const std::vector<row>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& r : rows) {
        if (widths.size() < r.size()) widths.resize(r.size());
        for (std::size_t i = 0; i < r.size(); ++i) widths[i] = std::max(widths[i], r[i].size());
    }
    std::string out;
    for (const auto& r : rows) {
        std::string line;
        for (std::size_t i = 0; i < r.size(); ++i) {
            const std::string gap(widths[i] - r[i].size(), ' ');
            line += i == 0 ? r[i] + gap : "  " + gap + r[i];
        }
        while (line.ends_with(' ')) line.pop_back();
        out += line + '\n';
    }
    return out;
}

struct step { const char* code; const char* label; std::int64_t registry_book::*count; bool part; };

// `part`: of the line above, and shown only where there is one.
constexpr step steps[] = {
    {"rows", "rows", &registry_book::rows, false},
    {"rejected", "  rejected", &registry_book::rejected, true},
    {"superseded", "  older versions", &registry_book::superseded, true},
    {"deleted", "  withdrawn", &registry_book::deleted, true},
    {"repeated", "  of a name that came before", &registry_book::repeated, true},
    {"listings", "listings", &registry_book::listings, false},
    {"remotes", "remotes", &registry_book::remotes, false},
    {"distinct", "distinct as listed", &registry_book::distinct, false},
    {"canonical", "canonical URLs", &registry_book::canonical, false},
    {"eligible", "eligible", &registry_book::eligible, false},
    {"only_here", "  listed only here", &registry_book::only_here, true},
};

// Words for a class; its code where there are none.
std::string words_for(const std::string& exclusion)
{
    static constexpr std::pair<std::string_view, const char*> words[] = {
        {"stdio_only", "local only, no URL"},     {"templated", "URL to be filled in"},      {"reserved_name", "reserved or internal name"},
        {"private_address", "private address"},   {"userinfo", "password in the URL"},       {"scheme", "not http or https"},
        {"url_malformed", "malformed URL"},       {"url_missing", "no URL given"},           {"superseded", "older version"},
        {"deleted", "withdrawn by the registry"}, {"opted_out", "left out at the owner's wish"}, {"delisted", "delisted"},
    };
    for (const auto& [code, label] : words)
        if (code == exclusion) return label;
    return exclusion;
}

std::vector<row> funnel_rows(const list_book& book)
{
    std::vector<row> rows{{""}};
    for (const auto& b : book.registries) rows[0].push_back(b.registry + (b.kept ? "*" : ""));
    rows[0].emplace_back("all");
    const auto add = [&](const std::string& label, const auto& count) {
        row r{label};
        for (const auto& b : book.registries) r.push_back(grouped(count(b)));
        r.push_back(grouped(count(book.all)));
        rows.push_back(std::move(r));
    };
    for (const auto& s : steps)
        if (!s.part || book.all.*s.count > 0) add(s.label, [&](const registry_book& b) { return b.*s.count; });
    if (book.all.excluded.empty()) return rows;
    rows.push_back({""});
    rows.push_back({"never probed"});
    for (const auto& [code, n] : book.all.excluded)
        add("  " + words_for(code), [&code = code](const registry_book& b) {
            const auto it = b.excluded.find(code);
            return it == b.excluded.end() ? 0 : it->second;
        });
    return rows;
}

std::vector<row> overlap_rows(const list_book& book)
{
    const auto& all = book.registries;
    std::vector<row> rows{{"listed by both"}};
    for (std::size_t j = 1; j < all.size(); ++j) rows[0].push_back(all[j].registry);
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        row r{all[i].registry};
        for (std::size_t j = 1; j < all.size(); ++j) r.push_back(j > i ? grouped(book.both[i][j]) : "");
        rows.push_back(std::move(r));
    }
    return rows;
}

std::string times_in_words(const list_book& book)
{
    static const std::array<std::string, 9> words{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    std::string out;
    for (std::size_t i = 0; i < book.times.size(); ++i) {
        if (book.times[i] == 0) continue;
        out += (out.empty() ? "" : ", ") + grouped(book.times[i]) + " by " + (i < words.size() ? words[i] : std::to_string(i + 1));
    }
    return out;
}

}  // namespace

std::string book_tables(const list_book& book)
{
    auto out = aligned(funnel_rows(book));
    const bool any_kept = std::ranges::any_of(book.registries, &registry_book::kept);
    if (any_kept) out += "* its last good listing: tonight's reading was not good\n";
    out += '\n';
    if (book.registries.size() > 1) {
        out += aligned(overlap_rows(book)) + '\n';
        out += "Of " + grouped(book.all.eligible) + " eligible endpoints are listed: " + times_in_words(book) + ".\n";
    }
    out += "They stand on " + many(book.hosts, "host") + ", " + many(book.sites, "site") + ", " + many(book.platforms, "platform") + ".\n";
    if (!book.marks.empty()) {
        std::string line;
        for (const auto& m : all_marks())
            if (const auto it = book.marks.find(std::string(m.code)); it != book.marks.end()) line += (line.empty() ? "" : ", ") + grouped(it->second) + " " + std::string(m.label);
        out += "Counted, not excluded: " + line + ".\n";
    }
    if (book.variants > 0) out += many(book.variants, "campaign variant") + " of another endpoint: that one is probed in their place.\n";
    return out + "Frozen for this round: " + grouped(book.frozen) + ".\n";
}

std::string book_json(const list_book& book, const std::string& date, bool all_good)
{
    using json = nlohmann::ordered_json;
    const auto one = [](const registry_book& b) {
        json d = json::object();
        for (const auto& s : steps) d[s.code] = b.*s.count;
        d["excluded"] = json::object();
        for (const auto& [code, n] : b.excluded) d["excluded"][code] = n;
        return d;
    };
    json d{{"date", date}, {"all_registries_good", all_good}, {"registries", json::array()}};
    for (const auto& b : book.registries) {
        json r{{"registry", b.registry}, {"name", b.name}, {"last_good_listing", b.kept}};
        r.update(one(b));
        d["registries"].push_back(std::move(r));
    }
    d["all"] = one(book.all);
    d["all"]["variants"] = book.variants;
    d["all"]["frozen"] = book.frozen;
    d["all"]["hosts"] = book.hosts;
    d["all"]["sites"] = book.sites;
    d["all"]["platforms"] = book.platforms;
    d["marks"] = json::object();
    for (const auto& [code, n] : book.marks) d["marks"][code] = n;
    d["overlap"] = json::array();
    for (std::size_t i = 0; i < book.registries.size(); ++i)
        for (std::size_t j = i + 1; j < book.registries.size(); ++j)
            d["overlap"].push_back({{"registries", {book.registries[i].registry, book.registries[j].registry}}, {"endpoints", book.both[i][j]}});
    d["listed_by"] = json::array();
    for (std::size_t i = 0; i < book.times.size(); ++i) d["listed_by"].push_back({{"registries", i + 1}, {"endpoints", book.times[i]}});
    return d.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace rollcall::audit
