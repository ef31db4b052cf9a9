// The eight buckets of the audits that others published before us, and how ours read in their terms.
//
// Theirs is the stricter view: healthy means that every answer was good, in time and not empty, and whatever is
// neither that nor one of the named failures counts as a web server without MCP. Both views are published, so that
// the figures can be set beside one another without being mistaken for the same.
#pragma once

#include "data/model/reason.hpp"
#include "data/model/verdict.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rollcall::data {

// In the order of the published table. Stored as integers: add at the end, never renumber.
enum class published_bucket : std::uint8_t {
    healthy_stable,
    healthy_drifted,
    regionally_degraded,
    auth_walled,
    transport_dead,
    mcp_dead,
    schema_malformed,
    credential_degraded,
};

struct published_row { published_bucket value; std::string_view code, label; };
std::span<const published_row> all_published() noexcept;  // in enum order
const published_row& row_of(published_bucket b) noexcept;
inline std::string_view code_of(published_bucket b) noexcept { return row_of(b).code; }
// The inverse, for rows read back; empty for an integer that we never wrote.
std::optional<published_bucket> published_from(std::int64_t stored) noexcept;

// What the stricter view asks of a window beside its bucket.
struct strict_facts {
    std::optional<cell_class> bad{};  // the modal class of the bad cells, one of A W M H T; empty: none was bad
    bool late = false;                // a good cell was slower than the limit
    bool no_tools = false;            // a good cell listed no tools
    bool operator==(const strict_facts&) const = default;
};

// Total: one published bucket for every bucket and every facts; empty for `unmeasured`, which they did not count.
std::optional<published_bucket> published_as(bucket b, const strict_facts& facts) noexcept;

}  // namespace rollcall::data
