#include "audit/net/tls.hpp"

#include "audit/net/dial.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

namespace rollcall::audit {
namespace {

namespace ssl = boost::asio::ssl;
using data::reason;

std::string name_of(const X509_NAME* name)
{
    std::array<char, 256> text{};
    for (const int nid : {NID_organizationName, NID_commonName})
        if (X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), nid, text.data(), static_cast<int>(text.size())) > 0)
            return text.data();
    return {};
}

std::optional<std::int64_t> seconds_of(const ASN1_TIME* time)
{
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return static_cast<std::int64_t>(timegm(&parts));
}

std::string date_of(const ASN1_TIME* time)
{
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return "?";
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

int leaf_index()
{
    static const int index = SSL_get_ex_new_index(
        0, nullptr, nullptr, nullptr, [](void*, void* leaf, CRYPTO_EX_DATA*, int, long, void*) { X509_free(static_cast<X509*>(leaf)); });
    return index;
}

// Keeps the leaf of a chain under verification with its session, so that a refusal can be explained.
int keep_leaf(int ok, X509_STORE_CTX* store)
{
    auto* session = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* leaf = X509_STORE_CTX_get0_cert(store);
    if (session && leaf && !SSL_get_ex_data(session, leaf_index()) && X509_up_ref(leaf) == 1)
        SSL_set_ex_data(session, leaf_index(), leaf);
    return ok;
}

X509* leaf_of(SSL* session)
{
    if (auto* kept = static_cast<X509*>(SSL_get_ex_data(session, leaf_index()))) return kept;
    return SSL_get0_peer_certificate(session);
}

}  // namespace

ssl::context make_tls_context(const std::string& trust_file)
{
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    // Distributions build the library with levels of their own; a verdict must not depend on which. 1 is the
    // library's default, that of Node.js, and the most patient one with TLS 1.2.
    SSL_CTX_set_security_level(context.native_handle(), 1);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context.native_handle(), SSL_SESS_CACHE_OFF);
    if (trust_file.empty())
        context.set_default_verify_paths();
    else
        context.load_verify_file(trust_file);
    SSL_CTX_set_verify(context.native_handle(), SSL_VERIFY_PEER, keep_leaf);
    // http/1.1 alone: a host that speaks only HTTP/2 says so with an alert.
    static constexpr std::array<unsigned char, 9> protocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context.native_handle(), protocols.data(), protocols.size());
    return context;
}

void prepare_session(SSL* session, const std::string& host)
{
    const auto address = address_literal(host);
    if (!address) {
        // What the macro SSL_set_tlsext_host_name does, without its C cast.
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
        SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        SSL_set1_host(session, host.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), address->to_string().c_str());
    }
}

std::optional<certificate_fault> fault_of_certificate(SSL* session)
{
    const long result = SSL_get_verify_result(session);
    const X509* leaf = leaf_of(session);
    const auto dates = [&] {
        return leaf ? "valid from " + date_of(X509_get0_notBefore(leaf)) + " to " + date_of(X509_get0_notAfter(leaf)) : std::string();
    };
    switch (result) {
        case X509_V_OK: return std::nullopt;
        case X509_V_ERR_CERT_HAS_EXPIRED: return certificate_fault{reason::tls_expired, "expired; " + dates()};
        case X509_V_ERR_CERT_NOT_YET_VALID: return certificate_fault{reason::tls_expired, "not valid yet; " + dates()};
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return certificate_fault{reason::tls_name, X509_verify_cert_error_string(result)};
        default: return certificate_fault{reason::tls_untrusted, X509_verify_cert_error_string(result)};
    }
}

void read_tls_facts(SSL* session, data::path_facts& into)
{
    if (SSL_is_init_finished(session)) into.tls_version = SSL_get_version(session);
    if (const X509* leaf = leaf_of(session)) {
        into.tls_issuer = name_of(X509_get_issuer_name(leaf));
        into.tls_not_after = seconds_of(X509_get0_notAfter(leaf));
    }
}

std::string sha256(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace rollcall::audit
