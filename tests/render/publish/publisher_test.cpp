#include "render/publish/publisher.hpp"

#include "tests/catch.hpp"
#include "tests/render/support/scratch.hpp"

#include <fcntl.h>

namespace rollcall::render::tests {
namespace {

namespace fs = std::filesystem;

publisher::counts publish(const fs::path& folder, const tree& files, publisher::trust in = publisher::trust::list)
{
    publisher p(folder, in);
    for (const auto& [path, bytes] : files) p.put(path, bytes);
    return p.finish("of-these");
}

std::string list_of(const fs::path& folder) { return *read_file(folder / ".rollcall-files"); }

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

TEST_CASE("a list of an earlier version is understood, and becomes one of this", "[publish]")
{
    scratch s;
    write(s.folder / "site/.rollcall-files.json", "{\"files\":[\"../keep\",\"/etc/passwd\",\"a\",\"old\"]}");
    write(s.folder / "site/a", "1");
    write(s.folder / "site/old", "1");
    write(s.folder / "keep", "mine");
    const auto c = publish(s.folder / "site", {{"a", "1"}, {"b", "2"}});
    CHECK(c.unchanged == 1);
    CHECK(c.written == 1);
    CHECK(c.removed == 1);
    CHECK(fs::exists(s.folder / "keep"));
    CHECK_FALSE(fs::exists(s.folder / "site/.rollcall-files.json"));
    CHECK(publish(s.folder / "site", {{"a", "1"}, {"b", "2"}}).written == 0);
}

TEST_CASE("a damaged list is refused, and a hostile one deletes nothing outside", "[publish]")
{
    scratch s;
    const auto zeros = std::string(64, '0');
    struct row { const char* name; std::string list; };
    const row table[] = {{"empty", ""},
                         {"of another version", "rollcall-files 3 - 0\n"},
                         {"cut off in a line", "rollcall-files 2 - 1\n" + zeros + " 1 2"},
                         {"cut off at the end of a line", "rollcall-files 2 - 2\n" + zeros + " 1 2 a\n"},
                         {"longer than it says", "rollcall-files 2 - 0\n" + zeros + " 1 2 a\n"},
                         {"a digest that is none", "rollcall-files 2 - 1\nfeed 1 2 a\n"},
                         {"a size that is none", "rollcall-files 2 - 1\n" + zeros + " one 2 a\n"}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name)
        {
            write(s.folder / "site/.rollcall-files", r.list);
            CHECK_THROWS_AS(publisher(s.folder / "site"), publish_error);
        }
    SECTION("of an earlier version")
    {
        write(s.folder / "site/.rollcall-files.json", "{");
        CHECK_THROWS_AS(publisher(s.folder / "site"), publish_error);
    }
    SECTION("hostile")
    {
        write(s.folder / "keep", "mine");
        write(s.folder / "site/.rollcall-files", "rollcall-files 2 - 2\n" + zeros + " 1 2 ../keep\n" + zeros + " 1 2 /etc/passwd\n");
        publish(s.folder / "site", {{"a", "1"}});
        CHECK(fs::exists(s.folder / "keep"));
    }
}

TEST_CASE("what was written is known by its size and time, and is read again only if it is not trusted", "[publish]")
{
    scratch s;
    const tree files{{"a", "1"}, {"b/c", "2"}};
    publish(s.folder, files);
    const auto when = fs::last_write_time(s.folder / "a");
    write(s.folder / "a", "x");
    fs::last_write_time(s.folder / "a", when);
    CHECK(publish(s.folder, files).written == 0);
    CHECK(publish(s.folder, files, publisher::trust::nothing).written == 1);
    CHECK(seen(s.folder) == files);
}

TEST_CASE("a copy of a site, with other times, is read once and not written", "[publish]")
{
    scratch s;
    const tree files{{"a", "1"}, {"b/c", "2"}};
    publish(s.folder / "one", files);
    const auto list = list_of(s.folder / "one");
    fs::copy(s.folder / "one", s.folder / "two", fs::copy_options::recursive);
    for (const char* f : {"a", "b/c"}) fs::last_write_time(s.folder / "two" / f, fs::file_time_type(std::chrono::hours(1)));
    CHECK(publish(s.folder / "two", files).written == 0);
    CHECK(list_of(s.folder / "two") != list);
    CHECK(publisher(s.folder / "two").holds_site_of("of-these"));
}

TEST_CASE("a folder that holds the site of the same inputs whole says so", "[publish]")
{
    scratch s;
    const tree files{{"a", "1"}, {"b/c", "2"}};
    CHECK_FALSE(publisher(s.folder).holds_site_of(""));
    publish(s.folder, files);
    CHECK(publisher(s.folder).holds_site_of("of-these"));
    CHECK_FALSE(publisher(s.folder).holds_site_of("of-those"));
    CHECK_FALSE(publisher(s.folder, publisher::trust::nothing).holds_site_of("of-these"));
    SECTION("not with a file lost") { fs::remove(s.folder / "b/c"); }
    SECTION("not with a file altered") { write(s.folder / "a", "other"); }
    SECTION("not with a link in its place")
    {
        fs::rename(s.folder / "a", s.folder / "kept");
        fs::create_symlink("kept", s.folder / "a");
    }
    CHECK_FALSE(publisher(s.folder).holds_site_of("of-these"));
}

// As when the power goes: what is on the disk after so many of the renames.
TEST_CASE("killed while files move into place, the next run mends it", "[publish]")
{
    scratch s;
    publish(s.folder, {{"a", "1"}, {"b", "1"}, {"old", "1"}});
    const auto before = list_of(s.folder);
    const tree after{{"a", "2"}, {"b", "2"}, {"c/d", "2"}};
    publish(s.folder, after);
    SECTION("before any has moved")
    {
        write(s.folder / "a", "1");
        write(s.folder / "b", "1");
        write(s.folder / "old", "1");
        fs::remove_all(s.folder / "c");
    }
    SECTION("when some have moved") { write(s.folder / "b", "1"); }
    // The list of that moment: old files and new ones, and not the inputs.
    auto list = list_of(s.folder);
    list.replace(list.find("of-these"), 8, "-");
    list.replace(list.find(" 3\n"), 3, " 4\n");
    list += std::string(64, '0') + " 1 5 old\n";
    write(s.folder / ".rollcall-files", list);
    write(s.folder / ".rollcall-new/b", "2");
    CHECK_FALSE(publisher(s.folder).holds_site_of("of-these"));
    publish(s.folder, after);
    CHECK(seen(s.folder) == after);
    CHECK_FALSE(fs::exists(s.folder / ".rollcall-new"));
}

TEST_CASE("one run at a time writes a folder", "[publish]")
{
    scratch s;
    publisher first(s.folder);
    first.put("a", "1");
    CHECK_THROWS_WITH(publisher(s.folder), s.folder.string() + ": another run is writing this folder; wait for it to end");
    first.finish();
    CHECK(seen(s.folder) == tree{{"a", "1"}});
}

TEST_CASE("a full disk leaves the old site as it was", "[publish]")
{
    CHECK_THROWS_WITH(write_all(descriptor(::open("/dev/full", O_WRONLY)).get(), "x", "site/a"), "cannot write site/a: No space left on device");
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
