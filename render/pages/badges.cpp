// Where an author picks a server and copies its badge.
#include "render/badge/kinds.hpp"
#include "render/pages/writer.hpp"

#include <string>

namespace rollcall::render {
namespace {

// In texts that stand for any server: the same the script looks for when it puts a chosen one in.
constexpr const char* nobody = "mcp.example.com/mcp";

struct wording { const char* name; std::string (*text)(const std::string& label, const std::string& image, const std::string& page); };
constexpr wording wordings[] = {
    {"Markdown", [](const std::string& label, const std::string& image, const std::string& page) { return "[![" + label + "](" + image + ")](" + page + ")"; }},
    {"HTML", [](const std::string& label, const std::string& image, const std::string& page) { return "<a href=\"" + page + "\"><img alt=\"" + label + "\" src=\"" + image + "\"></a>"; }},
    {"reStructuredText", [](const std::string& label, const std::string& image, const std::string& page) { return ".. image:: " + image + "\n   :target: " + page + "\n   :alt: " + label; }},
    {"AsciiDoc", [](const std::string& label, const std::string& image, const std::string& page) { return "image:" + image + "[" + label + ",link=" + page + "]"; }},
};

document kind_view(const roll& r, const badge_kind& kind, const std::string& slug)
{
    document d{{"code", kind.code}, {"label", kind.label}, {"meaning", kind.meaning}, {"ending", kind.ending}, {"texts", document::array()}};
    const auto image = r.base_url + "badge/" + slug + std::string(kind.ending), page = r.base_url + "servers/" + slug + "/";
    for (const auto& w : wordings) d["texts"].push_back({{"name", w.name}, {"text", w.text(std::string(kind.label), image, page)}});
    return d;
}

}  // namespace

void write_badges(const page_writer& w)
{
    const auto& r = w.roll();
    const std::string path = "badges/index.html";
    const bool any = !r.entries.empty();
    const auto slug = any ? r.entries.front().row->slug : nobody;
    document d{{"base", r.base_url}, {"example", any ? slug : std::string()}, {"slug", slug}, {"kinds", document::array()}, {"search", search_html(w, way_to_root(path))}};
    for (const auto& kind : badge_kinds()) d["kinds"].push_back(kind_view(r, kind, slug));
    w.page({path, "Badges", "A badge for a README that says what the last roll call saw.", ""}, "badges.html", std::move(d));
}

}  // namespace rollcall::render
