#include "data/model/published.hpp"

#include <array>

namespace rollcall::data {
namespace {

using p = published_bucket;

constexpr std::array rows{
    published_row{p::healthy_stable, "healthy_stable", "healthy, stable schema"},
    published_row{p::healthy_drifted, "healthy_drifted", "healthy, schema drift confirmed"},
    published_row{p::regionally_degraded, "regionally_degraded", "regionally degraded"},
    published_row{p::auth_walled, "auth_walled", "auth-walled"},
    published_row{p::transport_dead, "transport_dead", "DNS or transport dead"},
    published_row{p::mcp_dead, "mcp_dead", "HTTP alive, MCP dead"},
    published_row{p::schema_malformed, "schema_malformed", "schema-malformed"},
    published_row{p::credential_degraded, "credential_degraded", "credentialed-probe degraded"},
};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(in_order() && rows.size() == static_cast<std::size_t>(p::credential_degraded) + 1);

p of_failure(cell_class c) noexcept
{
    switch (c) {
        case cell_class::auth: return p::auth_walled;
        case cell_class::malformed: return p::schema_malformed;
        case cell_class::transport: return p::transport_dead;
        case cell_class::wall:  // they had no word for walls: a page that is not MCP
        case cell_class::http:
        case cell_class::pass:
        case cell_class::slow:
        case cell_class::unusable: break;
    }
    return p::mcp_dead;
}

}  // namespace

std::span<const published_row> all_published() noexcept { return rows; }
const published_row& row_of(published_bucket b) noexcept { return rows[static_cast<std::size_t>(b)]; }

std::optional<published_bucket> published_from(std::int64_t stored) noexcept
{
    if (stored < 0 || stored >= static_cast<std::int64_t>(rows.size())) return std::nullopt;
    return static_cast<published_bucket>(stored);
}

std::optional<published_bucket> published_as(bucket b, const strict_facts& facts) noexcept
{
    const auto strict = [&](p healthy) { return facts.bad ? of_failure(*facts.bad) : facts.late || facts.no_tools ? p::mcp_dead : healthy; };
    switch (b) {
        case bucket::healthy_stable: return strict(p::healthy_stable);
        case bucket::healthy_drifted: return strict(p::healthy_drifted);
        case bucket::slow: return facts.bad ? of_failure(*facts.bad) : p::mcp_dead;
        case bucket::credential_degraded: return p::credential_degraded;
        case bucket::regionally_degraded: return p::regionally_degraded;
        case bucket::flapping: return facts.bad ? of_failure(*facts.bad) : p::mcp_dead;
        case bucket::auth_walled: return p::auth_walled;
        case bucket::bot_walled: return p::mcp_dead;
        case bucket::schema_malformed: return p::schema_malformed;
        case bucket::mcp_dead: return p::mcp_dead;
        case bucket::transport_dead: return p::transport_dead;
        case bucket::unmeasured: break;
    }
    return std::nullopt;
}

}  // namespace rollcall::data
