// What the health tests share: the example documents, golden files, and a report in one line.
#pragma once

#include "audit/health/read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::health::tests {

struct example {
    std::string file;     // "postgres.exhausted.http"
    std::string text;     // its bytes
    report read;
};

std::vector<example> all_examples();  // by name

std::string read_file(const std::string& path_in_repository);

// UPDATE_GOLDEN=1 in the environment: golden files are written, not compared.
bool updating();

// Compares with the file below tests/golden/health, or writes it.
void check_golden(const std::string& name, const std::string& got);

// "degraded: postgres degraded pool_exhausted {pool_waiting 4}; redis up; ! code_body_conflict"
std::string line_of(const report& r);

// Reads `body` as it comes with `status` and a content type.
report read_text_of(unsigned status, std::string_view body, std::string_view type = "application/json");

}  // namespace rollcall::audit::health::tests
