// What keeps a store small: what nothing points to any more, and the room that was freed.
#pragma once

#include <cstddef>
#include <filesystem>

namespace rollcall::data {

class connection;

// Removes answers, paths, ladders and lists of tools that no other row refers to any more, whatever table it stands in:
// the schema's foreign keys tell. In a transaction of its own, so not inside another. Returns how many rows.
std::size_t collect_garbage(connection& db);

// Gives free pages back to the disk and empties the write-ahead log; what was erased is then nowhere in the file.
// Throws store_error (SQLITE_BUSY) while another program writes.
void compact(connection& db);

// A compacted copy for others to read: one file, without a write-ahead log. Replaces `file` whole or not at all, and only
// if it is absent or a store of ours. May be called while a run writes. Throws store_error.
void publish_copy(connection& db, const std::filesystem::path& file);

}  // namespace rollcall::data
