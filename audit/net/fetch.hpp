// One GET of a document (a registry's page, a server's metadata), redirects and compression undone.
#pragma once

#include "audit/net/egress.hpp"
#include "audit/net/failure.hpp"
#include "audit/net/nothrow.hpp"
#include "audit/net/resolver.hpp"
#include "audit/url/url.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rollcall::audit {

struct fetch_options {
    std::string user_agent;
    std::vector<std::pair<std::string, std::string>> headers;
    std::vector<std::pair<std::string, std::string>> origin_headers{};  // to the first URL's origin alone: a key
    std::size_t body_bytes = 32u << 20;  // decompressed
    std::chrono::milliseconds connect{5000}, tls{5000}, first_byte{30'000}, whole{120'000};
    unsigned redirects = 5;
    bool same_site = false;    // a redirect to another site is an error
    bool public_only = false;  // private and reserved addresses are not contacted, at no redirect either
    const egress* out = nullptr;  // of the region; null: direct
};

struct fetched {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names lower-case
    std::string body;
};

struct fetch_error {
    std::string problem;  // one line
    bool ours = false;    // because of us: no evidence about the server
    std::optional<data::reason> why{};  // there was no HTTP answer, or it did not end: what a cell would call it
    bool lasting = false;  // asking again would give the same
};

// A document that is cut off, too large or damaged is an error, never a shorter document. https is never left for
// http. The services must outlive the awaitable.
boost::asio::awaitable<std::variant<fetched, fetch_error>> fetch(canonical_url from, fetch_options options, resolver& dns,
                                                                 boost::asio::ssl::context& tls);

}  // namespace rollcall::audit
