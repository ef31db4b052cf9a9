// docs/health.md: its list of shapes is made from the table of families, the examples and what is read of them.
#include "tests/audit/health/support.hpp"

#include "audit/health/limits.hpp"
#include "audit/health/table.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <fstream>

using namespace rollcall::audit::health;
using namespace rollcall::audit::health::tests;

namespace {

const std::string begin_mark = "<!-- shapes: from the examples below tests/audit/health -->\n", end_mark = "<!-- end of shapes -->\n";

std::string block(std::string_view kind, std::string text)
{
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return "```" + std::string(kind) + "\n" + text + "\n```\n\n";
}

std::string kind_of(const std::string& file)
{
    if (file.ends_with(".http")) return "http";
    return file.ends_with(".json") ? "json" : "text";
}

// The example that shows most: the first that is not up, else the first.
const example& shown_of(const std::vector<const example*>& examples)
{
    for (const auto* e : examples)
        if (e->read.is != state::up) return *e;
    return *examples.front();
}

std::string shapes()
{
    const auto examples = all_examples();
    std::string out;
    for (const auto& row : all_families()) {
        std::vector<const example*> of;
        for (const auto& e : examples)
            if (e.read.form == row.value) of.push_back(&e);
        REQUIRE_FALSE(of.empty());
        const auto& shown = shown_of(of);
        auto title = std::string(row.words);
        title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
        out += "### " + title + "\n\n`" + std::string(row.code) + "`, as in ";
        for (std::size_t i = 0; i < of.size(); ++i)
            out += (i ? i + 1 == of.size() ? " and " : ", " : "") + ("[" + of[i]->file + "](../tests/audit/health/examples/" + of[i]->file + ")") + " (" + std::string(rollcall::data::code_of(of[i]->read.is)) + ")";
        out += ".\n\n" + block(kind_of(shown.file), shown.text);
        const titled one{shown.file, shown.read};
        out += block("text", as_table({&one, 1}, {}));
    }
    return out;
}

}  // namespace

TEST_CASE("the page on health documents shows every family by an example as it is, and what is read of it", "[health]")
{
    auto page = read_file("docs/health.md");
    const auto from = page.find(begin_mark), to = page.find(end_mark);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const auto body = from + begin_mark.size();
    const auto wanted = "\n" + shapes();
    if (updating()) {
        page = page.substr(0, body) + wanted + page.substr(to);
        std::ofstream(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "docs/health.md", std::ios::binary) << page;
    }
    INFO("docs/health.md (UPDATE_GOLDEN=1 rewrites its list of shapes)");
    CHECK(page.substr(body, page.find(end_mark) - body) == wanted);
}

TEST_CASE("the page names every limit by its reason, and every oddity", "[health]")
{
    const auto page = read_file("docs/health.md");
    for (const auto& row : limits) {
        INFO(row.reason);
        CHECK(page.find("`" + std::string(row.reason) + "`") != std::string::npos);
        CHECK(page.find("`" + std::string(row.metric) + "`") != std::string::npos);
    }
    for (const auto o : {oddity::aggregate_hides_failure, oddity::code_body_conflict, oddity::duplicate_key, oddity::unknown_word, oddity::components_cut})
        CHECK(page.find("`" + std::string(code_of(o)) + "`") != std::string::npos);
}
