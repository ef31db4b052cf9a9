// What the renderer reads of the store: one edition, as plain values. Read-only; SQL for it stands in reader.cpp.
#pragma once

#include "data/model/edition.hpp"

#include <filesystem>

namespace rollcall::data {

// Throws store_error: missing file, not a store, another schema.
edition read_edition(const std::filesystem::path& db);

}  // namespace rollcall::data
