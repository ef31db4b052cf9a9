// One's own servers: one URL a line,
//
//     # what we run ourselves
//     https://mcp.vendor.com/mcp       The name people know
//
// or the configuration of an MCP client, {"mcpServers": {"name": {"url": "..."}}}. Its headers and environment hold
// secrets: that there are some is kept, what they say is not.
#include "audit/registry/adapters.hpp"
#include "audit/registry/json_page.hpp"
#include "audit/registry/text.hpp"
#include "audit/url/url.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 300;
constexpr std::string_view white_space = " \t\r\f\v";

// What the rows of one file are called: the name is the key within a registry, so none may come twice.
class names {
public:
    std::string unique(std::string name)
    {
        const unsigned seen = ++seen_[name];
        if (seen > 1) name += " (" + std::to_string(seen) + ")";
        return name;
    }

private:
    std::unordered_map<std::string, unsigned> seen_;
};

// Host and path, where the line gives no name.
std::string name_of(const std::string& url, std::size_t line)
{
    const auto canonical = canonicalise(url, true).url;
    if (canonical.text.empty()) return "line " + std::to_string(line);
    return capped(std::string_view(canonical.text).substr(canonical.scheme.size() + 3), longest_name);
}

// A scheme, and something behind it: "https://x", not a JSON text that has a URL in it.
bool begins_like_url(std::string_view word)
{
    const std::size_t end = word.find("://");
    return end != std::string_view::npos && end > 0 && std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
           });
}

std::string_view without_comment(std::string_view line)
{
    for (std::size_t hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1))
        if (hash == 0 || white_space.find(line[hash - 1]) != std::string_view::npos) return line.substr(0, hash);
    return line;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t start = text.find_first_not_of(white_space);
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(white_space) - start + 1);
}

page_result parse_lines(std::string_view text)
{
    registry_page page;
    names used;
    std::unordered_map<std::string, std::size_t> line_of;  // by URL
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = trimmed(without_comment(text.substr(at, end - at)));
        at = end + 1;
        ++number;
        if (line.empty()) continue;
        const auto reject = [&](std::string why, std::string_view code) {
            page.rejected.push_back({"line " + std::to_string(number), std::move(why), code});
        };
        if (!is_utf8(line)) {
            reject("not UTF-8", "encoding");
            continue;
        }
        const std::size_t gap = line.find_first_of(white_space);
        const std::string_view first = line.substr(0, gap);
        if (!begins_like_url(first)) {
            // A key and its value, from whatever file this is, may be a secret: not shown.
            const bool word = first.find_first_of("{[\"'=:") == std::string_view::npos;
            reject((word ? '"' + excerpt(first) + "\", " : "") + "expected a URL that begins with https:// or http://", "shape");
            continue;
        }
        std::string url = listed_url(first);
        const auto [known, is_new] = line_of.emplace(url, number);
        if (!is_new) {
            reject("the same URL as on line " + std::to_string(known->second), "same_url");
            continue;
        }
        listing l;
        const std::string_view given = gap == std::string_view::npos ? std::string_view() : trimmed(line.substr(gap));
        l.name = used.unique(given.empty() ? name_of(url, number) : capped(given, longest_name));
        l.title = capped(given, longest_name);
        l.status = "active";
        l.remotes.push_back({std::move(url), "", false});
        page.listings.push_back(std::move(l));
    }
    // Prose, CSV, a binary: an empty list of it would say that every server is gone.
    if (page.listings.empty() && !page.rejected.empty())
        return format_error{page.rejected.front().where + ": " + page.rejected.front().why};
    if (page.listings.empty()) page.notes.emplace_back("no URL in the file");
    return page;
}

