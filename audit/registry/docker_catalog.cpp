// The catalogue of Docker's MCP Toolkit, one file: {"registry": {"key": {"title": ..., "type": "server" | "remote" |
// "poci", "remote": {"url": ..., "transport_type": ..., "headers": {...}}, "oauth": {...}}}}. Most entries are containers
// and have no remote, or an empty one.
#include "audit/registry/adapters.hpp"
#include "audit/registry/server_rows.hpp"
#include "audit/registry/text.hpp"

#include <array>
#include <unordered_set>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 300, longest_description = 2000, longest_word = 100, most_notes = 20;

// Parts that are long and not ours to judge. Environment and secrets of containers say nothing about a remote.
constexpr std::array<std::string_view, 7> not_kept{"readme", "tools", "prompts", "resources", "icon", "env", "volumes"};

bool has_content(const json* value)
{
    return value && (value->is_object() || value->is_array()) && !value->empty();
}

class catalog {
public:
    bool add(const std::string& place, const std::string& key, const json& entry)
    {
        if (key.empty()) return reject(place, "an entry without a name", "name");
        if (!keys_.insert(key).second) return reject(place, "the same name as an earlier entry", "same_name");
        if (!entry.is_object()) return reject(place, shown(entry) + ", expected an object", "shape");
        listing l;
        l.name = capped(key, longest_name);
        l.title = text_of(member(entry, {"title"}), longest_name);
        l.description = text_of(member(entry, {"description"}), longest_description);
        l.status = "active";
        l.published_at = text_of(member(entry, {"dateAdded"}), longest_word);
        l.repository = repository(entry);
        const json* remote = member(entry, {"remote"});
        if (remote && !remote->is_object()) return reject(place + "/remote", shown(*remote) + ", expected an object", "shape");
        if (has_content(remote)) l.remotes.push_back(remote_of(entry, *remote, place));
        if (!has_content(remote) && text_of(member(entry, {"type"}), longest_word) == "remote")
            note(place + "/remote: missing, although the type is \"remote\"");
        page_.listings.push_back(std::move(l));
        return true;
    }

    void note(std::string what)
    {
        if (page_.notes.size() < most_notes) page_.notes.push_back(std::move(what));
    }

    registry_page finish() { return std::move(page_); }

private:
    bool reject(std::string where, std::string why, std::string_view code)
    {
        page_.rejected.push_back({std::move(where), std::move(why), code});
        return true;
    }

    static std::string repository(const json& entry)
    {
        for (const char* key : {"source", "upstream"}) {
            const json* value = member(entry, {key});
            if (value && value->is_object()) value = member(*value, {"project", "url"});
            if (auto url = url_of(value); url.starts_with("https://") || url.starts_with("http://")) return url;
        }
        return {};
    }

    // A header, whatever it carries, and an "oauth" block both say that a caller is asked who it is. The values are
    // templates here and secrets elsewhere: they are not looked at.
    remote remote_of(const json& entry, const json& remote, const std::string& place)
    {
        const json* url = member(remote, {"url"});
        if (!url || !url->is_string()) note(place + "/remote/url: " + (url ? shown(*url) : "missing") + ", expected text");
        const bool asks = has_content(member(remote, {"headers"})) || has_content(member(entry, {"oauth"})) ||
                          has_content(member(entry, {"secrets"}));
        return {url_of(url), text_of(member(remote, {"transport_type", "transport"}), longest_word), asks};
    }

    registry_page page_;
    std::unordered_set<std::string> keys_;
};

}  // namespace

page_result parse_docker_catalog(std::string_view text)
{
    constexpr std::array<rows_place, 1> places{{{"/registry", '{'}}};
    catalog rows;
    auto read = read_json_rows(text, not_kept, places, [&](const std::string& place, const std::string& key, const json& row) {
        return rows.add(place, key, row);
    });
    if (auto* error = std::get_if<format_error>(&read)) return std::move(*error);
    const json& root = std::get<json>(read);
    const auto registry = root.is_object() ? root.find("registry") : root.end();
    if (!root.is_object() || registry == root.end()) return format_error{"/: " + shown(root) + ", expected {\"registry\": {...}}"};
    if (!registry->is_object()) return format_error{"/registry: " + shown(*registry) + ", expected an object of servers by name"};
    return rows.finish();
}

}  // namespace rollcall::audit::detail
