#include "render/links/target.hpp"

#include "tests/catch.hpp"

namespace rollcall::render::tests {

TEST_CASE("where a link leads", "[links]")
{
    constexpr auto inside = leads::inside, elsewhere = leads::elsewhere, out = leads::out_of_site;
    const char* sub = "https://host.example/roll/";
    struct row { const char* link; const char* from; const char* base; const char* url; leads where; const char* path; const char* fragment; };
    const row table[] = {
        {"b.html", "a/index.html", "", "", inside, "a/b.html", ""},
        {"../", "a/b/index.html", "", "", inside, "a/", ""},
        {"../../", "a/b/index.html", "", "", inside, "", ""},
        {"../../../", "a/b/index.html", "", "", out, "", ""},
        {"./", "index.html", "", "", inside, "", ""},
        {"../x/../y", "a/b/index.html", "", "", inside, "a/y", ""},
        {"a//b", "index.html", "", "", inside, "a/b", ""},
        {"", "a/index.html", "", "", inside, "a/index.html", ""},
        {"#top", "a/index.html", "", "", inside, "a/index.html", "top"},
        {"#a%20b%", "a/index.html", "", "", inside, "a/index.html", "a b%"},
        {"?q=x#y", "a/index.html", "", "", inside, "a/index.html", "y"},
        {"b?q=/../#y?z", "a/index.html", "", "", inside, "a/b", "y?z"},
        {" b%7Ec \n", "a/index.html", "", "", inside, "a/b~c", ""},
        {"/x/", "a/index.html", "", "", inside, "x/", ""},
        {"/roll/x/", "a/index.html", "", sub, inside, "x/", ""},
        {"/roll", "a/index.html", "", sub, inside, "", ""},
        {"/x/", "a/index.html", "", sub, out, "", ""},
        {"/rollcall/", "a/index.html", "", sub, out, "", ""},
        {"/roll/../x", "a/index.html", "", sub, out, "", ""},
        {"https://host.example/roll/x#y", "a/index.html", "", sub, inside, "x", "y"},
        {"https://host.example/other/", "a/index.html", "", sub, out, "", ""},
        {"//host.example/roll/x", "a/index.html", "", sub, inside, "x", ""},
        {"http://host.example/roll/x", "a/index.html", "", sub, elsewhere, "", ""},
        {"https://host.example.org/roll/x", "a/index.html", "", sub, elsewhere, "", ""},
        {"https://host.example/roll/x", "a/index.html", "", "", elsewhere, "", ""},
        {"mailto:a@b.example", "a/index.html", "", sub, elsewhere, "", ""},
        {"data:text/plain,x", "a/index.html", "", sub, elsewhere, "", ""},
        {"c", "a/index.html", "../b/", "", inside, "b/c", ""},
        {"#c", "a/index.html", "../b/", "", inside, "b/index.html", "c"},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION("'" << r.link << "' of " << r.from << " below '" << r.url << "'")
        {
            const auto t = resolve(r.link, r.from, r.base, r.url);
            CHECK(t.where == r.where);
            CHECK(t.path == r.path);
            CHECK(t.fragment == r.fragment);
        }
}

}  // namespace rollcall::render::tests
