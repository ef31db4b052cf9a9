// Brings a store up to the schema this program was built with.
#pragma once

#include <span>
#include <string_view>

namespace rollcall::data {

class connection;

// The files of data/schema/, in order, compiled in. A file, once released, is never edited: the next change is
// the next file.
std::span<const std::string_view> migrations();

// Applies what is missing, each step in its own transaction, and refreshes the lookup tables. Throws store_error
// if the store is newer than the program.
void migrate(connection& db, std::span<const std::string_view> steps = migrations());

// For readers, which must not write: throws store_error unless the store has this program's schema, or an earlier one
// that lacks nothing but what a reader can do without.
void require_readable(connection& db);

}  // namespace rollcall::data
