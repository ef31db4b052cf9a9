#include "render/pages/reproduce.hpp"

#include "render/templating/clean.hpp"

namespace rollcall::render {

std::string reproducing_command(const data::endpoint_row& e)
{
    const auto url = shell_quoted(clean(e.url));
    const auto host = shell_quoted(clean(e.host));
    switch (e.why) {
        case data::reason::dns_nxdomain:
        case data::reason::dns_nodata:
        case data::reason::dns_servfail:
        case data::reason::dns_timeout: return "dig " + host + " A\ndig " + host + " AAAA";
        case data::reason::tcp_refused:
        case data::reason::tcp_timeout:
        case data::reason::tcp_unreachable:
        case data::reason::tcp_reset:
        case data::reason::tls_expired:
        case data::reason::tls_name:
        case data::reason::tls_untrusted:
        case data::reason::tls_handshake: return "curl -v --http1.1 --connect-timeout 5 -o /dev/null " + url;
        default: break;
    }
    const bool modern = !e.cells.empty() && e.cells.front().cell.answer.era == data::era::modern;
    const std::string common = "curl -i -N --http1.1 --max-time 30 " + url + " \\\n  -H 'Content-Type: application/json' \\\n"
                               "  -H 'Accept: application/json, text/event-stream' \\\n";
    if (modern)
        return common + "  -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: server/discover' \\\n"
               "  -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{\"_meta\":{"
               "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":"
               "{\"name\":\"curl\",\"version\":\"0\"},\"io.modelcontextprotocol/clientCapabilities\":{}}}}'";
    return common + "  -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
           "\"capabilities\":{},\"clientInfo\":{\"name\":\"curl\",\"version\":\"0\"}}}'";
}

}  // namespace rollcall::render
