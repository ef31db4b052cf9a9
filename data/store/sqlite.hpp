// A thin, honest face for SQLite: a connection, a statement, a transaction.
//
// Everything here throws store_error.  A store that cannot be read or written
// is not a result to weigh but the end of the run.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace rollcall::data {

struct store_error : std::runtime_error {
    store_error(const std::string& what, int rc) : std::runtime_error(what), code(rc) {}
    int code;  // SQLite's extended result code
};

// Bytes that are not text.
struct blob {
    std::string bytes;
    bool operator==(const blob&) const = default;
    auto operator<=>(const blob&) const = default;
};

// A column or parameter whose type is known only at run time.
using column_value = std::variant<std::monostate, std::int64_t, double, std::string, blob>;

class statement;

class connection {
public:
    // sealed: for reading, and leaving no trace beside a file that nobody has open; one that has a write-ahead log is
    // opened as read_only.
    enum class mode { read_only, read_write, sealed };

    // Opens (in read_write mode: creates) the database; ":memory:" for tests. A file that is not ours, damaged
    // or newer than the program is refused in a sentence that names it.
    explicit connection(const std::string& path, mode = mode::read_write);

    const std::string& path() const { return path_; }

    // Runs one or more statements that return nothing.
    void run(const char* sql);

    statement prepare(std::string_view sql);

    std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
    int changes() const { return sqlite3_changes(handle_.get()); }

    // Another one whenever numbers of rows that were learned before may mean nothing any more: a transaction was rolled
    // back, or rows were taken away.
    std::size_t epoch() const { return epoch_; }
    void begin_epoch() { ++epoch_; }

private:
    struct closer { void operator()(sqlite3* db) const { sqlite3_close_v2(db); } };
    std::string path_;
    std::unique_ptr<sqlite3, closer> handle_;
    std::size_t epoch_ = 0;
};

// A prepared statement, meant to be kept and used many times:
//
//     auto find = db.prepare("SELECT id, url FROM endpoint WHERE registry = ?1");
//     for (auto [id, url] : find.rows<std::int64_t, std::string>("official"))
//         ...
class statement {
public:
    // Binds the arguments, runs to the end, and is ready again.
    template <class... Args>
    void execute(const Args&... args)
    {
        start(args...);
        while (step()) {}
        sqlite3_reset(handle_.get());
    }

    // The first row, if there is one.
    template <class... Columns, class... Args>
    std::optional<std::tuple<Columns...>> row(const Args&... args)
    {
        std::optional<std::tuple<Columns...>> first;
        start(args...);
        if (step()) first = columns<Columns...>(std::index_sequence_for<Columns...>{});
        sqlite3_reset(handle_.get());
        return first;
    }

    template <class... Columns>
    class row_range;

    // All rows, one at a time.  One pass; the statement is busy until it ends.
    template <class... Columns, class... Args>
    row_range<Columns...> rows(const Args&... args)
    {
        start(args...);
        return row_range<Columns...>(*this);
    }

    // The same for a table whose columns are known only at run time: binds the arguments; next() then gives row after
    // row, and false, ready again, when there is none left.
    void begin(std::span<const column_value> args);
    bool next(std::vector<column_value>& row);
    void execute_with(std::span<const column_value> args);

private:
    friend class connection;
    struct finalizer { void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); } };
    explicit statement(sqlite3_stmt* s) : handle_(s) {}

    template <class... Args>
    void start(const Args&... args)
    {
        sqlite3_reset(handle_.get());
        check_arity(sizeof...(args));
        int i = 0;
        (bind(++i, args), ...);
    }

    void check_arity(std::size_t given) const;
    bool step();  // true: there is a row

    void bind(int i, std::nullptr_t);
    void bind(int i, double value);
    void bind(int i, std::string_view value);
    void bind(int i, const blob& value);
    void bind(int i, std::int64_t value);
    void bind(int i, std::integral auto value) { bind(i, static_cast<std::int64_t>(value)); }
    void bind(int i, const char* value) { bind(i, std::string_view(value)); }
    void bind(int i, const std::string& value) { bind(i, std::string_view(value)); }

    template <class T>
    void bind(int i, const std::optional<T>& value) { value ? bind(i, *value) : bind(i, nullptr); }

    void read(int i, std::int64_t& out) const { out = sqlite3_column_int64(handle_.get(), i); }
    void read(int i, double& out) const { out = sqlite3_column_double(handle_.get(), i); }
    void read(int i, std::string& out) const;
    void read(int i, blob& out) const;
    template <class T>
    void read(int i, std::optional<T>& out) const
    {
        out.reset();
        if (sqlite3_column_type(handle_.get(), i) != SQLITE_NULL) read(i, out.emplace());
    }

    template <class... Columns, std::size_t... I>
    std::tuple<Columns...> columns(std::index_sequence<I...>) const
    {
        std::tuple<Columns...> row;
        (read(static_cast<int>(I), std::get<I>(row)), ...);
        return row;
    }

    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

template <class... Columns>
class statement::row_range {
public:
    explicit row_range(statement& s) : statement_(s) {}
    row_range(const row_range&) = delete;
    ~row_range() { sqlite3_reset(statement_.handle_.get()); }

    struct end_mark {};
    struct iterator {
        statement* source;
        bool more;
        auto operator*() const { return source->columns<Columns...>(std::index_sequence_for<Columns...>{}); }
        iterator& operator++() { more = source->step(); return *this; }
        bool operator==(end_mark) const { return !more; }
    };

    iterator begin() { return {&statement_, statement_.step()}; }
    end_mark end() const { return {}; }

private:
    statement& statement_;
};

// All or nothing: rolls back unless commit() was reached.
class transaction {
public:
    explicit transaction(connection& db) : db_(db) { db_.run("BEGIN IMMEDIATE"); }
    transaction(const transaction&) = delete;
    ~transaction();
    void commit();

private:
    connection& db_;
    bool open_ = true;
};

}  // namespace rollcall::data
