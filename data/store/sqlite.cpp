#include "data/store/sqlite.hpp"

#include <cstring>
#include <filesystem>
#include <type_traits>

namespace rollcall::data {
namespace {

constexpr std::int64_t application_id = 0x526f6c6c;  // "Roll": tells our files from other SQLite databases

// What went wrong, for whoever runs the program; empty where it is no business of theirs but a fault of ours.
std::string words_of(sqlite3* db, int rc)
{
    const int kind = rc & 0xff;
    const int cause = db && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) ? sqlite3_system_errno(db) : 0;
    constexpr const char* kept = "; what was stored before is kept";
    if (kind == SQLITE_FULL) return std::string("cannot be written: the disk is full") + kept;
    if (kind == SQLITE_IOERR) return std::string("cannot be read or written: ") + (cause ? std::strerror(cause) : sqlite3_errstr(rc)) + kept;
    if (kind == SQLITE_CANTOPEN) return std::string("cannot be opened: ") + (cause ? std::strerror(cause) : "is there such a folder?");
    if (kind == SQLITE_READONLY) return "may not be written: the file or its folder is read-only";
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) return std::string("is locked: another program is writing to it") + kept;
    if (kind == SQLITE_CORRUPT) return std::string("is damaged (") + (db ? sqlite3_errmsg(db) : sqlite3_errstr(rc)) + "); take an older copy";
    if (kind == SQLITE_NOTADB) return "not a Rollcall store (file is not a database)";
    return {};
}

std::string sealed_uri(const std::string& path)
{
    std::string out = "file:";
    for (const char c : path) {
        if (c == '%') out += "%25";
        else if (c == '?') out += "%3f";
        else if (c == '#') out += "%23";
        else out += c;
    }
    return out + "?immutable=1";
}

std::string name_of(sqlite3* db)
{
    const char* file = db ? sqlite3_db_filename(db, "main") : nullptr;
    return file && *file ? file : "database";
}

[[noreturn]] void fail(sqlite3* db, int rc, const std::string& name, std::string_view doing)
{
    const int code = db ? sqlite3_extended_errcode(db) : rc;
    const auto words = words_of(db, code);
    if (!words.empty()) throw store_error(name + ": " + words, code);
    throw store_error(name + ": " + std::string(doing) + ": " + (db ? sqlite3_errmsg(db) : sqlite3_errstr(rc)), code);
}

}  // namespace

connection::connection(const std::string& path, mode m) : path_(path)
{
    const bool sealed = m == mode::sealed && !std::filesystem::exists(path + "-wal");
    // A connection belongs to one thread at a time; SQLite need not guard it.
    const int flags = SQLITE_OPEN_NOMUTEX | (m == mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(sealed ? sealed_uri(path).c_str() : path.c_str(), &raw, sealed ? flags | SQLITE_OPEN_URI : flags, nullptr);
    handle_.reset(raw);  // SQLite hands out a handle even when it fails
    if (rc != SQLITE_OK) fail(raw, rc, path, "open");

    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, 5000);
    run("PRAGMA foreign_keys = ON");
    const auto [ours] = *prepare("PRAGMA application_id").row<std::int64_t>();
    const auto [tables] = *prepare("SELECT count(*) FROM sqlite_schema").row<std::int64_t>();
    if (ours != application_id && (tables != 0 || m != mode::read_write))
        throw store_error(path + ": not a Rollcall store (another program's database, or an empty file)", SQLITE_NOTADB);
    if (m == mode::read_write) {
        // SQLite opens what it may not write for reading; better said now than at the first cell.
        if (sqlite3_db_readonly(raw, "main") == 1) fail(nullptr, SQLITE_READONLY, path, "open");
        if (tables == 0) run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
        // 32 MiB of pages: what cells point to is looked up all over the file.
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768");
    }
}

void connection::run(const char* sql)
{
    if (const int rc = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); rc != SQLITE_OK)
        fail(handle_.get(), rc, name_of(handle_.get()), sql);
}

statement connection::prepare(std::string_view sql)
{
    sqlite3_stmt* raw = nullptr;
    const int rc = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (rc != SQLITE_OK) fail(handle_.get(), rc, name_of(handle_.get()), sql);
    return statement(raw);
}

void statement::check_arity(std::size_t given) const
{
    const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(handle_.get()));
    if (given != wanted)
        throw std::logic_error(std::to_string(given) + " arguments for " + std::to_string(wanted) +
                               " parameters in: " + sqlite3_sql(handle_.get()));
}

bool statement::step()
{
    const int rc = sqlite3_step(handle_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    auto* db = sqlite3_db_handle(handle_.get());
    try {
        fail(db, rc, name_of(db), sqlite3_sql(handle_.get()));
    } catch (...) {
        sqlite3_reset(handle_.get());
        throw;
    }
}

void statement::begin(std::span<const column_value> args)
{
    sqlite3_reset(handle_.get());
    check_arity(args.size());
    for (std::size_t i = 0; i < args.size(); ++i) {
        const int at = static_cast<int>(i) + 1;
        std::visit([&]<class T>(const T& v) {
            if constexpr (std::is_same_v<T, std::monostate>) bind(at, nullptr);
            else bind(at, v);
        }, args[i]);
    }
}

bool statement::next(std::vector<column_value>& row)
{
    if (!step()) {
        sqlite3_reset(handle_.get());
        return false;
    }
    const int columns = sqlite3_column_count(handle_.get());
    row.clear();
    for (int i = 0; i < columns; ++i) {
        switch (sqlite3_column_type(handle_.get(), i)) {
        case SQLITE_INTEGER: row.emplace_back(static_cast<std::int64_t>(sqlite3_column_int64(handle_.get(), i))); break;
        case SQLITE_FLOAT: row.emplace_back(sqlite3_column_double(handle_.get(), i)); break;
        case SQLITE_TEXT: read(i, std::get<std::string>(row.emplace_back(std::string()))); break;
        case SQLITE_BLOB: read(i, std::get<blob>(row.emplace_back(blob()))); break;
        default: row.emplace_back(); break;
        }
    }
    return true;
}

void statement::execute_with(std::span<const column_value> args)
{
    begin(args);
    while (step()) {}
    sqlite3_reset(handle_.get());
}

void statement::bind(int i, std::nullptr_t) { sqlite3_bind_null(handle_.get(), i); }
void statement::bind(int i, double value) { sqlite3_bind_double(handle_.get(), i, value); }
void statement::bind(int i, std::int64_t value) { sqlite3_bind_int64(handle_.get(), i, value); }

void statement::bind(int i, std::string_view value)
{
    // SQLite keeps a copy: the statement may be stepped after the argument is gone.
    const char* text = value.data() ? value.data() : "";
    sqlite3_bind_text64(handle_.get(), i, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void statement::bind(int i, const blob& value)
{
    sqlite3_bind_blob64(handle_.get(), i, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(),
                        SQLITE_TRANSIENT);
}

void statement::read(int i, blob& out) const
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), i));
    out.bytes.assign(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), i)));
}

void statement::read(int i, std::string& out) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), i));
    out.assign(text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), i)));
}

transaction::~transaction()
{
    if (!open_) return;
    db_.begin_epoch();
    try { db_.run("ROLLBACK"); } catch (const store_error&) {}  // SQLite may have rolled back already
}

void transaction::commit()
{
    db_.run("COMMIT");
    open_ = false;
}

}  // namespace rollcall::data
