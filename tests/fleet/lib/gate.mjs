// A login before a server, described in one option: what the refusal says, and which metadata stands where.
//
// gate: {challenge, prm, as}. The answers that follow from it are laid under the row's own.

const wellKnown = '/.well-known/';
const json = (body) => ({ body });

// The usual place of metadata of a kind for a path ("/mcp", "/tenant", "").
const placeOf = (kind, path) => wellKnown + kind + (path === '/' ? '' : path.replace(/\/$/, ''));

function resourceAnswers(row, { at = 'path', resource = '{origin}' + row.path, servers = ['{origin}'], document }) {
  const place = { path: placeOf('oauth-protected-resource', row.path), root: placeOf('oauth-protected-resource', '') }[at] ?? at;
  return { [`GET ${place}`]: document ?? json({ resource, authorization_servers: servers, bearer_methods_supported: ['header'] }) };
}

function serverAnswers({ at = 'oauth', path = '', issuer = '{origin}' + path, pkce = true, registration = 'cimd', omit = [], document }) {
  const place = {
    oauth: placeOf('oauth-authorization-server', path),
    'oidc-insert': placeOf('openid-configuration', path),
    'oidc-append': path + placeOf('openid-configuration', ''),
  }[at];
  const metadata = {
    issuer, authorization_endpoint: '{origin}/authorize', token_endpoint: '{origin}/token', response_types_supported: ['code'],
    ...(at !== 'oauth' && { jwks_uri: '{origin}/jwks', subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] }),
    ...(pkce && { code_challenge_methods_supported: [pkce === true ? 'S256' : pkce] }),
    ...(registration === 'cimd' && { client_id_metadata_document_supported: true }),
    ...(registration === 'dcr' && { registration_endpoint: '{origin}/register' }),
  };
  for (const member of omit) delete metadata[member];
  return { [`GET ${place}`]: document ?? json(metadata) };
}

// challenge: "named" (with resource_metadata), "bearer", "none", or the field's whole text. `open`: no refusal at all.
function refusal(row, { challenge = 'bearer', status = 401, prm }) {
  const place = { path: placeOf('oauth-protected-resource', row.path), root: placeOf('oauth-protected-resource', '') }[prm?.at ?? 'path'] ?? prm.at;
  const field = { bearer: 'Bearer', named: `Bearer realm="mcp", resource_metadata="{origin}${place}"`, none: undefined }[challenge] ?? challenge;
  return { status, headers: field && challenge !== 'none' ? { 'WWW-Authenticate': field } : {}, body: { error: 'invalid_token' } };
}

export function gateAnswers(row) {
  const gate = row.gate;
  if (!gate) return {};
  return {
    ...(!gate.open && { POST: refusal(row, gate) }),
    ...(gate.prm && resourceAnswers(row, gate.prm)),
    ...(gate.as && serverAnswers(gate.as)),
  };
}
