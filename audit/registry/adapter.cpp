#include "audit/registry/adapter.hpp"

#include "audit/registry/adapters.hpp"

namespace rollcall::audit {

std::span<const adapter> all_adapters() noexcept
{
    static constexpr adapter all[] = {
        {"mcp-registry", detail::parse_mcp_registry, detail::mcp_registry_url, "application/json", 1, false,
         detail::mcp_registry_changes},
        {"docker-catalog", detail::parse_docker_catalog, detail::same_url},
        {"cline-catalog", detail::parse_cline_catalog, detail::same_url},
        {"markdown", detail::parse_markdown, detail::same_url, "text/markdown, text/plain", 3},
        {"server-json", detail::parse_server_json, detail::same_url},
        {"file", detail::parse_file, detail::same_url, "application/json, text/plain", 1, true},
    };
    return all;
}

const adapter* find_adapter(std::string_view kind) noexcept
{
    for (const adapter& a : all_adapters())
        if (a.kind == kind) return &a;
    return nullptr;
}

}  // namespace rollcall::audit
