#include "audit/drift/likeness.hpp"

#include "audit/classify/ascii.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

constexpr double threshold = 0.75;
constexpr std::size_t all_pairs = 4096;       // so few are all compared
constexpr std::size_t most_candidates = 16;   // of one tool, else
constexpr std::size_t most_common = 64;       // what more tools share than these tells none from another
constexpr std::size_t most_features = 64;     // of one tool

// FNV-1a: the same on every machine and in every run.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 14695981039346656037u)
{
    for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return seed;
}

std::string plain(std::string_view name)
{
    std::string out;
    for (const char c : name)
        if (c != '_' && c != '-' && c != '.' && c != '/' && c != ' ') out += lower(c);
    return out;
}

bool is_letter(char c) { return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80; }

// "searchOrders_v2" gives search, orders, v2.
std::vector<std::string> words_in(std::string_view text, bool by_case)
{
    std::vector<std::string> out;
    std::string word;
    char previous = 0;
    const auto end_word = [&] {
        if (!word.empty()) out.push_back(std::move(word));
        word.clear();
    };
    for (const char c : text) {
        const bool hump = by_case && c >= 'A' && c <= 'Z' && previous >= 'a' && previous <= 'z';
        if (!is_letter(c) || hump) end_word();
        if (is_letter(c)) word += lower(c);
        previous = c;
    }
    end_word();
    return out;
}

void sort_once(std::vector<std::uint64_t>& v)
{
    std::ranges::sort(v);
    v.erase(std::ranges::unique(v).begin(), v.end());
}

void gather_fields(const json& schema, std::string_view prefix, int depth, std::vector<std::uint64_t>& out)
{
    if (!schema.is_object() || depth > 3) return;
    const auto fields = schema.find("properties");
    if (fields == schema.end() || !fields->is_object()) return;
    for (const auto& [name, inner] : fields->items()) {
        if (out.size() >= most_features) return;
        const auto path = std::string(prefix) + "/" + name;
        std::string type;
        if (inner.is_object())
            if (const auto t = inner.find("type"); t != inner.end()) type = t->dump(-1, ' ', false, json::error_handler_t::replace);
        out.push_back(hash_of(path + ":" + type));
        gather_fields(inner, path, depth + 1, out);
    }
}

double shared(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b)
{
    if (a.empty() || b.empty()) return 0;
    std::vector<std::uint64_t> both;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    return static_cast<double>(both.size()) / static_cast<double>(a.size() + b.size() - both.size());
}

double likeness_of_plain(const std::string& a, const std::string& b)
{
    if (a == b) return 1;
    if (a.size() < 2 || b.size() < 2) return 0;
    const auto pairs = [](const std::string& text) {
        std::vector<std::uint16_t> out;
        for (std::size_t i = 0; i + 1 < text.size() && i < 128; ++i)
            out.push_back(static_cast<std::uint16_t>((static_cast<unsigned char>(text[i]) << 8) | static_cast<unsigned char>(text[i + 1])));
        std::ranges::sort(out);
        return out;
    };
    const auto x = pairs(a), y = pairs(b);
    std::vector<std::uint16_t> both;
    std::ranges::set_intersection(x, y, std::back_inserter(both));
    return std::min(0.99, 2.0 * static_cast<double>(both.size()) / static_cast<double>(x.size() + y.size()));
}

std::vector<std::uint64_t> features_of(const portrait& p)
{
    std::vector<std::uint64_t> out{hash_of(p.plain_name, 1)};
    std::uint64_t whole = 2;
    for (const auto f : p.schema) whole = (whole ^ f) * 1099511628211u;
    out.push_back(whole);
    for (const auto w : p.words) whole = (whole ^ w) * 1099511628211u;
    out.push_back(whole);
    for (const auto& w : words_in(p.name, true)) out.push_back(hash_of(w, 3));
    out.insert(out.end(), p.schema.begin(), p.schema.end());
    out.insert(out.end(), p.words.begin(), p.words.end());
    if (out.size() > most_features) out.resize(most_features);
    sort_once(out);
    return out;
}

}  // namespace

double likeness_of_names(std::string_view a, std::string_view b)
{
    const auto x = plain(a), y = plain(b);
    if (x == y) return 1;
    // `q` became `query`: what one name begins with is the other.
    if (!x.empty() && !y.empty() && (x.starts_with(y) || y.starts_with(x))) return std::max(0.7, likeness_of_plain(x, y));
    return likeness_of_plain(x, y);
}

