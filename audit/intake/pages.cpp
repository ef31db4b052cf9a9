#include "audit/intake/pages.hpp"

#include "audit/net/fetch.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using std::chrono::milliseconds;
using page = std::variant<std::string, page_error>;

constexpr std::chrono::minutes most_patience{15};
constexpr std::array<std::chrono::seconds, 4> backoff{std::chrono::seconds(2), std::chrono::seconds(4), std::chrono::seconds(8), std::chrono::seconds(16)};

page read_file(const std::filesystem::path& file, std::size_t cap)
{
    std::error_code ec;
    if (!std::filesystem::is_regular_file(file, ec)) return page_error{"there is no such file"};
    std::ifstream in(file, std::ios::binary);
    if (!in) return page_error{"the file cannot be opened"};
    std::string text;
    std::array<char, 64 * 1024> piece;
    while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
        if (text.size() > cap) return page_error{"is larger than " + std::to_string(cap >> 20) + " MiB"};
    }
    if (in.bad()) return page_error{"the file cannot be read"};
    return text;
}

class network_pages {
public:
    network_pages(const data::settings& settings, const data::registry_source& source)
        : settings_(settings), tls_(make_tls_context(settings.tls.trust_file)),
          dns_(make_resolver(context_, {settings.dns.timeout, settings.dns.tries, settings.dns.servers}))
    {
        options_.user_agent = user_agent_of(settings);
        options_.body_bytes = settings.intake.page_bytes;
        options_.headers.emplace_back("Accept", "application/json, text/plain;q=0.8");
        if (!source.key_env.empty())
            if (const char* key = std::getenv(source.key_env.c_str())) options_.headers.emplace_back("Authorization", std::string("Bearer ") + key);
    }

    page get(const std::string& location)
    {
        const auto url = split_url(location);
        if (!url) return page_error{"this is not a URL"};
        if (asked_) std::this_thread::sleep_for(settings_.intake.pause);
        asked_ = true;
        for (std::size_t attempt = 0;; ++attempt) {
            if (std::chrono::steady_clock::now() - started_ > settings_.intake.registry_time) return page_error{"the time for this registry is over"};
            auto got = once(*url);
            if (auto* error = std::get_if<fetch_error>(&got)) {
                if (attempt >= 1) return page_error{error->problem};
                std::this_thread::sleep_for(settings_.intake.pause);
                continue;
            }
            auto& answer = std::get<fetched>(got);
            if (answer.status == 200) return std::move(answer.body);
            if ((answer.status != 429 && answer.status != 503) || attempt >= backoff.size())
                return page_error{"HTTP " + std::to_string(answer.status)};
            std::this_thread::sleep_for(std::min<milliseconds>(patience(answer, attempt), most_patience));
        }
    }

private:
    std::variant<fetched, fetch_error> once(const canonical_url& url)
    {
        std::optional<std::variant<fetched, fetch_error>> result;
        std::exception_ptr failure;
        net::co_spawn(context_, fetch(url, options_, *dns_, tls_), [&](std::exception_ptr e, std::variant<fetched, fetch_error> got) {
            failure = e;
            result = std::move(got);
            context_.stop();  // the resolver's sockets may stay open
        });
        context_.restart();
        context_.run();
        if (failure) std::rethrow_exception(failure);
        return std::move(*result);
    }

    static milliseconds patience(const fetched& answer, std::size_t attempt)
    {
        for (const auto& [name, value] : answer.headers) {
            unsigned seconds = 0;
            if (name == "retry-after" && std::from_chars(value.data(), value.data() + value.size(), seconds).ec == std::errc{})
                return std::chrono::seconds(seconds);
        }
        return backoff[attempt];
    }

    const data::settings& settings_;
    net::io_context context_{1};
    net::ssl::context tls_;
    std::unique_ptr<resolver> dns_;
    fetch_options options_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    bool asked_ = false;
};

}  // namespace

page_source pages_of(const data::settings& settings, const data::registry_source& source, const std::filesystem::path& folder)
{
    if (!source.url.starts_with("http://") && !source.url.starts_with("https://"))
        return [cap = settings.intake.page_bytes, folder](const std::string& location) {
            const std::filesystem::path file(location);
            return read_file(file.is_absolute() ? file : folder / file, cap);
        };
    return [network = std::make_shared<network_pages>(settings, source)](const std::string& location) { return network->get(location); };
}

}  // namespace rollcall::audit
