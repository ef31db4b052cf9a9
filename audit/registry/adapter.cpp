#include "audit/registry/adapter.hpp"

#include "audit/registry/adapters.hpp"

namespace rollcall::audit {

std::span<const adapter> all_adapters() noexcept
{
    static constexpr adapter all[] = {
        {"file", detail::parse_file, detail::same_url},
        {"mcp-registry", detail::parse_mcp_registry, detail::mcp_registry_url},
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
