// Moves rows between two stores that number things differently: what merging is made of.
#pragma once

#include "data/store/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rollcall::data {

// A table's columns, as the schema tells them.
struct table_shape {
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::size_t> key;                     // of the primary key, in its order
    std::map<std::size_t, std::string> points_to;     // column -> table whose rows are numbered differently elsewhere

    std::size_t at(std::string_view column) const;    // throws std::logic_error if there is none
};

table_shape shape_of(connection& db, const std::string& table);

using table_row = std::vector<column_value>;

// Two rows under one key: the one to store. Must be the same whichever comes first.
using choose_row = std::function<table_row(const table_shape& shape, const table_row& here, const table_row& there)>;

// From one store into another, within the caller's transaction.
class table_union {
public:
    table_union(connection& into, connection& from);

    // The number here of a row with that number there: found by its content or its natural key, moved if need be,
    // united if both stores know it. Nothing for an endpoint that is left out. Throws store_error for a number without
    // a row.
    std::optional<std::int64_t> number(const std::string& table, std::int64_t there);

    // Rounds are matched by the caller.
    void pair_round(std::int64_t there, std::int64_t here);

    // Asked before an endpoint comes in, with its slug: not those that were forgotten here.
    std::function<bool(const std::string& slug)> is_forgotten;

    // All rows of a table under their primary key. `skip` is asked with the row in this store's numbers.
    void unite(const std::string& table, const std::function<bool(const table_shape&, const table_row&)>& skip = {});

    enum class part { key, all };
    // A row's numbers replaced by this store's, moving what they stand for; nothing if it belongs to something that is
    // left out. Of the primary key alone: enough to find the row here.
    std::optional<table_row> renumbered(const table_shape& shape, table_row row, part columns = part::all);

    enum class side { here, there };
    // The same with numbers replaced by what they stand for, so that rows compare alike whichever store they are from.
    table_row spelled_out(const table_shape& shape, table_row row, side from = side::here);

    const table_shape& shape(const std::string& table);
    // By its primary key, which is taken from `like`.
    std::optional<table_row> find(const table_shape& shape, const table_row& like);
    void put(const table_shape& shape, const table_row& row);  // in place of the one that is there
    void drop(const table_shape& shape, const table_row& like);

    std::size_t changes() const { return changes_; }

private:
    std::int64_t entity(const table_shape& shape, table_row row, const std::string& natural);
    table_row united(const table_shape& shape, const table_row& here, const table_row& there);
    std::string key_clause(const table_shape& shape);
    statement& prepared(const std::string& sql);
    statement& prepared_from(const std::string& sql);

    connection& into_;
    connection& from_;
    std::map<std::string, table_shape> shapes_;
    std::map<std::string, std::unordered_map<std::int64_t, std::optional<std::int64_t>>> numbers_;
    std::map<std::string, std::unordered_map<std::int64_t, column_value>> names_here_, names_there_;
    std::unordered_map<std::string, statement> statements_, statements_from_;
    std::size_t changes_ = 0;
};

}  // namespace rollcall::data
