// The client scenarios of the official suite that concern a client which only reads, one row each.
//
// `runs`: by which of the two installed suites, at which revisions. `checks`: what the suite must have seen with
// success, since it lets a client pass that never asked for anything. `passes: false`: the suite goes on to register a
// client, to ask for a token or to call a tool, which is not for us; up to there all is well.
// `reason` and what follows it: the verdict on the suite's own server. `canary`: of the owner's record of that server.
export const suites = { 2025: 'conformance-2025', 2026: 'conformance-2026' };

const discovery = { passes: false, checks: ['prm-pathbased-requested', 'authorization-server-metadata'], reason: 'auth_challenge', posture: 'gated' };
const everywhere = { 2025: ['2025-11-25'], 2026: ['2025-11-25', '2026-07-28'] };
const newest = { 2026: ['2026-07-28'] };

export const scenarios = [
  { scenario: 'initialize', runs: { 2025: ['2025-06-18', '2025-11-25'], 2026: ['2025-06-18', '2025-11-25'] },
    checks: ['mcp-client-initialization'], reason: 'ok_zero_tools' },
  { scenario: 'request-metadata', runs: newest, reason: 'ok_zero_tools',
    checks: ['sep-2575-http-client-sends-version-header', 'sep-2575-client-populates-meta', 'sep-2575-client-sends-client-info',
      'sep-2575-http-version-header-matches-meta', 'sep-2575-client-retry-supported-version'] },
  { scenario: 'http-standard-headers', runs: newest, checks: ['sep-2243-client-includes-standard-headers'], reason: 'ok', tools: ['test_headers', 'my-hyphenated-tool'] },
  { scenario: 'json-schema-ref-no-deref', runs: newest, checks: ['sep-2106-no-network-ref-deref'], reason: 'ok', tools: ['lookup_user'], warnings: ['schema_ref'] },
  // Every message that we sent fits the published schema of its revision.
  { scenario: 'json-schema-2020-12-preservation', runs: { 2026: ['2025-11-25', '2026-07-28'] }, passes: false,
    checks: ['wire-schema-valid', 'json-schema-2020-12-client-tool-found'], reason: 'ok', tools: ['json_schema_2020_12_tool', 'json_schema_echo'] },
  // Of twelve tools, the one that a client may offer, and its call; the calls below are made through an owner's record.
  { scenario: 'http-invalid-tool-headers', runs: newest, checks: ['sep-2243-client-reject-invalid-tool', 'sep-2243-x-mcp-header-unique'], reason: 'ok', tools: ['valid_tool'], warnings: ['tool_header_invalid'],
    canary: { tool: 'valid_tool', read_only: true, arguments: { region: 'eu' } } },
  { scenario: 'tools_call', runs: { 2025: ['2025-06-18', '2025-11-25'], 2026: ['2025-06-18', '2025-11-25', '2026-07-28'] }, checks: ['tool-add-numbers'], reason: 'ok', tools: ['add_numbers'],
    canary: { tool: 'add_numbers', read_only: true, arguments: { a: 5, b: 3 } } },
  // The stream breaks off before the result: the rest is asked for, as late as the server wished.
  { scenario: 'sse-retry', runs: { 2025: ['2025-11-25'], 2026: ['2025-11-25'] }, checks: ['client-sse-retry-timing'], reason: 'ok', tools: ['test_reconnection'],
    canary: { tool: 'test_reconnection', read_only: true } },

  { scenario: 'auth/resource-mismatch', runs: { 2025: ['draft'], 2026: ['2026-07-28'] }, checks: ['prm-pathbased-requested', 'resource-mismatch-rejected'],
    reason: 'auth_bare', posture: 'opaque', missing: 'prm_resource' },
  { scenario: 'auth/metadata-issuer-mismatch', runs: newest, checks: ['authorization-server-metadata', 'sep-2468-client-validate-metadata-issuer'],
    reason: 'auth_bare', posture: 'opaque', missing: 'as_issuer' },
  // Where the documents are: named by the challenge or not, at the path or the root, OAuth or OpenID Connect.
  { scenario: 'auth/metadata-default', runs: everywhere, ...discovery },
  { scenario: 'auth/metadata-var1', runs: everywhere, ...discovery },
  { scenario: 'auth/metadata-var2', runs: everywhere, ...discovery, warnings: ['resource_loose'] },
  { scenario: 'auth/metadata-var3', runs: everywhere, ...discovery },
  { scenario: 'auth/basic-cimd', runs: everywhere, ...discovery },
  { scenario: 'auth/2025-03-26-oauth-metadata-backcompat', runs: { 2025: ['2025-03-26'], 2026: ['2025-03-26'] }, ...discovery,
    checks: ['authorization-server-metadata'], reason: 'auth_bare', posture: 'opaque', missing: 'prm_found' },
];

// What an asking of a document at the wrong place leaves behind.
export const traps = ['prm-priority-order', 'authorization-server-metadata-wrong-path'];
