#include "render/publish/tar_file.hpp"

#include "tests/catch.hpp"
#include "tests/render/support/scratch.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace rollcall::render::tests {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t some_time = 1'795'228'200;  // 2026-11-21T02:30:00Z

void pack(const fs::path& file, const tree& files)
{
    tar_file out(file, some_time);
    for (const auto& [path, bytes] : files) out.put(path, bytes);
    out.finish();
}

std::string bytes_of(const fs::path& file) { return *read_file(file); }

std::string said_by(const std::string& command)
{
    std::string out;
    auto* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> some{};
    while (const auto n = std::fread(some.data(), 1, some.size(), pipe)) out.append(some.data(), n);
    CHECK(::pclose(pipe) == 0);
    return out;
}

const std::string deep = std::string(120, 'd') + "/" + std::string(130, 'e') + "/" + std::string(90, 'f') + ".json";
const tree sample{{"index.html", "<p>"}, {"empty.txt", ""}, {"a/b/c.json", std::string(1500, 'x')}, {"a/d.json", "{}"}, {".well-known/probing.txt", "who"}, {deep, "far"}};

}  // namespace

TEST_CASE("GNU tar unpacks the very files", "[tar]")
{
    scratch s;
    const auto file = s.folder / "site.tar";
    pack(file, sample);
    CHECK(deep.size() > 255);
    fs::create_directories(s.folder / "out");
    said_by("tar -xf '" + file.string() + "' -C '" + (s.folder / "out").string() + "' 2>&1");
    CHECK(seen(s.folder / "out") == sample);
    CHECK_FALSE(fs::exists(s.folder / ".site.tar.rollcall-new"));
}

TEST_CASE("every entry has one time, belongs to nobody, and comes after its folder", "[tar]")
{
    scratch s;
    pack(s.folder / "site.tar", {{"a/b/c", "1"}, {"a/d", "2"}, {"e", "3"}});
    CHECK(said_by("TZ=UTC tar --numeric-owner -tvf '" + (s.folder / "site.tar").string() + "'") == "drwxr-xr-x 0/0               0 2026-11-21 02:30 a/\n"
                                                                                                  "drwxr-xr-x 0/0               0 2026-11-21 02:30 a/b/\n"
                                                                                                  "-rw-r--r-- 0/0               1 2026-11-21 02:30 a/b/c\n"
                                                                                                  "-rw-r--r-- 0/0               1 2026-11-21 02:30 a/d\n"
                                                                                                  "-rw-r--r-- 0/0               1 2026-11-21 02:30 e\n");
}

TEST_CASE("the same files give the same bytes, and the archive ends as POSIX wants it", "[tar]")
{
    scratch s;
    pack(s.folder / "one.tar", sample);
    pack(s.folder / "two.tar", sample);
    const auto bytes = bytes_of(s.folder / "one.tar");
    CHECK(bytes == bytes_of(s.folder / "two.tar"));
    CHECK(bytes.size() % 512 == 0);
    CHECK(bytes.ends_with(std::string(1024, '\0')));
    CHECK(bytes.substr(257, 5) == "ustar");
}

TEST_CASE("until it is finished, the old tar stands", "[tar]")
{
    scratch s;
    const auto file = s.folder / "site.tar";
    pack(file, {{"a", "1"}});
    const auto before = bytes_of(file);
    {
        tar_file out(file, some_time);
        out.put("b", std::string(1 << 20, 'x'));
        CHECK_THROWS_AS(tar_file(file, some_time), publish_error);  // one run at a time
    }
    CHECK(bytes_of(file) == before);
    CHECK(std::distance(fs::directory_iterator(s.folder), {}) == 1);
    // What a killed run leaves is no hindrance.
    write(s.folder / ".site.tar.rollcall-new", std::string(1 << 20, 'y'));
    pack(file, {{"a", "1"}});
    CHECK(bytes_of(file) == before);
}

TEST_CASE("what may not be published is no entry either", "[tar]")
{
    scratch s;
    tar_file out(s.folder / "site.tar", some_time);
    out.put("a/b", "1");
    for (const char* path : {"../x", "/x", "a/../x", "a/b", "a", "a/b/c"}) CHECK_THROWS_AS(out.put(path, "2"), publish_error);
    fs::create_directories(s.folder / "folder.tar");
    CHECK_THROWS_AS(tar_file(s.folder / "folder.tar", some_time), publish_error);
}

}  // namespace rollcall::render::tests
