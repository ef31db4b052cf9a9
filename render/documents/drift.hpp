// Confirmed changes of tools, of all servers.
#pragma once

#include "render/documents/documents.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

// One change of one server's tools.
struct drift_item {
    const entry* server;
    const data::drift_entry* stored;
    data::time_point at;
    document told;         // what the store says of it: grade, counts, and in changes objects alone
    std::string folder;    // of its page, below the root: "drift/2026-11-21/mcp.example.com/mcp/"
    std::string taken_back_on;  // the date on which the old tools were back; empty: it stands
};

// What is stored is JSON of an earlier program: a member that is not of its kind counts as not there.
std::int64_t number_in(const document& d, const char* key);
std::string text_in(const document& d, const char* key);
const document& list_in(const document& d, const char* key);

// Newest first, then by slug. Whatever cannot be read is left out.
std::vector<drift_item> drifts_of(const roll& r);

// Of a round and a server: where its page is.
std::string drift_folder(data::time_point at, const std::string& slug);

document drift_document(const roll& r, const std::vector<drift_item>& all);

}  // namespace rollcall::render
