#include "render/commands/commands.hpp"

#include "tests/catch.hpp"
#include "tests/render/support/scratch.hpp"

#include <filesystem>
#include <vector>

namespace rollcall::render::tests {

TEST_CASE("exit codes: 2 for wrong usage, 3 for a run that failed", "[commands]")
{
    const scratch s;
    const auto missing = (s.folder / "store.sqlite").string();
    const auto out = (s.folder / "site").string();
    const char* url = "https://x.example/";
    struct row { const char* name; std::vector<const char*> arguments; int code; };
    const row table[] = {
        {"help", {"--help"}, 0},
        {"help of a command", {"site", "--help"}, 0},
        {"nothing", {}, 2},
        {"unknown command", {"paint"}, 2},
        {"missing option", {"site", "--out", out.c_str()}, 2},
        {"unknown option", {"site", "--colour", "red"}, 2},
        {"a base that is no URL", {"site", "--db", missing.c_str(), "--out", out.c_str(), "--base-url", "example"}, 2},
        {"a time that is none", {"site", "--db", missing.c_str(), "--out", out.c_str(), "--base-url", url, "--now", "yesterday"}, 2},
        {"no such store", {"site", "--db", missing.c_str(), "--out", out.c_str(), "--base-url", url}, 3},
        {"a tar cannot be verified", {"site", "--db", missing.c_str(), "--out", "/no/such/site.tar", "--base-url", url, "--verify"}, 2},
        {"no such store, for a tar", {"site", "--db", missing.c_str(), "--out", "/no/such/site.tar", "--base-url", url}, 3},
        {"links of nothing", {"check-links"}, 2},
        {"links of no such site", {"check-links", missing.c_str()}, 3},
        {"links below a base that is no URL", {"check-links", missing.c_str(), "--base-url", "example"}, 2},
        {"no such templates", {"site", "--db", missing.c_str(), "--out", out.c_str(), "--base-url", url, "--templates", missing.c_str()}, 3},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name)
        {
            std::vector<const char*> arguments{"rollcall-render"};
            arguments.insert(arguments.end(), r.arguments.begin(), r.arguments.end());
            CHECK(run_command_line(static_cast<int>(arguments.size()), arguments.data()) == r.code);
            CHECK_FALSE(std::filesystem::exists(out));
        }
}

}  // namespace rollcall::render::tests
