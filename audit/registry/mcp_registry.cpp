// The API of the official MCP registry and of all that speak it: {"servers": [{"server": {...}, "_meta": {...}}],
// "metadata": {"nextCursor": "..."}}, the older bare rows, and bare lists as saved by others.
#include "audit/registry/adapters.hpp"
#include "audit/registry/json_page.hpp"
#include "audit/registry/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 300, longest_description = 2000, longest_word = 100, longest_cursor = 4096;
constexpr std::size_t most_notes = 20;
// A page of which this many rows are unreadable, and most, is no page of this format any more.
constexpr std::size_t most_rejected = 1000;

// A README makes up nine tenths of some rows; tools and packages are not ours to judge.
constexpr std::array<std::string_view, 4> never_kept{"readme", "tools", "packages", "icons"};

const json* member(const json& object, std::initializer_list<const char*> keys)
{
    if (!object.is_object()) return nullptr;
    for (const char* key : keys)
        if (const auto it = object.find(key); it != object.end() && !it->is_null()) return &*it;
    return nullptr;
}

std::string text(const json* value, std::size_t bytes)
{
    return value && value->is_string() ? capped(value->get_ref<const std::string&>(), bytes) : std::string();
}

std::string url_text(const json* value)
{
    return value && value->is_string() ? listed_url(value->get_ref<const std::string&>()) : std::string();
}

