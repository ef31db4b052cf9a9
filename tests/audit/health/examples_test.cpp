// Every shape by an example, and what is read of it as people see it.
#include "tests/audit/health/support.hpp"

#include "audit/health/table.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <set>

using namespace rollcall::audit::health;
using namespace rollcall::audit::health::tests;
using rollcall::data::state;

TEST_CASE("each example reads as its golden table says", "[health]")
{
    for (const auto& e : all_examples())
        DYNAMIC_SECTION(e.file)
        {
            const titled one{e.file, e.read};
            check_golden(e.file + ".txt", as_table({&one, 1}, {}));
        }
}

TEST_CASE("no golden table is left of an example that is gone", "[health]")
{
    std::set<std::string> examples;
    for (const auto& e : all_examples()) examples.insert(e.file + ".txt");
    for (const auto& entry : std::filesystem::directory_iterator(std::string(ROLLCALL_SOURCE_DIR) + "/tests/golden/health"))
        CHECK(examples.count(entry.path().filename().string()) == 1);
}

TEST_CASE("the examples named healthy are up, and no other but those that bear no fault", "[health]")
{
    const std::set<std::string> harmless{"neon.warm.http", "neon.cold.http", "ready.idle.http"};
    for (const auto& e : all_examples()) {
        INFO(e.file);
        const bool up = e.file.find(".healthy.") != std::string::npos || harmless.count(e.file);
        CHECK((e.read.is == state::up) == up);
    }
}

TEST_CASE("every family has an example, and every component that is not up a reason", "[health]")
{
    std::set<family> seen;
    for (const auto& e : all_examples()) {
        seen.insert(e.read.form);
        INFO(e.file);
        for (const auto& c : e.read.components)
            if (c.is != state::up) CHECK_FALSE(c.reason.empty());
        if (e.read.is != state::up) CHECK_FALSE(e.read.reason.empty());
    }
    for (const auto& row : all_families()) {
        INFO(row.code);
        CHECK(seen.count(row.value) == 1);
    }
}
