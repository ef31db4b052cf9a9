// A server built on mcp-framework: node mcp_framework.mjs PORT
import { MCPServer, MCPTool } from 'mcp-framework';

// Without parameters: it recognises only schemas made with the zod that it brings itself.
class Weigh extends MCPTool {
  name = 'weigh';
  description = 'Says what the scale shows';
  schema = {};
  async execute() { return '120 g'; }
}

const server = new MCPServer({
  name: 'mcp-framework-peer', version: '0.9.0', basePath: import.meta.dirname,
  transport: { type: 'http-stream', options: { port: Number(process.argv[2]), host: '127.0.0.1' } },
});
server.addTool(Weigh);
await server.start();
