#include "render/links/references.hpp"

#include "tests/catch.hpp"

namespace rollcall::render::tests {
namespace {

std::string told(const references& r)
{
    std::string out;
    for (const auto& l : r.links) out += (out.empty() ? "" : " ") + std::to_string(l.line) + ":" + l.target;
    return out;
}

}  // namespace

TEST_CASE("what a file leads to", "[links]")
{
    struct row { const char* name; const char* path; const char* bytes; const char* links; };
    const row table[] = {
        {"a page", "a.html", "<!DOCTYPE html>\n<html><head><link rel=\"stylesheet\" href=\"s.css\"></head>\n<body><main><a href='b/?x=1&amp;y=2#z'>b</a>\n<img src=c.png></main></body></html>", "2:s.css 3:b/?x=1&y=2#z 4:c.png"},
        {"pictures by size", "a.html", "<img srcset='a.png 1x, b.png 2x,c.png' src=d.png><video poster=e.png></video>", "1:a.png 1:b.png 1:c.png 1:d.png 1:e.png"},
        {"a form, an object, a frame", "a.html", "<form action='s/'><button formaction='t/'></button></form><object data='o.svg'></object><iframe src='f/'></iframe>", "1:s/ 1:t/ 1:o.svg 1:f/"},
        {"sent on", "a.html", "<meta http-equiv=refresh content='0; url=../new/'><meta name=description content='12 urls'>", "1:../new/"},
        {"a picture in the page", "a.html", "<svg viewBox='0 0 1 1'><use href='#i'></use><a xlink:href='x'></a></svg>", "1:#i 1:x"},
        {"words of a script and of a comment", "a.html", "<!-- <a href='no'> --><script>'<a href=\"no\">'</script><p data='no'>&lt;a href=no&gt;", ""},
        {"style in the page", "a.html", "<style>p{background:url(p.png)}</style><p style=\"background:url('q.png')\">", "1:p.png 1:q.png"},
        {"named by a stranger", "a.html", "<a rel='nofollow noopener ugc' href='https://x.example/'>", ""},
        {"tags that never end", "a.html", "<p><a href=b><<<><a href=c", "1:b 1:c"},
        {"a style sheet", "a.css", "@import \"b.css\";\n@font-face{src:url( c.woff2 ) format('x'), url(\"d.woff\")}/* url(no) */", "1:b.css 2:c.woff2 2:d.woff"},
        {"a drawing", "a.svg", "<svg xmlns='http://www.w3.org/2000/svg'>\n<a href='b/'/></svg>", "2:b/"},
        {"a feed", "feed.xml", "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='https://s.example/feed.xml'/></feed>", "1:https://s.example/feed.xml"},
        {"a map of the site", "sitemap.xml", "<urlset>\n<url><loc>https://s.example/a&amp;b/</loc></url></urlset>", "2:https://s.example/a&b/"},
        {"a document", "a.json", "{\n\"schema\": \"https://s.example/x.json\",\n\"url\": \"https://s.example/no\", \"pages\": [\"https://s.example/p/\"]}", "2:https://s.example/x.json 3:https://s.example/p/"},
        {"a JSON feed", "feed.json", "{\"items\":[{\"url\": \"https://s.example/y/\", \"title\": \"https://s.example/no\"}]}", "1:https://s.example/y/"},
        {"figures", "a.csv", "https://s.example/no", ""},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name) { CHECK(told(references_of(r.path, r.bytes, "https://s.example/")) == r.links); }
}

TEST_CASE("the places that may be led to, doubles too", "[links]")
{
    const auto r = references_of("a.html", "<p id='a'>\n<svg><g id=b /></svg><a name='c'></a><input name=d>\n<p id=a>", "");
    std::string out;
    for (const auto& a : r.anchors) out += std::to_string(a.line) + a.id + " ";
    CHECK(out == "1a 2b 2c 3a ");
}

TEST_CASE("XML that is none is a problem; HTML never is", "[links]")
{
    CHECK(references_of("a.svg", "<svg><g></svg>", "").problem == "not well-formed XML, line 1");
    CHECK(references_of("a.svg", "", "").problem == "empty");
    CHECK(references_of("a.html", "", "").problem == "empty");
    CHECK(references_of("a.html", "<p><b></p>&nosuch; <a href=\"x", "").problem.empty());
    // Nothing is fetched or expanded.
    CHECK(references_of("a.xml", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a href='x'>&e;</a>", "").links.size() == 1);
}

}  // namespace rollcall::render::tests
