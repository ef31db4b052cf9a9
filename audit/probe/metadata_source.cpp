#include "audit/probe/metadata_source.hpp"

#include "audit/net/fetch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <vector>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t largest_document = 256 * 1024;
constexpr milliseconds longest_fetch{8'000};
// A flood of issuers must not fill the memory: beyond this many, each is asked for itself.
constexpr std::size_t most_shared = 20'000;

}  // namespace

struct metadata_source::entry {
    std::optional<auth::document> document;
    std::vector<net::steady_timer*> waiting;  // one for each probe that waits, with its own deadline
};

metadata_source::metadata_source(way_out way, std::string user_agent) : way_(way), user_agent_(std::move(user_agent)) {}

net::awaitable<auth::document> metadata_source::fetch_one(std::string url, milliseconds limit)
{
    const auto where = split_url(url);
    if (!where) co_return auth::document{0, {}, "not a URL", false};
    fetch_options options;
    options.user_agent = user_agent_;
    options.headers = {{"Accept", "application/json"}};
    options.body_bytes = largest_document;
    options.connect = way_.connect;
    options.tls = way_.handshake;
    options.first_byte = options.whole = std::max(milliseconds(1), limit);
    options.public_only = way_.public_only;
    options.out = way_.out;
    const auto got = co_await fetch(*where, options, way_.dns, way_.tls);
    if (const auto* error = std::get_if<fetch_error>(&got)) co_return auth::document{0, {}, error->problem, error->ours};
    const auto& page = std::get<fetched>(got);
    co_return auth::document{page.status, page.body, {}, false};
}

// Its own limit, not that of whoever asked first: others wait for the same answer.
net::awaitable<void> metadata_source::fill(std::shared_ptr<entry> into, std::string url)
{
    auto document = co_await fetch_one(std::move(url), longest_fetch);
    into->document = std::move(document);
    for (auto* waiting : into->waiting) waiting->cancel();
}

net::awaitable<auth::document> metadata_source::get(std::string url, bool shared, deadline until)
{
    const auto left = std::chrono::duration_cast<milliseconds>(until - clock::now());
    if (left <= milliseconds(0)) co_return auth::document{0, {}, "no time was left", true};
    if (!shared || (shared_.size() >= most_shared && !shared_.contains(url))) {
        auto document = co_await fetch_one(std::move(url), std::min(left, longest_fetch));
        co_return document;
    }
    const auto executor = co_await net::this_coro::executor;
    const bool first = !shared_.contains(url);
    if (first) shared_[url] = std::make_shared<entry>();
    const auto mine = shared_[url];
    if (first) net::co_spawn(executor, fill(mine, url), net::detached);
    if (!mine->document) {
        net::steady_timer patience(executor, until);
        mine->waiting.push_back(&patience);
        co_await patience.async_wait(nothrow);
        std::erase(mine->waiting, &patience);
    }
    if (mine->document) co_return *mine->document;
    co_return auth::document{0, {}, "no answer in time", true};
}

}  // namespace rollcall::audit
