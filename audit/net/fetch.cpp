#include "audit/net/fetch.hpp"

#include "audit/net/inflater.hpp"
#include "audit/net/open.hpp"

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using clock = std::chrono::steady_clock;

fetch_error explain(const net_failure& f)
{
    return {std::string(data::row_of(f.why).label) + " (" + f.detail + ")", !data::is_valid(data::class_of(f.why)), f.why};
}

}  // namespace

net::awaitable<std::variant<fetched, fetch_error>> fetch(canonical_url from, fetch_options options, resolver& dns, net::ssl::context& tls)
{
    const auto until = clock::now() + options.whole;
    const auto origin = from;
    for (unsigned hops = 0;; ++hops) {
        const way_out way{dns, tls, options.connect, options.tls, options.public_only, is_private, options.out};
        auto way_in = co_await open_link(way, from, until);
        if (auto* failure = std::get_if<net_failure>(&way_in.result)) co_return explain(*failure);
        auto& connection = *std::get<std::unique_ptr<link>>(way_in.result);

        http_request request{"GET", from.target, authority(from), {}, {}};
        request.headers = {{"User-Agent", options.user_agent}, {"Accept-Encoding", "gzip"}};
        request.headers.insert(request.headers.end(), options.headers.begin(), options.headers.end());
        if (from.scheme == origin.scheme && from.host == origin.host && from.port == origin.port)
            request.headers.insert(request.headers.end(), options.origin_headers.begin(), options.origin_headers.end());
        const auto first = std::min(until, clock::now() + options.first_byte);
        if (auto failure = co_await connection.send(request, first)) co_return explain(*failure);
        auto head = co_await connection.head(first);
        if (auto* failure = std::get_if<net_failure>(&head)) co_return explain(*failure);
        auto& answer = std::get<http_head>(head).answer;

        if (answer.status >= 301 && answer.status <= 308 && answer.status != 304 && !answer.header("location").empty()) {
            const auto target = resolve_reference(from, answer.header("location"));
            if (!target) co_return fetch_error{"redirects to something that is not a URL", false, std::nullopt, true};
            if (from.scheme == "https" && target->scheme == "http") co_return fetch_error{"redirects from https to http", false, std::nullopt, true};
            if (options.same_site && site_of(target->host) != site_of(from.host)) co_return fetch_error{"redirects to another site", false, std::nullopt, true};
            if (hops >= options.redirects) co_return fetch_error{"redirects without end", false, std::nullopt, true};
            from = *target;
            continue;
        }

        fetched out{answer.status, answer.headers, {}};
        inflater decode(answer.header("content-encoding"), options.body_bytes);
        if (decode.unknown()) co_return fetch_error{"came in an encoding that we did not ask for", false, std::nullopt, true};
        for (;;) {
            auto piece = co_await connection.piece(until);
            switch (decode.feed(piece.bytes, out.body)) {
                case inflater::status::ok: break;
                case inflater::status::damaged: co_return fetch_error{"its compression is damaged"};
                case inflater::status::too_large:
                    co_return fetch_error{"is larger than " + std::to_string(options.body_bytes >> 20) + " MiB", false, std::nullopt, true};
            }
            if (piece.last) break;
            if (piece.failure)
                co_return fetch_error{(piece.failure->timed_out ? "did not end in time, after " : "was cut off after ") +
                                          std::to_string(out.body.size()) + " bytes",
                                      !data::is_valid(data::class_of(piece.failure->why)), piece.failure->why};
        }
        // The message was whole, what it packed was not: a shorter document.
        if (decode.unfinished()) co_return fetch_error{"its compression was cut off after " + std::to_string(out.body.size()) + " bytes"};
        co_return out;
    }
}

}  // namespace rollcall::audit
