// What an owner asked to have removed: every stored row of an endpoint, and what was derived from it.
#pragma once

#include "data/model/time.hpp"
#include "data/store/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::data {

struct known_endpoint { std::int64_t id = 0; std::string url, slug, host; };

struct erasure {
    std::vector<known_endpoint> endpoints;                    // that are gone, by slug
    std::vector<std::pair<std::string, std::int64_t>> rows;   // by table, those with any, in the order of the schema
    std::int64_t all_rows() const;
};

// Erases the endpoints that `is_meant` picks by canonical URL and host, and the listings that `is_meant_text` picks by
// their listed text where no endpoint came of it. Each endpoint leaves a tombstone: its slug, so that a badge somebody
// shows does not break, and the time. Tables are found by what they refer to, so that one that comes later is not
// forgotten here. Call inside a transaction; afterwards collect_garbage() and compact() leave nothing in the file.
erasure erase(connection& db, const std::function<bool(const known_endpoint&)>& is_meant,
              const std::function<bool(const std::string& listed_url)>& is_meant_text, time_point at);

}  // namespace rollcall::data
