// Golden files: what people consume, committed, so that a change of output is a reviewed diff.
#pragma once

#include <string>

namespace rollcall::render::tests {

// Compares with tests/golden/render/<name>; with UPDATE_GOLDEN=1 in the environment, writes it instead.
void check_golden(const std::string& name, const std::string& got);

}  // namespace rollcall::render::tests
