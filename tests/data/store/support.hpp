// Stores for the tests of merging and pruning: filled, and shown as text that does not depend on numbers of rows.
#pragma once

#include "data/store/ledger.hpp"

#include <filesystem>
#include <string>

namespace rollcall::tests {

// Not cryptographic; the store only needs texts told apart.
std::string toy_digest(std::string_view text);
data::time_point at(const char* text);

// Endpoints https://eN.test/mcp, numbered from 1, listed and frozen.
void fill_list(data::ledger& store, int endpoints, data::time_point when);
void freeze_again(data::ledger& store, data::time_point when);
void put(data::connection& db, data::ledger& store, std::int64_t round, std::int64_t region, std::int64_t endpoint, const data::cell& c);

// Any of many cells: good, slow, refused, dead, unmeasured; with and without tools, ladders, transcripts.
data::cell random_cell(unsigned seed);

// Every row that probing writes, in a fixed order, numbers replaced by what they stand for.
std::string dump(const std::filesystem::path& store);

std::string bytes_of(const std::filesystem::path& file);
std::int64_t number(data::connection& db, const std::string& sql);
std::string transcript_of(data::connection& db, std::int64_t region, std::int64_t endpoint);

}  // namespace rollcall::tests
