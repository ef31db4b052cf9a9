#include "data/model/cell.hpp"

namespace rollcall::data {

std::string_view code_of(step s) noexcept
{
    switch (s) {
        case step::resolve: return "dns";
        case step::connect: return "tcp";
        case step::tls: return "tls";
        case step::http: return "http";
        case step::mcp: return "mcp";
        case step::tools: return "tools";
    }
    return "dns";
}

std::string_view label_of(step s) noexcept
{
    switch (s) {
        case step::resolve: return "Name";
        case step::connect: return "Connection";
        case step::tls: return "Certificate";
        case step::http: return "First byte";
        case step::mcp: return "Handshake";
        case step::tools: return "Tool list";
    }
    return "Name";
}

std::string_view code_of(era e) noexcept
{
    switch (e) {
        case era::unknown: return "unknown";
        case era::legacy: return "legacy";
        case era::modern: return "modern";
    }
    return "unknown";
}

std::string_view code_of(transport t) noexcept
{
    switch (t) {
        case transport::unknown: return "unknown";
        case transport::streamable_http: return "streamable-http";
        case transport::http_sse: return "sse";
    }
    return "unknown";
}

}  // namespace rollcall::data