std::string text_at(const json& object, const char* key)
{
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string transport_of(const json& server, bool http_url)
{
    std::string type = text_at(server, "type");
    if (type.empty()) type = text_at(server, "transport");
    if (type == "remote") type.clear();  // a place, no transport
    if (type == "http" || type == "streamableHttp" || type == "streamable_http" || (type.empty() && http_url)) return "streamable-http";
    return capped(type, 40);
}

// A header that says who is asking. Its value is never looked at.
bool declares_auth(const json& server)
{
    const auto headers = server.find("headers");
    if (headers == server.end() || !headers->is_object()) return false;
    return std::any_of(headers->items().begin(), headers->items().end(), [](const auto& header) {
        std::string name = header.key();
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return name != "accept" && name != "content-type" && name != "user-agent";
    });
}

// A plugin's .mcp.json: the servers without a key around them.
bool is_bare_map(const json& root)
{
    return root.is_object() && !root.empty() && std::all_of(root.begin(), root.end(), [](const json& server) {
               return server.is_object() && (server.contains("url") || server.contains("command"));
           });
}

// Where the servers stand, by who wrote the file: most clients, editors, and two that keep them within "mcp".
std::string place_of_servers(const json& root)
{
    if (!root.is_object()) return {};
    for (const char* key : {"mcpServers", "servers", "context_servers"})
        if (root.contains(key)) return std::string("/") + key;
    if (!root.contains("mcp") || !root["mcp"].is_object()) return {};
    return root["mcp"].contains("servers") ? "/mcp/servers" : "/mcp";
}

page_result parse_client_configuration(std::string_view text)
{
    constexpr std::array<std::string_view, 3> secrets{"env", "args", "oauth"};
    auto read = read_json(text, secrets, true);
    if (auto* error = std::get_if<format_error>(&read)) return std::move(*error);
    const json& root = std::get<json>(read);
    const std::string at = place_of_servers(root);
    if (at.empty() && !is_bare_map(root))
        return format_error{"/: " + shown(root) + ", expected {\"mcpServers\": {...}} or one URL a line"};
    const json& servers = root.at(json::json_pointer(at));
    if (!servers.is_object())
        return format_error{at + ": " + shown(servers) + ", expected an object of servers by name"};

    registry_page page;
    names used;
    for (const auto& [name, server] : servers.items()) {
        const std::string place = at + "/" + pointer_token(name);
        if (!server.is_object()) {
            page.rejected.push_back({place, "expected an object"});
            continue;
        }
        listing l;
        l.name = used.unique(capped(name.empty() ? "server" : name, longest_name));
        l.title = capped(name, longest_name);
        l.status = "active";
        for (const char* url_key : {"url", "serverUrl", "httpUrl"}) {
            if (!server.contains(url_key)) continue;
            const std::string url = text_at(server, url_key);
            if (url.empty()) page.notes.push_back(place + "/" + url_key + ": expected a URL");
            l.remotes.push_back(
                {listed_url(url), transport_of(server, std::string_view(url_key) == "httpUrl"), declares_auth(server)});
            break;
        }
        if (l.remotes.empty() && !server.contains("command")) {
            page.rejected.push_back({place, "neither url, serverUrl nor httpUrl, and no command", "no_endpoint"});
            continue;
        }
        page.listings.push_back(std::move(l));
    }
    return page;
}

// Where the text begins behind blanks and the comments that people write into JSON.
std::size_t start_of(std::string_view text)
{
    std::size_t at = text.find_first_not_of(" \t\r\n");
    while (at != std::string_view::npos) {
        const std::string_view rest = text.substr(at);
        if (!rest.starts_with("//") && !rest.starts_with("/*")) return at;
        const bool line = rest[1] == '/';
        const std::size_t end = text.find(line ? "\n" : "*/", at + 2);
        if (end == std::string_view::npos) return end;
        at = text.find_first_not_of(" \t\r\n", end + (line ? 1 : 2));
    }
    return at;
}

}  // namespace

page_result parse_file(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    const std::size_t start = start_of(text);
    // JSON, or something that only read_json has the words for.
    const bool lines =
        start == std::string_view::npos || (text[start] != '{' && text[start] != '<' && !text.starts_with("\x1f\x8b"));
    return lines ? parse_lines(text) : parse_client_configuration(text);
}

std::string same_url(std::string_view base, std::string_view)
{
    return std::string(base);
}

}  // namespace rollcall::audit::detail
