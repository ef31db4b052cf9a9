// Where pages come from: a file, or the network with manners (a pause between pages, 429 and 503 obeyed).
#pragma once

#include "audit/intake/reading.hpp"
#include "data/config/config.hpp"

#include <filesystem>
#include <memory>

namespace rollcall::audit {

// `folder`: what relative paths are relative to. The settings must outlive the result.
page_source pages_of(const data::settings& settings, const data::registry_source& source, const std::filesystem::path& folder);

}  // namespace rollcall::audit
