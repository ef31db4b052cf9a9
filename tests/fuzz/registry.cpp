// Documents of registries: the first line names the adapter, then one page after the other, split by lines of "~~~",
// over again from the first when they run out.
#include "audit/intake/reading.hpp"
#include "audit/registry/adapter.hpp"
#include "audit/registry/surrogates.hpp"
#include "audit/url/url.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace rollcall::audit;
using namespace rollcall::fuzz;
using nlohmann::json;

namespace {

constexpr std::string_view blank = " \t\r\f\v";

std::size_t lines_of(std::string_view text)
{
    std::size_t n = 0;
    while (!text.empty()) {
        auto line = take_line(text);
        for (std::size_t hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1))
            if (hash == 0 || blank.find(line[hash - 1]) != std::string_view::npos) {
                line = line.substr(0, hash);
                break;
            }
        n += line.find_first_not_of(blank) != std::string_view::npos;
    }
    return n;
}

json document(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    const auto mended = detail::without_lone_surrogates(text);
    return json::parse(mended ? *mended : std::string(text), nullptr, false, true);
}

json* servers_of(json& root)
{
    if (!root.is_object()) return nullptr;
    for (const char* key : {"mcpServers", "servers", "context_servers"})
        if (root.contains(key)) return &root[key];
    if (!root.contains("mcp") || !root["mcp"].is_object()) return &root;
    return root["mcp"].contains("servers") ? &root["mcp"]["servers"] : &root["mcp"];
}

// How many rows the page has, counted by somebody else.
std::optional<std::size_t> rows_of(std::string_view kind, std::string_view text)
{
    json root = document(text);
    if (kind == "mcp-registry") {
        if (root.is_array()) return root.size();
        return root.is_object() && root.contains("servers") ? std::optional(root["servers"].size()) : std::nullopt;
    }
    if (kind == "server-json" && root.is_array()) return root.size();
    if (kind == "cline-catalog" && root.is_object() && root.contains("entries")) return root["entries"].size();
    if (kind != "file") return std::nullopt;
    if (const json* servers = servers_of(root)) return servers->size();
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    return lines_of(text);
}

void check(const listing& l)
{
    must(!l.name.empty() && l.name.size() <= 320 && l.title.size() <= 300 && l.description.size() <= 2000, "texts are capped", l.name);
    must(l.version.size() <= 100 && l.status.size() <= 100 && l.published_at.size() <= 100 && l.updated_at.size() <= 100, "words are capped");
    for (const auto* text : {&l.name, &l.title, &l.description, &l.version, &l.status, &l.repository, &l.website, &l.published_at, &l.updated_at})
        must(is_utf8(*text), "texts are UTF-8", *text);
    must(!l.status.empty(), "a listing has a status");
    for (const auto& r : l.remotes) {
        must(r.url.size() <= 2 * longest_url + 20 && r.transport.size() <= 100, "a remote is capped", r.url);
        must(is_utf8(r.url) && is_utf8(r.transport), "a remote is UTF-8", r.url);
        // What stands before the last @ of an authority may be a password.
        if (canonicalise(r.url).why == exclusion::userinfo) must(r.url.find("hidden@") != std::string::npos, "no password is kept", r.url);
    }
}

// What headers and the environment of a client's file hold is secret: whatever it is, the page is the same.
void check_secrets(const adapter& format, std::string_view text, const registry_page& page)
{
    json root = document(text);
    json* servers = servers_of(root);
    if (!servers || !servers->is_object()) return;
    for (auto& server : *servers) {
        if (!server.is_object()) continue;
        if (server.contains("headers") && server["headers"].is_object())
            for (auto& value : server["headers"]) value = "something else";
        for (const char* member : {"env", "args", "oauth"})
            if (server.contains(member)) server[member] = {{"something", "else"}};
    }
    const auto again = format.parse(root.dump(-1, ' ', false, json::error_handler_t::replace));
    must(std::holds_alternative<registry_page>(again), "still a page", text);
    const auto& other = std::get<registry_page>(again);
    must(other.listings.size() == page.listings.size() && other.rejected.size() == page.rejected.size(), "as many rows whatever the secrets");
    for (std::size_t i = 0; i < page.listings.size(); ++i) {
        const auto &a = page.listings[i], &b = other.listings[i];
        must(a.name == b.name && a.remotes.size() == b.remotes.size(), "the same rows whatever the secrets", a.name);
        for (std::size_t k = 0; k < a.remotes.size(); ++k)
            must(a.remotes[k].url == b.remotes[k].url && a.remotes[k].declared_auth == b.remotes[k].declared_auth, "the same remotes whatever the secrets");
    }
}

void check_page(const adapter& format, std::string_view text)
{
    const auto result = format.parse(text);
    if (const auto* e = std::get_if<format_error>(&result)) {
        must(!e->message.empty() && e->message.size() < 1200 && e->message.find('\n') == std::string::npos, "an error is one line", e->message);
        return;
    }
    const auto& page = std::get<registry_page>(result);
    if (const auto rows = rows_of(format.kind, text)) must(page.listings.size() + page.rejected.size() == *rows, "every row is accepted or rejected");
    for (const auto& l : page.listings) check(l);
    for (const auto& r : page.rejected) must(!r.where.empty() && !r.why.empty(), "a rejection says where and why");
    if (page.next) {
        must(!page.next->empty() && page.next->size() <= 4096, "a cursor has a bound");
        const auto url = format.page_url("https://registry.example.org/v0/servers?a=b#c", *page.next);
        must(canonicalise(url, true).why == exclusion::none || url.size() > longest_url, "a cursor cannot break the URL", url);
        must(url.starts_with("https://registry.example.org/v0/servers?a=b"), "a cursor cannot leave the registry", url);
    }
    if (format.kind == "file") check_secrets(format, text, page);
}

void check_reading(const adapter& format, const std::vector<std::string_view>& pages)
{
    const reading_limits limits{6, 1u << 16};
    std::size_t asked = 0, given = 0;
    const auto r = read_registry(format, "https://registry.example.org/v0/servers", [&](const std::string&) -> std::variant<std::string, page_error> {
        const auto page = pages[asked++ % pages.size()];
        given += page.size();
        return std::string(page);
    }, limits);
    must(asked <= limits.pages, "a reading ends");
    must(r.pages <= asked && given <= limits.bytes + 4096 * 16, "no more than allowed");
    const bool good = r.outcome == "exhausted";
    must(good || r.outcome == "partial" || r.outcome == "failed", "one of three words", r.outcome);
    must(good == r.problem.empty(), "a problem if and only if it did not end well", r.problem);
    must((r.outcome == "failed") == (r.pages == 0), "failed is without a page");
    std::size_t rejected = 0;
    for (const auto& [code, n] : r.rejections) {
        must(!code.empty(), "a rejection is counted under a word");
        rejected += n;
    }
    must(rejected == r.rejected_rows && r.rejected.size() <= rejected, "every rejection has a reason");
    must(!good || r.rows == r.listings.size() + r.superseded + r.duplicates + r.rejected_rows, "rows balance");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto* format = find_adapter(take_line(text));
    if (!format) return 0;
    std::vector<std::string_view> pages;
    while (!text.empty()) pages.push_back(take_to(text, "\n~~~\n"));
    if (pages.empty()) return 0;
    for (const auto page : pages) check_page(*format, page);
    check_reading(*format, pages);
    return 0;
}
