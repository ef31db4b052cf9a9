#include "render/commands/inputs.hpp"

#include "tests/catch.hpp"
#include "tests/render/support/scratch.hpp"

namespace rollcall::render::tests {

TEST_CASE("whatever a site is made from has its part in the digest", "[commands]")
{
    scratch s;
    const auto store = s.folder / "store.sqlite";
    write(store, "rows");
    write(s.folder / "templates/a.html", "a");
    write(s.folder / "site/b.css", "b");
    const auto digest = [&](std::string_view url = "https://s.example/") { return inputs(store, {s.folder / "templates", s.folder / "site"}, {url, ""}).digest(); };
    const auto before = digest();
    CHECK(before.size() == 64);
    CHECK(digest() == before);
    CHECK(digest("https://t.example/") != before);
    SECTION("the store") { write(store, "other rows"); }
    SECTION("its log of what is not yet in it") { write(store.string() + "-wal", "rows"); }
    SECTION("a template") { write(s.folder / "templates/a.html", "b"); }
    SECTION("a template's name") { std::filesystem::rename(s.folder / "templates/a.html", s.folder / "templates/b.html"); }
    SECTION("one more static file") { write(s.folder / "site/c/d.css", ""); }
    CHECK(digest() != before);
}

TEST_CASE("what cannot be read, or was written meanwhile, stands for nothing", "[commands]")
{
    scratch s;
    const auto store = s.folder / "store.sqlite";
    CHECK(inputs(store, {}, {}).digest().empty());
    write(store, "rows");
    CHECK(inputs(store, {s.folder / "no templates"}, {}).digest().empty());
    const inputs from(store, {}, {});
    CHECK(from.still_hold());
    write(store.string() + "-wal", "rows");
    CHECK_FALSE(from.still_hold());
}

}  // namespace rollcall::render::tests
