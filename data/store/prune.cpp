#include "data/store/prune.hpp"

#include "data/store/sqlite.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

namespace rollcall::data {
namespace {

// Enforcing foreign keys would search every table for each row that goes; here the search was made once, before.
class unenforced {
public:
    explicit unenforced(connection& db) : db_(db) { db_.run("PRAGMA foreign_keys = OFF"); }
    unenforced(const unenforced&) = delete;
    ~unenforced()
    {
        try { db_.run("PRAGMA foreign_keys = ON"); } catch (const store_error&) {}
    }

private:
    connection& db_;
};

// "SELECT answer_id FROM cell WHERE answer_id IS NOT NULL UNION ALL ...": every number of that table's rows that stands
// anywhere. Empty if no table points to it.
std::string mentions_of(connection& db, const std::string& table)
{
    std::string out;
    auto all = db.prepare("SELECT t.name, f.\"from\" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.\"table\" = ?1");
    for (auto [name, column] : all.rows<std::string, std::string>(table))
        out += (out.empty() ? "" : " UNION ALL ") + ("SELECT " + column + " FROM " + name + " WHERE " + column + " IS NOT NULL");
    return out;
}

void write_through(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool good = fd >= 0 && ::fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0) ::close(fd);
    if (!good) throw store_error(path.string() + ": cannot be written: " + std::strerror(why), SQLITE_IOERR);
}

}  // namespace

std::size_t collect_garbage(connection& db)
{
    std::size_t removed = 0;
    const unenforced keys(db);
    transaction all(db);
    // Answers first: they point to ladders and lists of tools.
    for (const std::string table : {"answer", "path", "auth", "manifest"}) {
        const auto mentions = mentions_of(db, table);
        if (mentions.empty()) continue;
        db.run(("DELETE FROM " + table + " WHERE id NOT IN (" + mentions + ")").c_str());
        removed += static_cast<std::size_t>(db.changes());
    }
    all.commit();
    db.begin_epoch();
    return removed;
}

void compact(connection& db)
{
    db.run("VACUUM");
    const auto [busy] = *db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").row<std::int64_t>();
    if (busy) throw store_error(db.path() + ": is being read by another program, so the room that was freed could not be given back yet", SQLITE_BUSY);
}

void publish_copy(connection& db, const std::filesystem::path& file)
{
    namespace fs = std::filesystem;
    const auto refuse = [&](const std::string& why) { throw store_error(file.string() + ": " + why, SQLITE_MISUSE); };
    std::error_code ignored;
    if (fs::exists(file) && fs::equivalent(file, db.path(), ignored)) refuse("is the store itself, expected another file for its copy");
    if (auto log = file; fs::exists(log += "-wal")) refuse("is in use by another program, expected a file that nobody writes to");
    if (const auto folder = file.parent_path(); !folder.empty() && !fs::is_directory(folder)) refuse("there is no folder " + folder.string());
    if (fs::exists(file)) connection(file.string(), connection::mode::sealed);  // throws if it is anything else than a store

    auto part = file;
    part += ".part";
    fs::remove(part, ignored);
    try {
        db.prepare("VACUUM INTO ?1").execute(part.string());
        write_through(part);
        fs::rename(part, file);
        const auto folder = file.parent_path();
        write_through(folder.empty() ? fs::path(".") : folder);
    } catch (const fs::filesystem_error& e) {
        fs::remove(part, ignored);
        throw store_error(file.string() + ": " + e.code().message(), SQLITE_IOERR);
    } catch (...) {
        fs::remove(part, ignored);
        throw;
    }
}

}  // namespace rollcall::data
