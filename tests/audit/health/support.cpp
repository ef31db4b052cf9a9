#include "tests/audit/health/support.hpp"

#include "audit/health/saved_answer.hpp"
#include "audit/health/table.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rollcall::audit::health::tests {

namespace fs = std::filesystem;

std::string read_file(const std::string& path)
{
    std::ifstream in(fs::path(ROLLCALL_SOURCE_DIR) / path, std::ios::binary);
    INFO(path);
    REQUIRE(in.is_open());
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<example> all_examples()
{
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(fs::path(ROLLCALL_SOURCE_DIR) / "tests/audit/health/examples")) files.push_back(entry.path().filename().string());
    std::ranges::sort(files);
    std::vector<example> out;
    for (const auto& file : files) {
        auto text = read_file("tests/audit/health/examples/" + file);
        auto read = read_health(saved_answer(text), subject_of_path(file.substr(0, file.find('.'))));
        out.push_back({file, std::move(text), std::move(read)});
    }
    return out;
}

bool updating()
{
    const char* update = std::getenv("UPDATE_GOLDEN");
    return update && std::string(update) == "1";
}

void check_golden(const std::string& name, const std::string& got)
{
    const auto path = fs::path(ROLLCALL_SOURCE_DIR) / "tests/golden/health" / name;
    if (updating()) {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << got;
    }
    INFO(path.string() << " (UPDATE_GOLDEN=1 rewrites it)");
    CHECK(got == read_file("tests/golden/health/" + name));
}

std::string line_of(const report& r)
{
    std::string out(data::code_of(r.is));
    const char* before = ": ";
    for (const auto& c : r.components) {
        out += before + c.name + " " + std::string(data::code_of(c.is));
        if (!c.reason.empty()) out += " " + c.reason;
        if (!c.metrics.empty()) out += " {" + in_words(c.metrics) + "}";
        before = "; ";
    }
    for (const auto o : r.oddities) out += "; ! " + std::string(code_of(o));
    return out;
}

report read_text_of(unsigned status, std::string_view body, std::string_view type)
{
    return read_health({status, {{"content-type", std::string(type)}}, std::string(body)});
}

}  // namespace rollcall::audit::health::tests
