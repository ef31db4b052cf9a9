// A server built on mcp-handler, the adapter that serverless platforms recommend: node mcp_handler.mjs PORT
import { createMcpHandler } from 'mcp-handler';
import { z } from 'zod';
import { serve } from './web.mjs';

serve(process.argv[2], createMcpHandler((server) => {
  server.registerTool('lookup', { title: 'Look up', description: 'Finds a word', inputSchema: z.object({ word: z.string().min(1) }) },
    async ({ word }) => ({ content: [{ type: 'text', text: word }] }));
  server.registerTool('random', { description: 'Finds any word', inputSchema: z.object({}) }, async () => ({ content: [{ type: 'text', text: 'roll' }] }));
}, { serverInfo: { name: 'mcp-handler-peer', version: '2.0.1' } }));