std::optional<bool> flag(const json* value)
{
    return value && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

class page_reader {
public:
    page_result read(const json& root)
    {
        const json* rows = root.is_array() ? &root : nullptr;
        const std::string at = rows ? "" : "/servers";
        if (!rows) {
            const auto servers = root.is_object() ? root.find("servers") : root.end();
            if (!root.is_object() || servers == root.end())
                return format_error{"/: " + shown(root) + ", expected {\"servers\": [...]}"};
            rows = &*servers;
            // A server in Go writes an empty list as null; without the page's own metadata it may be anything.
            static const json none = json::array();
            if (rows->is_null() && root.contains("metadata") && root["metadata"].is_object()) rows = &none;
            if (!rows->is_array()) return format_error{"/servers: " + shown(*rows) + ", expected a list"};
            if (auto error = metadata(root, rows->size())) return std::move(*error);
        }
        page_.listings.reserve(rows->size());
        for (std::size_t i = 0; i < rows->size(); ++i) {
            row((*rows)[i], at + "/" + std::to_string(i));
            if (page_.rejected.size() > most_rejected && page_.rejected.size() > page_.listings.size())
                return format_error{page_.rejected.front().where + ": " + page_.rejected.front().why +
                                    " (and most rows are like that)"};
        }
        one_latest_each();
        if (unsaid_ > 0) page_.notes.push_back("and " + std::to_string(unsaid_) + " more of this kind");
        return std::move(page_);
    }

private:
    void note(std::string what)
    {
        if (page_.notes.size() < most_notes)
            page_.notes.push_back(std::move(what));
        else
            ++unsaid_;
    }

    void reject(std::string where, std::string why) { page_.rejected.push_back({std::move(where), std::move(why)}); }

    std::optional<format_error> metadata(const json& root, std::size_t rows)
    {
        const json* data = member(root, {"metadata"});
        if (!data) return {};
        if (!data->is_object()) return format_error{"/metadata: " + shown(*data) + ", expected an object"};
        if (const json* next = member(*data, {"nextCursor", "next_cursor"})) {
            if (!next->is_string())
                return format_error{"/metadata/nextCursor: " + shown(*next) + ", expected text or null"};
            const auto& cursor = next->get_ref<const std::string&>();
            if (cursor.size() > longest_cursor)
                return format_error{"/metadata/nextCursor: " + std::to_string(cursor.size()) +
                                    " bytes, expected at most " + std::to_string(longest_cursor)};
            if (!cursor.empty()) page_.next = cursor;
        }
        const json* count = member(*data, {"count"});
        if (count && count->is_number_unsigned() && count->get<std::size_t>() != rows)
            note("/metadata/count: " + count->dump() + ", but the page has " + std::to_string(rows) + " rows");
        return {};
    }

    void row(const json& entry, const std::string& at)
    {
        if (!entry.is_object()) return reject(at, shown(entry) + ", expected an object");
        const auto wrapped = entry.find("server");
        if (wrapped != entry.end() && !wrapped->is_object())
            return reject(at + "/server", shown(*wrapped) + ", expected an object");
        const json& server = wrapped == entry.end() ? entry : *wrapped;
        const std::string place = wrapped == entry.end() ? at : at + "/server";

        listing l;
        const json* name = member(server, {"name"});
        if (!name) {
            if (wrapped == entry.end()) return reject(at, shown(entry) + ", expected a server or its name");
            return reject(place + "/name", "missing");
        }
        if (!name->is_string() || *name == "") return reject(place + "/name", shown(*name) + ", expected text");
        l.name = text(name, longest_name);
        const json* detail = member(server, {"version_detail"});
        const json* version = member(server, {"version"});
        if (!version && detail) version = member(*detail, {"version"});
        l.version = text(version, longest_word);
        l.title = text(member(server, {"title"}), longest_name);
        l.description = text(member(server, {"description"}), longest_description);
        const json* repository = member(server, {"repository"});
        l.repository = url_text(repository && repository->is_object() ? member(*repository, {"url"}) : repository);
        l.website = url_text(member(server, {"websiteUrl", "website_url"}));
        facts(entry, server, detail, l, at);
        if (!remotes(server, place, l)) return;

        const auto [known, is_new] = first_row_.emplace(l.name + '\n' + l.version, at);
        if (!is_new) return reject(at, "the same name and version as " + known->second);
        page_.listings.push_back(std::move(l));
    }

    // What the registry says about the row, in the places where it used to stand and stands now.
    void facts(const json& entry, const json& server, const json* detail, listing& l, const std::string& at)
    {
        static const json nothing = json::object();
        const json* meta = member(entry, {"_meta"});
        const json* official = meta ? member(*meta, {"io.modelcontextprotocol.registry/official"}) : nullptr;
        if (!official) official = &nothing;
        if (!detail) detail = &nothing;

        const json* status = member(*official, {"status"});
        if (!status) status = member(server, {"status"});
        l.status = text(status, longest_word);
        if (l.status.empty()) l.status = "active";
        if (l.status != "active" && l.status != "deprecated" && l.status != "deleted")
            note(at + ": status \"" + excerpt(l.status) + "\" is not one that we know");

        const auto date = [&](std::initializer_list<const char*> keys) {
            const json* value = member(*official, keys);
            return text(value ? value : member(server, keys), longest_word);
        };
        l.published_at = date({"publishedAt", "published_at"});
        if (l.published_at.empty()) l.published_at = text(member(*detail, {"release_date"}), longest_word);
        l.updated_at = date({"updatedAt", "updated_at"});

        auto latest = flag(member(*official, {"isLatest", "is_latest"}));
        if (!latest) latest = flag(member(*detail, {"is_latest"}));
        l.latest = latest.value_or(true);

        const json* anthropic = meta ? member(*meta, {"com.anthropic.api/mcp-registry"}) : nullptr;
        needs_auth_ = anthropic && flag(member(*anthropic, {"isAuthless"})) == false;
    }

    bool remotes(const json& server, const std::string& place, listing& l)
    {
        const json* list = member(server, {"remotes"});
        if (!list) return true;
        if (!list->is_array()) {
            reject(place + "/remotes", shown(*list) + ", expected a list");
            return false;
        }
        for (std::size_t i = 0; i < list->size(); ++i) {
            const json& item = (*list)[i];
            const std::string at = place + "/remotes/" + std::to_string(i);
            if (!item.is_object()) note(at + ": " + shown(item) + ", expected an object");
            const json* url = member(item, {"url", "URL"});
            if (item.is_object() && !(url && url->is_string()))
                note(at + "/url: " + (url ? shown(*url) : "missing") + ", expected text");
            l.remotes.push_back({url_text(url), text(member(item, {"type", "transport_type"}), longest_word),
                                 needs_auth_ || declares_auth(member(item, {"headers"}))});
        }
        return true;
    }

    // A header that must be there or is secret; values are not looked at.
    static bool declares_auth(const json* headers)
    {
        if (!headers || !headers->is_array()) return false;
        const auto marked = [](const json& o) {
            return flag(member(o, {"isRequired", "is_required"})) == true ||
                   flag(member(o, {"isSecret", "is_secret"})) == true;
        };
        return std::any_of(headers->begin(), headers->end(), [&](const json& header) {
            if (marked(header)) return true;
            const json* variables = member(header, {"variables"});
            return variables && variables->is_object() && std::any_of(variables->begin(), variables->end(), marked);
        });
    }

    // Several versions of one name that all call themselves the latest, or say nothing: the newest by its date is, and
    // of equals the last row. (None at all: the latest stands on another page.)
    void one_latest_each()
    {
        std::unordered_map<std::string, listing*> newest;
        for (listing& l : page_.listings) {
            if (!l.latest) continue;
            listing*& best = newest[l.name];
            if (best) {
                listing* older = l.published_at < best->published_at ? &l : best;
                older->latest = false;
                note("\"" + excerpt(l.name) + "\": two versions are the latest, \"" + excerpt(older->version) +
                     "\" is taken as superseded");
                if (older == &l) continue;
            }
            best = &l;
        }
    }

    registry_page page_;
    std::unordered_map<std::string, std::string> first_row_;  // by name and version
    std::size_t unsaid_ = 0;
    bool needs_auth_ = false;
};

bool has_parameter(std::string_view url, std::string_view name)
{
    for (std::size_t at = url.find('?'); at != std::string_view::npos; at = url.find('&', at + 1))
        if (url.substr(at + 1).starts_with(name) && url.substr(at + 1 + name.size()).starts_with('=')) return true;
    return false;
}

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char ch : text) {
        const auto c = static_cast<unsigned char>(ch);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain)
            out += ch;
        else
            ((out += '%') += hex[c >> 4]) += hex[c & 15];
    }
    return out;
}

}  // namespace

page_result parse_mcp_registry(std::string_view page_text)
{
    auto root = read_json(page_text, never_kept);
    if (auto* error = std::get_if<format_error>(&root)) return std::move(*error);
    return page_reader().read(std::get<json>(root));
}

// Latest versions, a hundred rows a page (the registry's maximum); what the configured URL says itself stays.
std::string mcp_registry_url(std::string_view base, std::string_view cursor)
{
    std::string url(base.substr(0, base.find('#')));
    if (!url.starts_with("http://") && !url.starts_with("https://")) return std::string(base);  // a saved page
    const auto add = [&](std::string_view name, std::string_view value) {
        if (has_parameter(url, name)) return;
        url += url.find('?') == std::string::npos ? '?' : '&';
        ((url += name) += '=') += value;
    };
    add("limit", "100");
    add("version", "latest");
    if (!cursor.empty()) add("cursor", percent_encoded(cursor));
    return url;
}

}  // namespace rollcall::audit::detail
