// The shapes of health documents that we know by name. What a shape is called never decides how its components are
// read, only how the document is spoken of: a document taken for the wrong shape is still read right.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace rollcall::audit::health {

// Codes are published: add rows, never rename.
enum class family : std::uint8_t {
    none, page, empty, word, lines, probe_lines, tool_text,
    health_json, statuspage, microprofile, aspnet, terminus, spring, grpc_health, grpc_gateway,
    freshness, surfaces, work, media, aggregate,
    postgres_pool, mysql_pool, mongodb_pool, flat_pool, replica, events, replication, brokers, model, bucket,
    hosted_database, branch_database, canary_table, token_database, tenants, tool_statistics, tool_check,
    readiness, liveness, detail_only, error_only, word_map, status_only,
};

struct family_row {
    family value;
    std::string_view code, words;  // words: "a pool of PostgreSQL connections"
    // Does a JSON document have this shape? Null for what is not JSON. The first row that says yes names the document.
    bool (*is_of)(const nlohmann::ordered_json& document, std::string_view content_type);
};

std::span<const family_row> all_families() noexcept;  // in enum order
const family_row& row_of(family f) noexcept;
family family_of(const nlohmann::ordered_json& document, std::string_view content_type);

}  // namespace rollcall::audit::health
