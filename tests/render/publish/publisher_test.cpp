#include "render/publish/publisher.hpp"

#include "tests/catch.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <random>

namespace rollcall::render::tests {
namespace {

namespace fs = std::filesystem;
using tree = std::map<std::string, std::string>;

struct scratch {
    fs::path folder = fs::temp_directory_path() / ("rollcall-publish-" + std::to_string(std::random_device{}()));
    ~scratch()
    {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
};

void write(const fs::path& p, const std::string& text)
{
    fs::create_directories(p.parent_path());
    std::ofstream(p, std::ios::binary) << text;
}

// What a web server would see.
tree seen(const fs::path& folder)
{
    tree out;
    for (const auto& f : fs::recursive_directory_iterator(folder)) {
        const auto name = f.path().lexically_relative(folder).generic_string();
        if (!f.is_regular_file() || name.starts_with(".rollcall")) continue;
        std::ifstream in(f.path(), std::ios::binary);
        out[name] = std::string{std::istreambuf_iterator<char>(in), {}};
    }
    return out;
}

publisher::counts publish(const fs::path& folder, const tree& files)
{
    publisher p(folder);
    for (const auto& [path, bytes] : files) p.put(path, bytes);
    return p.finish();
}

}  // namespace

TEST_CASE("only what changed is written, and what no longer belongs goes", "[publish]")
{
    scratch s;
    const tree first{{"index.html", "1"}, {"a/b/c.json", "2"}, {"a/d.json", "3"}, {".well-known/probing.txt", "4"}};
    auto c = publish(s.folder, first);
    CHECK(c.files == 4);
    CHECK(c.written == 4);
    CHECK(seen(s.folder) == first);

    const auto before = fs::last_write_time(s.folder / "index.html");
    c = publish(s.folder, first);
    CHECK(c.written == 0);
    CHECK(c.unchanged == 4);
    CHECK(fs::last_write_time(s.folder / "index.html") == before);

    const tree second{{"index.html", "1"}, {"a", "now a file"}, {"b/e.json", "new"}};
    c = publish(s.folder, second);
    CHECK(c.written == 2);
    CHECK(c.unchanged == 1);
    CHECK(c.removed == 3);
    CHECK(seen(s.folder) == second);
    CHECK_FALSE(fs::exists(s.folder / ".well-known"));
}

TEST_CASE("a file that was altered or lost on disk is restored", "[publish]")
{
    scratch s;
    const tree files{{"a", "1"}, {"b", "2"}};
    publish(s.folder, files);
    write(s.folder / "a", "x");
    fs::remove(s.folder / "b");
    CHECK(publish(s.folder, files).written == 2);
    CHECK(seen(s.folder) == files);
}

TEST_CASE("foreign files are never touched", "[publish]")
{
    scratch s;
    SECTION("a folder with files that are not ours is refused")
    {
        write(s.folder / "thesis.txt", "mine");
        CHECK_THROWS_AS(publisher(s.folder), publish_error);
        CHECK(seen(s.folder) == tree{{"thesis.txt", "mine"}});
    }
    SECTION("a foreign file beside ours stays")
    {
        publish(s.folder, {{"a/b", "1"}});
        write(s.folder / "a/CNAME", "mine");
        publish(s.folder, {{"c", "1"}});
        CHECK(seen(s.folder) == tree{{"a/CNAME", "mine"}, {"c", "1"}});
    }
    SECTION("a foreign file where one of ours belongs is an error, not overwritten")
    {
        publish(s.folder, {{"a", "1"}});
        write(s.folder / "b", "mine");
        CHECK_THROWS_AS(publish(s.folder, {{"a", "2"}, {"b", "2"}}), publish_error);
        CHECK(seen(s.folder) == tree{{"a", "1"}, {"b", "mine"}});
    }
}

TEST_CASE("until it is finished, the old site stands", "[publish]")
{
    scratch s;
    publish(s.folder, {{"a", "1"}, {"b", "1"}});
    {
        publisher p(s.folder);
        p.put("a", "2");
    }
    CHECK(seen(s.folder) == tree{{"a", "1"}, {"b", "1"}});
    CHECK_FALSE(fs::exists(s.folder / ".rollcall-new"));
    CHECK(publish(s.folder, {{"a", "1"}, {"b", "1"}}).written == 0);
}

TEST_CASE("a damaged list of files is refused, and a hostile one deletes nothing outside", "[publish]")
{
    scratch s;
    write(s.folder / "site/.rollcall-files.json", "{\"files\":[\"../keep\",\"/etc/passwd\",\"old\"]}");
    write(s.folder / "site/old", "1");
    write(s.folder / "keep", "mine");
    CHECK(publish(s.folder / "site", {{"a", "1"}}).removed == 1);
    CHECK(fs::exists(s.folder / "keep"));
    write(s.folder / "site/.rollcall-files.json", "{");
    CHECK_THROWS_AS(publisher(s.folder / "site"), publish_error);
}

TEST_CASE("paths that may be published", "[publish]")
{
    struct row { const char* path; bool ok; };
    const row table[] = {{"index.html", true}, {"a/b.c/d~e", true}, {".well-known/x.txt", true}, {"404.html", true},
                         {"", false}, {"/a", false}, {"a/", false}, {"a//b", false}, {"..", false}, {"a/../b", false}, {"./a", false},
                         {".hidden", false}, {"a/.well-known/x", false}, {"a/.b", false}, {"a\\b", false}, {"a\nb", false}};
    for (const auto& r : table)
        DYNAMIC_SECTION("'" << r.path << "'") { CHECK(is_publishable(r.path) == r.ok); }
    scratch s;
    publisher p(s.folder);
    CHECK_THROWS_AS(p.put("../x", "1"), publish_error);
    p.put("x", "1");
    CHECK_THROWS_AS(p.put("x", "2"), publish_error);
}

}  // namespace rollcall::render::tests
