// Lists of servers that people keep in Markdown ("awesome lists"), through cmark's tree.
//
// An endpoint stands in the endpoint column of a table, found by its header, or in a code span of a list item; where a
// link leads is a homepage, and what is in a code block is an example. An item without a name of its own has that of
// the item around it, or of the heading above. These lists have no stable names: the canonical URL is the key. Kept are
// name, URLs and whether a login is mentioned, no prose.
#include "audit/registry/adapters.hpp"
#include "audit/registry/markdown_table.hpp"
#include "audit/registry/markdown_tree.hpp"
#include "audit/registry/text.hpp"
#include "audit/url/url.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <unordered_map>

namespace rollcall::audit::detail {
namespace {

constexpr std::size_t largest_list = 4u << 20, longest_name = 300, longest_lead = 80, most_notes = 20;

using words = std::span<const std::string_view>;
constexpr std::array<std::string_view, 12> endpoint_words{"url", "endpoint", "endpoint url", "server url", "mcp url", "mcp endpoint",
                                                          "mcp server url", "remote url", "remote endpoint", "connection url", "endpoints", "urls"};
constexpr std::array<std::string_view, 8> name_words{"name", "server", "mcp server", "service", "provider", "title", "tool", "server name"};
constexpr std::array<std::string_view, 4> auth_words{"authentication", "auth", "authorization", "auth type"};
constexpr std::array<std::string_view, 5> home_words{"maintainer", "website", "homepage", "docs", "documentation"};
constexpr std::array<std::string_view, 4> code_words{"repository", "repo", "github", "source"};
// Hosts of badges and of code: never an endpoint.
constexpr std::array<std::string_view, 5> other_hosts{"github.com", "www.github.com", "glama.ai", "www.glama.ai", "img.shields.io"};

std::string lower_ascii(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

bool is_http(std::string_view text)
{
    const auto start = lower_ascii(std::string(text.substr(0, 8)));
    return start == "https://" || start.starts_with("http://");
}

std::string host_of(const std::string& url)
{
    const auto canonical = canonicalise(url, true).url;
    return canonical.host;
}

// A URL without the punctuation of the sentence around it; in code only what ends a sentence is no part of it.
std::string_view without_punctuation(std::string_view url, bool in_code)
{
    const std::string_view ends = in_code ? ".,;" : ".,;:!?*_~'\"";
    while (!url.empty()) {
        const char last = url.back();
        const bool closes = last == ')' && std::ranges::count(url, ')') > std::ranges::count(url, '(');
        if (!closes && ends.find(last) == std::string_view::npos) break;
        url.remove_suffix(1);
    }
    return url;
}

// The whole of `text`, if it is one URL that may be an endpoint.
std::optional<std::string> endpoint_in(std::string_view text, bool in_code)
{
    const auto start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return std::nullopt;
    text = text.substr(start, text.find_last_not_of(" \t") - start + 1);
    if (!is_http(text) || text.find_first_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
    text = without_punctuation(text, in_code);
    auto url = listed_url(text);
    if (std::ranges::find(other_hosts, host_of(url)) != other_hosts.end()) return std::nullopt;
    return url;
}

// href="..." of an anchor.
std::string_view anchor_target(std::string_view tag)
{
    const auto at = lower_ascii(std::string(tag)).find("href=");
    if (!tag.starts_with('<') || at == std::string_view::npos || at + 6 >= tag.size()) return {};
    const char quote = tag[at + 5];
    if (quote != '"' && quote != '\'') return {};
    const auto end = tag.find(quote, at + 6);
    return end == std::string_view::npos ? std::string_view() : tag.substr(at + 6, end - at - 6);
}

void add(std::vector<std::string>& urls, const std::optional<std::string>& url)
{
    if (url && std::ranges::find(urls, *url) == urls.end()) urls.push_back(*url);
}

std::vector<std::string> code_endpoints(const std::vector<inline_piece>& pieces)
{
    std::vector<std::string> out;
    for (const auto& p : pieces)
        if (p.what == inline_piece::code) add(out, endpoint_in(p.words, true));
    return out;
}

// Of the endpoint column: code spans; without one, whatever else is a URL.
std::vector<std::string> cell_endpoints(const std::vector<inline_piece>& pieces)
{
    auto out = code_endpoints(pieces);
    if (!out.empty()) return out;
    for (const auto& p : pieces) {
        if (p.what == inline_piece::link && !p.pictured) add(out, endpoint_in(p.target, true));
        if (p.what == inline_piece::html) add(out, endpoint_in(anchor_target(p.words), true));
        if (p.what != inline_piece::text) continue;
        std::string_view rest = p.words;
        while (!rest.empty()) {
            const auto start = rest.find_first_not_of(" \t,;()|<>");
            if (start == std::string_view::npos) break;
            const auto end = std::min(rest.find_first_of(" \t,;|<>", start), rest.size());
            add(out, endpoint_in(rest.substr(start, end - start), false));
            rest.remove_prefix(end);
        }
    }
    return out;
}

// Where a name leads.
struct subject {
    std::string name, website, repository;
    bool empty() const { return name.empty(); }
};

void lead_to(subject& s, const std::string& target)
{
    if (!is_http(target)) return;
    const auto host = host_of(target);
    if (host == "glama.ai" || host == "img.shields.io") return;
    auto& place = host == "github.com" || host == "gitlab.com" || host == "codeberg.org" ? s.repository : s.website;
    if (place.empty()) place = listed_url(target);
}

bool names_something(const inline_piece& p) { return p.what == inline_piece::link && !p.pictured && p.words.find_first_not_of(" \t") != std::string::npos; }

// "🔓" no login; "🔑" a key, "🔐" OAuth.
bool marked_with_key(const std::vector<inline_piece>& pieces)
{
    bool open = false, key = false;
    for (const auto& p : pieces) {
        if (p.what != inline_piece::text) continue;
        open = open || p.words.find("\U0001F513") != std::string::npos;
        key = key || p.words.find("\U0001F511") != std::string::npos || p.words.find("\U0001F510") != std::string::npos;
    }
    return key && !open;
}

bool asks_for_login(const std::vector<inline_piece>& cell)
{
    const auto text = lower_ascii(words_of(cell));
    if (text.empty() || text.find("\U0001F513") != std::string::npos) return false;
    for (const std::string_view word : {"open", "none", "no auth", "public", "not required"})
        if (text.find(word) != std::string::npos) return false;
    return text != "no" && text != "-";
}

std::optional<std::size_t> column(const std::vector<std::string>& header, words known)
{
    for (const auto& word : known)
        for (std::size_t i = 0; i < header.size(); ++i)
            if (header[i] == word) return i;
    return std::nullopt;
}

class list_reader {
public:
    explicit list_reader(std::string_view text) : lines_(lines_of(text)), definitions_(link_definitions(text)), tree_(parse_tree(text)) {}

    page_result read()
    {
        const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> walk(cmark_iter_new(tree_.get()), cmark_iter_free);
        for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE; event = cmark_iter_next(walk.get())) {
            cmark_node* node = cmark_iter_get_node(walk.get());
            const bool enter = event == CMARK_EVENT_ENTER;
            switch (cmark_node_get_type(node)) {
                case CMARK_NODE_HEADING:
                    if (enter) heading(node);
                    break;
                case CMARK_NODE_ITEM:
                    if (enter)
                        item(node);
                    else
                        around_.pop_back();
                    break;
                case CMARK_NODE_PARAGRAPH:
                    if (enter)
                        if (const auto found = table_in(node)) table(*found);
                    break;
                default: break;
            }
        }
        if (page_.listings.empty()) {
            if (!page_.rejected.empty()) return format_error{page_.rejected.front().where + ": " + page_.rejected.front().why + " (and no row has one)"};
            return format_error{"/: no endpoint in a table or a list item, expected a list of MCP servers in Markdown"};
        }
        if (bare_items_ > 0) page_.notes.push_back(std::to_string(bare_items_) + " list items without an endpoint");
        return std::move(page_);
    }

private:
    std::optional<markdown_table> table_in(cmark_node* paragraph) const
    {
        return find_table(lines_, static_cast<std::size_t>(std::max(cmark_node_get_start_line(paragraph), 0)),
                          static_cast<std::size_t>(std::max(cmark_node_get_end_line(paragraph), 0)));
    }

    void heading(cmark_node* node)
    {
        const auto pieces = pieces_of(node);
        heading_ = {};
        heading_.name = words_of(pieces);
        for (const auto& p : pieces)
            if (names_something(p)) lead_to(heading_, p.target);
    }

    void item(cmark_node* node)
    {
        std::vector<inline_piece> pieces;
        for (cmark_node* child = cmark_node_first_child(node); child; child = cmark_node_next(child)) {
            if (cmark_node_get_type(child) != CMARK_NODE_PARAGRAPH || table_in(child)) continue;
            for (auto& p : pieces_of(child)) pieces.push_back(std::move(p));
            pieces.push_back({inline_piece::text, " ", {}, false});
        }
        const auto first = std::ranges::find_if(pieces, [](const auto& p) { return p.what == inline_piece::code && endpoint_in(p.words, true); });
        auto who = named_by(std::vector<inline_piece>(pieces.begin(), first), first != pieces.end());
        around_.push_back(who);
        auto urls = code_endpoints(pieces);
        if (urls.empty()) {
            ++bare_items_;
            return;
        }
        put(cmark_node_get_start_line(node), std::move(urls), std::move(who), marked_with_key(pieces));
    }

    // A link before the endpoint; the words before it, if they are few and no label ("Access: "); what stands around.
    subject named_by(const std::vector<inline_piece>& before, bool has_endpoint) const
    {
        subject out;
        for (const auto& p : before) {
            if (!names_something(p)) continue;
            if (out.empty()) out.name = words_of({p});
            lead_to(out, p.target);
        }
        if (!out.empty()) return out;
        auto lead = words_of(before);
        while (!lead.empty() && (lead.back() == ' ' || lead.back() == '-')) lead.pop_back();
        for (const std::string_view dash : {"\u2013", "\u2014"})
            if (lead.ends_with(dash)) lead.resize(lead.find_last_not_of(' ', lead.size() - dash.size() - 1) + 1);
        if (!lead.empty() && lead.size() <= longest_lead && lead.find(':') == std::string::npos && has_endpoint) {
            out.name = lead;
            return out;
        }
        if (!around_.empty() && !around_.back().empty()) return around_.back();
        return heading_;
    }

    void table(const markdown_table& t)
    {
        // Every cell of the table in one text, a paragraph each, so that links to definitions elsewhere are found. The
        // first letter keeps a cell from being a list, a heading or a block of HTML.
        std::string text;
        std::vector<const table_line*> rows{&t.header};
        for (const auto& r : t.rows) rows.push_back(&r);
        for (const auto* r : rows)
            for (const auto& cell : r->cells) ((text += "x ") += cell) += "\n\n";
        text += definitions_;
        const auto cells = parse_tree(text);
        std::vector<std::vector<std::vector<inline_piece>>> content;
        cmark_node* next = cmark_node_first_child(cells.get());
        for (const auto* r : rows) {
            content.emplace_back();
            for (std::size_t i = 0; i < r->cells.size(); ++i, next = next ? cmark_node_next(next) : nullptr)
                content.back().push_back(next ? without_mark(pieces_of(next)) : std::vector<inline_piece>());
        }

        std::vector<std::string> header;
        for (const auto& cell : content.front()) header.push_back(lower_ascii(words_of(cell)));
        const auto where = column(header, endpoint_words);
        if (!where) {
            const bool has_urls = std::ranges::any_of(content, [](const auto& r) { return std::ranges::any_of(r, [](const auto& c) { return !code_endpoints(c).empty(); }); });
            if (has_urls) note("line " + std::to_string(t.header.number) + ": a table with URLs, but no column \"URL\" or \"Endpoint\"");
            return;
        }
        const auto name = column(header, name_words), auth = column(header, auth_words), home = column(header, home_words), code = column(header, code_words);
        for (std::size_t i = 1; i < content.size(); ++i) {
            const auto& row = content[i];
            const auto cell = [&](std::optional<std::size_t> at) { return at && *at < row.size() ? row[*at] : std::vector<inline_piece>(); };
            auto urls = cell_endpoints(cell(where));
            if (urls.empty()) {
                page_.rejected.push_back({"/line " + std::to_string(rows[i]->number), "no endpoint in the column \"" + excerpt(header[*where]) + "\"", "no_endpoint"});
                continue;
            }
            subject who;
            who.name = words_of(cell(name ? *name : *where == 0 ? 1 : 0));
            for (const auto& from : {cell(name), cell(home), cell(code)})
                for (const auto& p : from)
                    if (p.what == inline_piece::link && !p.pictured) lead_to(who, p.target);
            put(static_cast<int>(rows[i]->number), std::move(urls), std::move(who), asks_for_login(cell(auth)));
        }
    }

    // Of a cell: without the letter that was put before it.
    static std::vector<inline_piece> without_mark(std::vector<inline_piece> pieces)
    {
        if (!pieces.empty() && pieces.front().what == inline_piece::text && pieces.front().words.starts_with("x"))
            pieces.front().words.erase(0, std::min<std::size_t>(pieces.front().words.size(), 2));
        return pieces;
    }

    void put(int line, std::vector<std::string> urls, subject who, bool asks)
    {
        const auto where = "/line " + std::to_string(line);
        listing l;
        std::optional<int> before;
        for (const auto& url : urls) {
            auto key = canonicalise(url, true).url.text;
            if (key.empty()) key = url;
            const auto [known, is_new] = line_of_.emplace(capped(key, longest_name), line);
            if (is_new && l.name.empty()) l.name = known->first;
            if (!is_new && !before) before = known->second;
            l.remotes.push_back({url, "", asks});
        }
        if (l.name.empty()) {
            page_.rejected.push_back({where, "the same endpoint as on line " + std::to_string(before.value_or(line)), "same_url"});
            return;
        }
        l.title = capped(who.name, longest_name);
        l.website = std::move(who.website);
        l.repository = std::move(who.repository);
        l.status = "active";
        page_.listings.push_back(std::move(l));
    }

    void note(std::string what)
    {
        if (page_.notes.size() < most_notes) page_.notes.push_back(std::move(what));
    }

    std::vector<std::string_view> lines_;
    std::string definitions_;
    markdown_tree tree_;
    registry_page page_;
    subject heading_;
    std::vector<subject> around_;  // the items that are open
    std::unordered_map<std::string, int> line_of_;
    std::size_t bare_items_ = 0;
};

}  // namespace

page_result parse_markdown(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (text.starts_with("\x1f\x8b")) return format_error{"/: compressed bytes (gzip), expected Markdown"};
    if (text.size() > largest_list) return format_error{"/: " + std::to_string(text.size() >> 20) + " MiB, expected a list of at most 4 MiB"};
    const auto start = lower_ascii(std::string(text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()), 14)));
    if (start.starts_with("<!doctype html") || start.starts_with("<html"))
        return format_error{"/: HTML (\"" + excerpt(text) + "\"), expected Markdown"};
    return list_reader(text).read();
}

}  // namespace rollcall::audit::detail