portrait portrait_of(const json& tool)
{
    portrait p;
    p.name = tool.at("name").get<std::string>();
    p.plain_name = plain(p.name);
    if (const auto words = words_in(p.name, true); !words.empty()) p.first_word_of_name = words.front();
    if (const auto d = tool.find("description"); d != tool.end() && d->is_string()) {
        const auto words = words_in(d->get_ref<const std::string&>(), false);
        if (!words.empty()) p.first_word = words.front();
        for (std::size_t i = 0; i < words.size() && i < 200; ++i) p.words.push_back(hash_of(words[i], 4));
    }
    for (const char* schema : {"inputSchema", "outputSchema"})
        if (const auto s = tool.find(schema); s != tool.end()) gather_fields(*s, schema, 0, p.schema);
    if (const auto notes = tool.find("annotations"); notes != tool.end() && notes->is_object())
        if (const auto h = notes->find("readOnlyHint"); h != notes->end() && h->is_boolean()) p.changes_things = !h->get<bool>();
    sort_once(p.schema);
    sort_once(p.words);
    return p;
}

double likeness_of(const portrait& a, const portrait& b)
{
    if (a.plain_name == b.plain_name && !a.plain_name.empty()) return 1;  // getUser, get_user: whatever else changed
    const auto names = likeness_of_plain(a.plain_name, b.plain_name);
    const auto schema = shared(a.schema, b.schema), words = shared(a.words, b.words);
    if (a.changes_things != b.changes_things) return 0;
    // Another verb in both the name and the description: get_user is not delete_user, however alike the rest.
    if (a.first_word_of_name != b.first_word_of_name && a.first_word != b.first_word && words < 0.8) return 0;
    if ((!a.schema.empty() || !b.schema.empty()) && schema < 0.5) return 0;
    // Each counts for as much as there is of it: two tools without parameters are not alike for that.
    const auto weight = [](std::size_t n, std::size_t enough) { return 2.0 * static_cast<double>(std::min(n, enough)) / static_cast<double>(enough); };
    const auto of_schema = weight(std::max(a.schema.size(), b.schema.size()), 3), of_words = weight(std::max(a.words.size(), b.words.size()), 6);
    return (names + of_schema * schema + of_words * words) / (1 + of_schema + of_words);
}

std::vector<std::pair<std::size_t, std::size_t>> renamed_tools(const std::vector<portrait>& gone, const std::vector<portrait>& fresh, budget& work)
{
    struct candidate {
        double score;
        std::size_t old, fresh;
    };
    std::vector<candidate> candidates;
    const auto consider = [&](std::size_t i, std::size_t k) {
        if (work.likenesses >= work.most_likenesses) return;
        ++work.likenesses;
        if (const auto score = likeness_of(gone[i], fresh[k]); score >= threshold) candidates.push_back({score, i, k});
    };
    if (gone.size() * fresh.size() <= all_pairs) {
        for (std::size_t i = 0; i < gone.size(); ++i)
            for (std::size_t k = 0; k < fresh.size(); ++k) consider(i, k);
    } else {
        std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> having;
        for (std::size_t k = 0; k < fresh.size(); ++k)
            for (const auto f : features_of(fresh[k]))
                if (auto& list = having[f]; list.size() <= most_common) list.push_back(static_cast<std::uint32_t>(k));
        std::vector<std::uint32_t> shares(fresh.size());
        std::vector<std::uint32_t> touched;
        for (std::size_t i = 0; i < gone.size(); ++i) {
            touched.clear();
            for (const auto f : features_of(gone[i])) {
                const auto it = having.find(f);
                if (it == having.end() || it->second.size() > most_common) continue;
                for (const auto k : it->second)
                    if (shares[k]++ == 0) touched.push_back(k);
            }
            const auto better = [&](std::uint32_t x, std::uint32_t y) { return shares[x] != shares[y] ? shares[x] > shares[y] : x < y; };
            const auto few = std::min(touched.size(), most_candidates);
            std::ranges::partial_sort(touched, touched.begin() + static_cast<std::ptrdiff_t>(few), better);
            for (std::size_t n = 0; n < few; ++n) consider(i, touched[n]);
            for (const auto k : touched) shares[k] = 0;
        }
    }
    std::ranges::sort(candidates, [](const candidate& x, const candidate& y) {
        return x.score != y.score ? x.score > y.score : x.old != y.old ? x.old < y.old : x.fresh < y.fresh;
    });
    std::vector<bool> used_old(gone.size()), used_new(fresh.size());
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (const auto& c : candidates) {
        if (used_old[c.old] || used_new[c.fresh]) continue;
        used_old[c.old] = used_new[c.fresh] = true;
        out.emplace_back(c.old, c.fresh);
    }
    return out;
}

}  // namespace rollcall::audit::drift
