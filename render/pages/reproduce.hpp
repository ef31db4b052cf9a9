// The command that shows an author, at a desk, what the probe met.
#pragma once

#include "data/model/edition.hpp"

#include <string>

namespace rollcall::render {

// One or two lines for a POSIX shell; whatever comes from the endpoint is quoted.
std::string reproducing_command(const data::endpoint_row& e);

}  // namespace rollcall::render
