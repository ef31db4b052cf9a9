#include "render/links/check.hpp"

#include "render/publish/tar_file.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/scratch.hpp"

namespace rollcall::render::tests {
namespace {

std::string told(const link_check& c)
{
    std::string out;
    for (const auto& f : c.findings) out += f.page + ":" + std::to_string(f.line) + ": " + f.link + ": " + f.what + "\n";
    return out;
}

// The same from a folder and from a tar.
std::string found(const tree& files, const std::string& base_url)
{
    scratch s;
    for (const auto& [path, bytes] : files) write(s.folder / "site" / path, bytes);
    tar_file tar(s.folder / "site.tar", 0);
    for (const auto& [path, bytes] : files) tar.put(path, bytes);
    tar.finish();
    const auto of_folder = told(check_links(s.folder / "site", base_url));
    CHECK(told(check_links(s.folder / "site.tar", base_url)) == of_folder);
    return of_folder;
}

}  // namespace

TEST_CASE("every link that leads nowhere is named with its page and place", "[links]")
{
    const char* url = "https://s.example/roll/";
    struct row { const char* name; tree files; std::string findings; };
    const row table[] = {
        {"all is well",
         {{"index.html", "<link href=assets/s.css><a id=x href='a/#y'><a href='#x'><a href='#top'><a href='a.svg'><a href='https://else.example/no'>"},
          {"a/index.html", "<p id='y'><a href='../'><a href='../index.html#x'><a href='/roll/a/'>"},
          {"assets/s.css", "p{background:url(../a.svg#i)}"},
          {"a.svg", "<svg><g id='i'/></svg>"},
          {"api/d.json", "{\"schema\": \"https://s.example/roll/api/d.json\"}"}},
         ""},
        {"a file", {{"index.html", "<p>\n<img src='a.png'>"}}, "index.html:2: a.png: no such file\n"},
        {"a page", {{"index.html", "<a href='a/'>"}}, "index.html:1: a/: no such page\n"},
        {"a folder without a page", {{"index.html", "<a href='a/'>"}, {"a/b.txt", ""}}, "index.html:1: a/: a folder without index.html\n"},
        {"a folder without its slash", {{"index.html", "<a href='a'>"}, {"a/index.html", "<p>"}}, "index.html:1: a: a folder: the link lacks its slash\n"},
        {"an id", {{"index.html", "<a href='a/#x'><a href='#y'>"}, {"a/index.html", "<p id=z>"}}, "index.html:1: #y: the page has no such id\nindex.html:1: a/#x: the page has no such id\n"},
        {"an id twice", {{"index.html", "<p id=a>\n<p id=a>"}}, "index.html:2: a: this id stands twice in the page\n"},
        {"above the root", {{"a/index.html", "<a href='../../x'>"}, {"index.html", "<p>"}}, "a/index.html:1: ../../x: leads out of the site\n"},
        {"beside the site", {{"index.html", "<a href='/x/'><a href='https://s.example/y/'>"}}, "index.html:1: /x/: leads out of the site\nindex.html:1: https://s.example/y/: leads out of the site\n"},
        {"a style", {{"assets/s.css", "\n@import 'no.css';"}}, "assets/s.css:2: no.css: no such file\n"},
        {"a document", {{"d.json", "{\"schema\": \"https://s.example/roll/no.json\"}"}}, "d.json:1: https://s.example/roll/no.json: no such file\n"},
        {"a map of the site", {{"sitemap.xml", "<urlset><url><loc>https://s.example/roll/no/</loc></url></urlset>"}}, "sitemap.xml:1: https://s.example/roll/no/: no such page\n"},
        {"a drawing that is none", {{"a.svg", "<svg>"}}, "a.svg:1: a.svg: not well-formed XML, line 1\n"},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name) { CHECK(found(r.files, url) == r.findings); }
}

TEST_CASE("without a base URL only what is relative is checked", "[links]")
{
    CHECK(found({{"index.html", "<a href='https://s.example/roll/no/'><a href='no/'>"}, {"d.json", "{\"schema\": \"https://s.example/roll/no.json\"}"}}, "") == "index.html:1: no/: no such page\n");
}

TEST_CASE("what cannot be read is no site", "[links]")
{
    scratch s;
    CHECK_THROWS_AS(check_links(s.folder / "none", ""), site_error);
    write(s.folder / "text.tar", "this is no tar, and long enough to look at twice, since a header has five hundred and twelve bytes");
    CHECK_THROWS_AS(check_links(s.folder / "text.tar", ""), site_error);
    tar_file tar(s.folder / "cut.tar", 0);
    tar.put("a.html", std::string(5000, 'x'));
    tar.finish();
    std::filesystem::resize_file(s.folder / "cut.tar", 2048);
    CHECK_THROWS_AS(check_links(s.folder / "cut.tar", ""), site_error);
}

}  // namespace rollcall::render::tests
