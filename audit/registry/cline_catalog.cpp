// The catalogue of the Cline Marketplace, one file: {"version": 1, "entries": [{"id": ..., "type": "mcp", "install":
// {"args": [...]}}]}. The address of a remote server is an argument of the command that installs it:
// ["asana", "--transport", "http", "https://mcp.asana.com/v2/mcp"]. Behind "--" comes the command of a local server, and a
// URL there belongs to that program.
#include "audit/registry/adapters.hpp"
#include "audit/registry/server_rows.hpp"
#include "audit/registry/text.hpp"

#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 300, longest_description = 2000, longest_word = 100, most_notes = 20;

constexpr std::array<std::string_view, 3> not_kept{"readme", "env", "icon"};

bool is_http(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }

class catalog {
public:
    bool add(const std::string& place, const json& entry)
    {
        if (!entry.is_object()) return reject(place, shown(entry) + ", expected an object", "shape");
        const std::string type = text_of(member(entry, {"type"}), longest_word);
        if (type != "mcp") return reject(place, type.empty() ? "no type" : "a " + excerpt(type) + ", not an MCP server", "not_mcp");
        const json* id = member(entry, {"id"});
        if (!id || !id->is_string() || *id == "") return reject(place + "/id", id ? shown(*id) + ", expected text" : "missing", "name");
        const auto [known, is_new] = place_of_.emplace(id->get<std::string>(), place);
        if (!is_new) return reject(place, "the same id as " + known->second, "same_name");

        listing l;
        l.name = text_of(id, longest_name);
        l.title = text_of(member(entry, {"name"}), longest_name);
        l.description = text_of(member(entry, {"description", "tagline"}), longest_description);
        l.repository = url_of(member(entry, {"repo", "repository"}));
        l.website = url_of(member(entry, {"homepage"}));
        l.version = text_of(member(entry, {"version"}), longest_word);
        l.status = "active";
        const json* install = member(entry, {"install"});
        if (install && !install->is_object()) return reject(place + "/install", shown(*install) + ", expected an object", "shape");
        const json* args = install ? member(*install, {"args"}) : nullptr;
        if (args && !args->is_array()) return reject(place + "/install/args", shown(*args) + ", expected a list", "shape");
        if (args) l.remotes = remotes(*args, place + "/install/args");
        page_.listings.push_back(std::move(l));
        return true;
    }

    registry_page finish()
    {
        if (page_.listings.empty()) note("none of the entries is an MCP server");
        return std::move(page_);
    }

private:
    bool reject(std::string where, std::string why, std::string_view code)
    {
        page_.rejected.push_back({std::move(where), std::move(why), code});
        return true;
    }

    void note(std::string what)
    {
        if (page_.notes.size() < most_notes) page_.notes.push_back(std::move(what));
    }

    // The http(s) arguments before "--", if "--transport" is among them. What follows "--header" is a secret.
    std::vector<remote> remotes(const json& args, const std::string& place)
    {
        std::vector<std::string> urls;
        std::string transport;
        bool named = false, asks = false, secret = false, kind = false;
        for (std::size_t i = 0; i < args.size(); ++i) {
            if (!args[i].is_string()) {
                note(place + "/" + std::to_string(i) + ": " + shown(args[i]) + ", expected text");
                secret = kind = false;
                continue;
            }
            const auto& word = args[i].get_ref<const std::string&>();
            if (word == "--") break;
            if (std::exchange(secret, false)) continue;
            if (std::exchange(kind, false) && !is_http(word)) {
                transport = word;
                continue;
            }
            if (word == "--transport") named = kind = true;
            if (word.starts_with("--transport=")) named = true, transport = word.substr(12);
            if (word == "--header" || word == "-H") asks = secret = true;
            if (word.starts_with("--header=")) asks = true;
            if (word == "--env" || word == "-e") secret = true;
            if (is_http(word)) urls.push_back(listed_url(word));
        }
        if (!named) return {};
        if (urls.empty()) note(place + ": --transport, but no URL");
        std::vector<remote> out;
        for (auto& url : urls) out.push_back({std::move(url), transport == "http" ? "streamable-http" : capped(transport, longest_word), asks});
        return out;
    }

    registry_page page_;
    std::unordered_map<std::string, std::string> place_of_;  // by id
};

}  // namespace

page_result parse_cline_catalog(std::string_view text)
{
    constexpr std::array<rows_place, 1> places{{{"/entries", '['}}};
    catalog rows;
    auto read = read_json_rows(text, not_kept, places,
                               [&](const std::string& place, const std::string&, const json& row) { return rows.add(place, row); });
    if (auto* error = std::get_if<format_error>(&read)) return std::move(*error);
    const json& root = std::get<json>(read);
    if (!root.is_object()) return format_error{"/: " + shown(root) + ", expected {\"version\": 1, \"entries\": [...]}"};
    const json* version = member(root, {"version"});
    if (!version || *version != 1) return format_error{"/version: " + (version ? shown(*version) : "missing") + ", expected 1"};
    const auto entries = root.find("entries");
    if (entries == root.end() || !entries->is_array())
        return format_error{"/entries: " + (entries == root.end() ? "missing" : shown(*entries)) + ", expected a list"};
    return rows.finish();
}

}  // namespace rollcall::audit::detail
