// TLS as the prober needs it: one context, the exact reason of a refusal, and what the certificate says.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/reason.hpp"

#include <boost/asio/ssl/context.hpp>

#include <optional>
#include <string>

namespace rollcall::audit {

// One context for the run: TLS 1.2 or newer, chain and dates verified against the system's authorities or those
// in `trust_file` (PEM), ALPN http/1.1 alone. Throws boost::system::system_error if the file cannot be used.
boost::asio::ssl::context make_tls_context(const std::string& trust_file);

// Sets SNI, the name to verify (DNS name or address), and ALPN on a new session.
void prepare_session(SSL* session, const std::string& host);

// The verification result of a failed handshake; empty if the certificate was not the cause.
struct certificate_fault { data::reason why; std::string detail; };
std::optional<certificate_fault> fault_of_certificate(SSL* session);

// Version, issuer and expiry of a session, as far as they are known.
void read_tls_facts(SSL* session, data::path_facts& into);

// Raw 32 bytes.
std::string sha256(std::string_view bytes);

}  // namespace rollcall::audit
