#include "audit/registry/server_rows.hpp"

#include "audit/registry/text.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 300, longest_description = 2000, longest_word = 100;
constexpr std::size_t most_notes = 20;
// A page of which this many rows are unreadable, and most, is no page of this format any more.
constexpr std::size_t most_rejected = 1000;

std::optional<bool> flag(const json* value)
{
    return value && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

// A header that must be there or is secret; values are not looked at.
bool declares_auth(const json* headers)
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

}  // namespace

std::span<const std::string_view> never_kept() noexcept
{
    static constexpr std::array<std::string_view, 4> names{"readme", "tools", "packages", "icons"};
    return names;
}

const json* member(const json& object, std::initializer_list<const char*> keys)
{
    if (!object.is_object()) return nullptr;
    for (const char* key : keys)
        if (const auto it = object.find(key); it != object.end() && !it->is_null()) return &*it;
    return nullptr;
}

std::string text_of(const json* value, std::size_t bytes)
{
    return value && value->is_string() ? capped(value->get_ref<const std::string&>(), bytes) : std::string();
}

std::string url_of(const json* value)
{
    return value && value->is_string() ? listed_url(value->get_ref<const std::string&>()) : std::string();
}

bool server_rows::add(const std::string& place, const json& entry)
{
    row(entry, place);
    if (page_.rejected.size() > most_rejected && page_.rejected.size() > page_.listings.size())
        hopeless_ = format_error{page_.rejected.front().where + ": " + page_.rejected.front().why +
                                 " (and most rows are like that)"};
    return !hopeless_;
}

void server_rows::note(std::string what)
{
    if (page_.notes.size() < most_notes)
        page_.notes.push_back(std::move(what));
    else
        ++unsaid_;
}

void server_rows::reject(std::string where, std::string why, std::string_view code)
{
    page_.rejected.push_back({std::move(where), std::move(why), code});
}

registry_page server_rows::finish()
{
    one_latest_each();
    if (unsaid_ > 0) page_.notes.push_back("and " + std::to_string(unsaid_) + " more of this kind");
    return std::move(page_);
}

void server_rows::row(const json& entry, const std::string& at)
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
        return reject(place + "/name", "missing", "name");
    }
    if (!name->is_string() || *name == "") return reject(place + "/name", shown(*name) + ", expected text", "name");
    l.name = text_of(name, longest_name);
    const json* detail = member(server, {"version_detail"});
    const json* version = member(server, {"version"});
    if (!version && detail) version = member(*detail, {"version"});
    l.version = text_of(version, longest_word);
    l.title = text_of(member(server, {"title"}), longest_name);
    l.description = text_of(member(server, {"description"}), longest_description);
    const json* repository = member(server, {"repository"});
    l.repository = url_of(repository && repository->is_object() ? member(*repository, {"url"}) : repository);
    l.website = url_of(member(server, {"websiteUrl", "website_url"}));
    facts(entry, server, detail, l, at);
    if (!remotes(server, place, l)) return;
    if (l.remotes.empty() && member(server, {"url", "mcp_url", "endpoint"})) note(place + ": a URL outside of \"remotes\" is not read");

    const auto [known, is_new] = first_row_.emplace(l.name + '\n' + l.version, at);
    if (!is_new) return reject(at, "the same name and version as " + known->second, "same_name");
    page_.listings.push_back(std::move(l));
}

// What the registry says about the row, in the places where it used to stand and stands now.
void server_rows::facts(const json& entry, const json& server, const json* detail, listing& l, const std::string& at)
{
    static const json nothing = json::object();
    const json* meta = member(entry, {"_meta"});
    const json* official = meta ? member(*meta, {"io.modelcontextprotocol.registry/official"}) : nullptr;
    if (!official) official = &nothing;
    if (!detail) detail = &nothing;

    const json* status = member(*official, {"status"});
    if (!status) status = member(server, {"status"});
    l.status = text_of(status, longest_word);
    if (l.status.empty()) l.status = "active";
    if (l.status != "active" && l.status != "deprecated" && l.status != "deleted")
        note(at + ": status \"" + excerpt(l.status) + "\" is not one that we know");

    const auto date = [&](std::initializer_list<const char*> keys) {
        const json* value = member(*official, keys);
        return text_of(value ? value : member(server, keys), longest_word);
    };
    l.published_at = date({"publishedAt", "published_at"});
    if (l.published_at.empty()) l.published_at = text_of(member(*detail, {"release_date"}), longest_word);
    l.updated_at = date({"updatedAt", "updated_at"});

    auto latest = flag(member(*official, {"isLatest", "is_latest"}));
    if (!latest) latest = flag(member(*detail, {"is_latest"}));
    l.latest = latest.value_or(true);

    const json* anthropic = meta ? member(*meta, {"com.anthropic.api/mcp-registry"}) : nullptr;
    needs_auth_ = anthropic && flag(member(*anthropic, {"isAuthless"})) == false;
}

bool server_rows::remotes(const json& server, const std::string& place, listing& l)
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
        l.remotes.push_back({url_of(url), text_of(member(item, {"type", "transport_type"}), longest_word),
                             needs_auth_ || declares_auth(member(item, {"headers"}))});
    }
    return true;
}

// Several versions of one name that all call themselves the latest, or say nothing: the newest by its date is, and
// of equals the last row. (None at all: the latest stands on another page.)
void server_rows::one_latest_each()
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

}  // namespace rollcall::audit::detail
