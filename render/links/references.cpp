#include "render/links/references.hpp"

#include "render/links/markup.hpp"
#include "render/links/style.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

// Members of documents whose text is a stranger's: that it begins as our own addresses do means nothing.
constexpr std::array strangers{std::string_view("url"), std::string_view("website"), std::string_view("repository"), std::string_view("description"), std::string_view("name"), std::string_view("title"),
                               std::string_view("detail"), std::string_view("sentence"), std::string_view("tool")};

// The name of the member whose value begins at `at`, where its quotation mark stands; of a list, that of the list is not looked for.
std::string_view member_before(std::string_view json, std::size_t at)
{
    const auto colon = json.find_last_not_of(" \n\t", at - 1);
    if (at == 0 || colon == std::string_view::npos || json[colon] != ':') return {};
    const auto end = json.find_last_not_of(" \n\t", colon - 1);
    if (colon == 0 || end == std::string_view::npos || end == 0 || json[end] != '"') return {};
    const auto begin = json.rfind('"', end - 1);
    return begin == std::string_view::npos ? std::string_view() : json.substr(begin + 1, end - begin - 1);
}

references of_document(std::string_view path, std::string_view json, std::string_view base_url)
{
    references out;
    if (base_url.empty()) return out;
    const auto quoted = "\"" + std::string(base_url);
    const bool feed = path.ends_with("feed.json");  // there every `url` is our own
    std::size_t line = 1, counted = 0;
    for (auto at = json.find(quoted); at != std::string_view::npos; at = json.find(quoted, at + 1)) {
        const auto member = member_before(json, at);
        const auto end = json.find('"', at + 1);
        if (end == std::string_view::npos) break;
        if (!(feed && member == "url") && std::ranges::find(strangers, member) != strangers.end()) continue;
        line += static_cast<std::size_t>(std::ranges::count(json.substr(counted, at - counted), '\n'));
        counted = at;
        out.links.push_back({std::string(json.substr(at + 1, end - at - 1)), line});
    }
    return out;
}

}  // namespace

references references_of(std::string_view path, std::string_view bytes, std::string_view base_url)
{
    if (path.ends_with(".html")) return references_of_html(bytes);
    if (path.ends_with(".xml") || path.ends_with(".svg")) return references_of_xml(bytes);
    if (path.ends_with(".json") || path.ends_with(".webmanifest")) return of_document(path, bytes, base_url);
    references out;
    if (path.ends_with(".css")) out.links = targets_of_style(bytes);
    return out;
}

}  // namespace rollcall::render
