// registries.json, regions.json, platforms.json and opt-out.txt.
#include "data/config/section.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <set>

namespace rollcall::data {
namespace {

using namespace detail;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::array<std::string_view, 6> kinds{"mcp-registry", "docker-catalog", "cline-catalog",
                                                "markdown",     "server-json",    "file"};
constexpr std::array<std::string_view, 4> egresses{"direct", "bind", "socks5", "http-connect"};

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& words)
{
    std::string out = "one of ";
    for (const std::string_view word : words) (out += word == words.front() ? "" : ", ") += word;
    return out;
}

template <std::size_t N>
section::check among(const std::array<std::string_view, N>& words)
{
    return [&words](std::string_view text) { return std::find(words.begin(), words.end(), text) != words.end(); };
}

// A URL without a password in it, or a path.
bool is_source(std::string_view text)
{
    return text.find("://") == std::string_view::npos || is_http_url(text);
}

// RFC 9110 section 5.1, without the marks that no field has.
bool is_field_name(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool is_address(std::string_view text)
{
    std::array<unsigned char, 16> bytes{};
    const std::string address(text);
    return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

bool is_host(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 253 || text.front() == '.' || text.front() == '-') return false;
    return text.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_';
           });
}

bool is_domain(std::string_view text)
{
    return is_host(text) && text.find('.') != std::string_view::npos && !text.ends_with('.') &&
           std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void unique(std::set<std::string>& seen, const std::string& id, const place& where)
{
    if (!seen.insert(id).second) where.expected(id, "an id that no other entry has");
}

}  // namespace

std::vector<registry_source> parse_registries(std::string_view text, const std::string& file)
{
    const json root = parse_json(text, file);
    std::vector<registry_source> out;
    std::set<std::string> ids;
    section top(root, {file, ""});
    top.each("registries", true, [&](const json& entry, const place& where) {
        registry_source r;
        section s(entry, where);
        s.required("id", r.id, id_form, is_id);
        unique(ids, r.id, where.at("id"));
        s.required("name", r.name, "a name of 1 to 80 bytes", [](auto t) { return t.size() <= 80; });
        s.required("kind", r.kind, one_of(kinds), among(kinds));
        s.required("url", r.url, "an http:// or https:// URL without a password, or a path", is_source);
        s.flag("enabled", r.enabled);
        s.text("licence", r.licence);
        s.text("attribution", r.attribution);
        s.text("note", r.note);
        s.variable("key_env", r.key_env);
        s.text("key_header", r.key_header, "the name of a header field", is_field_name);
        milliseconds pause{-1}, time{-1};
        s.time("pause_ms", pause, 0ms, 600s);
        s.time("time_ms", time, 1s, 24h);
        if (pause.count() >= 0) r.pause = pause;
        if (time.count() >= 0) r.time = time;
        s.flag("descriptions", r.descriptions);
        s.whole("whole_every_days", r.whole_every_days, 1, 31);
        s.end();
        if (!r.key_header.empty() && r.key_env.empty())
            where.at("key_env").fail("missing, expected the name of the environment variable with the key, since there is a key_header");
        if (!r.key_env.empty() && !is_http_url(r.url))
            where.at("key_env").fail("a file needs no key, expected a url that begins with https:// or http://");
        out.push_back(std::move(r));
    });
    top.end();
    return out;
}

std::vector<region_source> parse_regions(std::string_view text, const std::string& file)
{
    const json root = parse_json(text, file);
    std::vector<region_source> out;
    std::set<std::string> ids;
    section top(root, {file, ""});
    top.each("regions", true, [&](const json& entry, const place& where) {
        region_source r;
        r.pointer = where.pointer;
        section s(entry, where);
        s.required("id", r.id, id_form, is_id);
        unique(ids, r.id, where.at("id"));
        s.text("city", r.city, "a name of at most 80 bytes", [](auto t) { return t.size() <= 80; });
        s.text("country", r.country, "a name of at most 80 bytes", [](auto t) { return t.size() <= 80; });
        s.real("latitude", r.latitude, -90, 90);
        s.real("longitude", r.longitude, -180, 180);
        s.text("egress", r.egress, one_of(egresses), among(egresses));
        s.text("bind_address", r.bind_address, "an IPv4 or IPv6 address of this machine", is_address);
        s.variable("proxy_env", r.proxy_env);
        s.text("names", r.names, "\"here\" or \"proxy\"", [](auto t) { return t == "here" || t == "proxy"; });
        s.end();

        if (r.latitude.has_value() != r.longitude.has_value())
            where.at(r.latitude ? "longitude" : "latitude")
                .fail("missing, expected both latitude and longitude, or neither");
        const bool binds = r.egress == "bind", proxied = r.egress == "socks5" || r.egress == "http-connect";
        if (binds && r.bind_address.empty())
            where.at("bind_address").fail("missing, expected the address to send from, since egress is \"bind\"");
        if (!binds && s.has("bind_address"))
            where.at("bind_address").expected(r.bind_address, "no such key, since egress is \"" + r.egress + "\"");
        if (proxied && r.proxy_env.empty())
            where.at("proxy_env")
                .fail(
                    "missing, expected the name of the environment variable with the proxy's URL, since egress is \"" +
                    r.egress + "\"");
        if (!proxied && s.has("proxy_env"))
            where.at("proxy_env").expected(r.proxy_env, "no such key, since egress is \"" + r.egress + "\"");
        if (!proxied && s.has("names"))
            where.at("names").expected(r.names, "no such key, since egress is \"" + r.egress + "\"");
        out.push_back(std::move(r));
    });
    top.end();
    if (out.empty()) top.where().at("regions").fail("[], expected at least one region");
    return out;
}

std::vector<std::string> parse_platforms(std::string_view text, const std::string& file)
{
    const json root = parse_json(text, file);
    std::vector<std::string> out;
    section top(root, {file, ""});
    top.each("platforms", true, [&](const json& entry, const place& where) {
        if (!entry.is_string() || !is_domain(entry.get_ref<const std::string&>()))
            where.expected(entry, "a domain name in small letters, like onrender.com");
        if (std::find(out.begin(), out.end(), entry.get<std::string>()) != out.end())
            where.expected(entry, "each name once");
        out.push_back(entry.get<std::string>());
    });
    top.each("fallback_pages", false, [&](const json& entry, const place& where) {
        if (!entry.is_string() || entry.get_ref<const std::string&>().size() < 8)
            where.expected(entry, "a text of at least 8 bytes that only such a page has");
    });
    top.end();
    return out;
}

std::vector<std::string> parse_opt_out(std::string_view text, const std::string& file)
{
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::vector<std::string> out;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        ++number;
        // A '#' starts a comment at the start of a line or after white space; in a URL it is a fragment.
        for (std::size_t hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1)) {
            if (hash == 0 || line[hash - 1] == ' ' || line[hash - 1] == '\t') {
                line = line.substr(0, hash);
                break;
            }
        }
        const std::size_t start = line.find_first_not_of(" \t\r");
        if (start == std::string_view::npos) continue;
        line = line.substr(start, line.find_last_not_of(" \t\r") - start + 1);
        const bool address =
            line.starts_with('[') && line.ends_with(']') && is_address(line.substr(1, line.size() - 2));
        if (!is_host(line) && !is_http_url(line) && !address)
            place{file, "line " + std::to_string(number)}.expected(
                std::string(line), "one site, host or URL, like vendor.com or https://vendor.com/mcp");
        out.emplace_back(line);
    }
    return out;
}

}  // namespace rollcall::data
