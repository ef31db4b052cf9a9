// Region files and shards into one store.
//
// Every store is a set of facts under natural keys (a URL, a date, a region's code, a content's digest), and merging is
// the union of such sets; where two stores say different things under one key, a fixed order over what they say decides,
// never the order of arrival. So any order, any grouping and any repetition give the same store. Verdicts and what else
// is computed from cells are not merged: `judge` makes them again.
#pragma once

#include "data/model/time.hpp"
#include "data/store/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

class connection;

struct merged {
    std::size_t shards = 0, cells = 0;  // read
    std::size_t added = 0;              // cells that were not there
    std::size_t replaced = 0;           // cells measured twice: the shard's was taken
    std::size_t kept = 0;               // measured twice: the store's was kept
    std::size_t left_out = 0;           // of endpoints that the store was told to forget
    std::vector<std::string> rounds;    // dates of those that gained something and must be judged, oldest first
};

// Takes in every shard, all in one transaction: killed or failing half-way, the store is as it was. A merge that changes
// nothing writes nothing; any other adds a line to the operator log. Throws store_error that names the file for what does
// not belong together: not a store, damaged, another schema, or a round of the same date with another time, frozen list,
// configuration or program version. `db` must be migrated; the shards are only read.
merged merge_into(connection& db, const std::vector<std::filesystem::path>& shards, const digest_function& sha256, time_point at);

// What becomes of each table of the schema. A new table gets a row here.
enum class fate { travels, judged_anew, stays };
struct table_fate { std::string_view table; data::fate fate; };
std::span<const table_fate> table_fates();

// Writes a shard for that round: its frozen list and what earlier nights taught about it (eras, when each was last
// measured), and no history. Numbers are the store's own, so that a probe does the same here and there. Throws
// store_error if the file exists.
void write_shard(connection& db, std::int64_t round, const std::filesystem::path& file);

}  // namespace rollcall::data
