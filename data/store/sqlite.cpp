#include "data/store/sqlite.hpp"

namespace rollcall::data {
namespace {

constexpr std::int64_t application_id = 0x526f6c6c;  // "Roll": tells our files from other SQLite databases

[[noreturn]] void fail(sqlite3* db, int rc, std::string_view doing)
{
    std::string what = "database: ";
    what += doing;
    what += ": ";
    what += db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    throw store_error(what, db ? sqlite3_extended_errcode(db) : rc);
}

}  // namespace

connection::connection(const std::string& path, mode m) : path_(path)
{
    const int flags = m == mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    handle_.reset(raw);  // SQLite hands out a handle even when it fails
    if (rc != SQLITE_OK) fail(raw, rc, "open " + path);

    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, 5000);
    try {
        run("PRAGMA foreign_keys = ON");
        const auto [ours] = *prepare("PRAGMA application_id").row<std::int64_t>();
        const auto [tables] = *prepare("SELECT count(*) FROM sqlite_schema").row<std::int64_t>();
        if (ours != application_id && (tables != 0 || m == mode::read_only))
            throw store_error("not a Rollcall store (another program's database, or an empty file)", SQLITE_NOTADB);
        if (m == mode::read_write) {
            if (tables == 0) run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
            run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        }
    } catch (const store_error& e) {
        throw store_error(path + ": " + e.what(), e.code);
    }
}

void connection::run(const char* sql)
{
    if (const int rc = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); rc != SQLITE_OK)
        fail(handle_.get(), rc, sql);
}

statement connection::prepare(std::string_view sql)
{
    sqlite3_stmt* raw = nullptr;
    const int rc = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (rc != SQLITE_OK) fail(handle_.get(), rc, sql);
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
    const store_error error("database: " + std::string(sqlite3_sql(handle_.get())) + ": " +
                                sqlite3_errmsg(sqlite3_db_handle(handle_.get())), rc);
    sqlite3_reset(handle_.get());
    throw error;
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
    try { db_.run("ROLLBACK"); } catch (const store_error&) {}  // SQLite may have rolled back already
}

void transaction::commit()
{
    db_.run("COMMIT");
    open_ = false;
}

}  // namespace rollcall::data
