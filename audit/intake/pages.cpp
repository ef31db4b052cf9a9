#include "audit/intake/pages.hpp"

#include "audit/net/fetch.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds longest_page{120'000};

bool is_url(const std::string& location) { return location.starts_with("http://") || location.starts_with("https://"); }

class saved_pages final : public page_server {
public:
    saved_pages(std::filesystem::path folder, std::size_t cap) : folder_(std::move(folder)), cap_(cap) {}

    std::variant<page, page_error> get(const std::string& location, const page_marks&) override
    {
        const std::filesystem::path given(location);
        const auto file = given.is_absolute() ? given : folder_ / given;
        std::error_code ec;
        if (!std::filesystem::is_regular_file(file, ec)) return page_error{"there is no such file"};
        std::ifstream in(file, std::ios::binary);
        if (!in) return page_error{"the file cannot be opened"};
        page out;
        std::array<char, 64 * 1024> piece;
        while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
            out.text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
            if (out.text.size() > cap_) return page_error{"is larger than " + std::to_string(cap_ >> 20) + " MiB"};
        }
        if (in.bad()) return page_error{"the file cannot be read"};
        return out;
    }

private:
    std::filesystem::path folder_;
    std::size_t cap_;
};

class given_pages final : public page_server {
public:
    explicit given_pages(page_source source) : source_(std::move(source)) {}

    std::variant<page, page_error> get(const std::string& location, const page_marks&) override
    {
        auto got = source_(location);
        if (auto* error = std::get_if<page_error>(&got)) return *error;
        return page{std::move(std::get<std::string>(got)), {}, false};
    }

private:
    page_source source_;
};

// The key, as the field that carries it. It is in no message: whoever reads one may be anybody.
std::pair<std::string, std::string> key_field(const data::registry_source& source)
{
    const char* key = std::getenv(source.key_env.c_str());
    const std::string_view value = key ? key : "";
    const bool fits = !value.empty() && value.size() <= 4096 && std::ranges::all_of(value, [](char c) { return c > 0x20 && c < 0x7f; });
    if (!fits)
        throw data::config_error("registry \"" + source.id + "\": the environment variable " + source.key_env + " is " +
                                 (value.empty() ? "not set" : "not a key") + ", expected the registry's key, or \"enabled\": false");
    if (source.key_header.empty() || source.key_header == "Authorization") return {"Authorization", "Bearer " + std::string(value)};
    return {source.key_header, std::string(value)};
}

class network_pages final : public page_server {
public:
    network_pages(const data::settings& settings, const data::registry_source& source)
        : tls_(make_tls_context(settings.tls.trust_file)),
          dns_(make_resolver(context_, {settings.dns.timeout, settings.dns.tries, settings.dns.servers})),
          polite_([this](const std::string& location, const auto& headers, milliseconds at_most) { return ask(location, headers, at_most); }, manners(settings, source))
    {
        options_.user_agent = user_agent_of(settings);
        options_.body_bytes = settings.intake.page_bytes;
        if (const auto* format = find_adapter(source.kind)) accept_ = std::string(format->accept) + ", */*;q=0.1";
        if (!source.key_env.empty()) options_.origin_headers.push_back(key_field(source));
    }

    std::variant<page, page_error> get(const std::string& location, const page_marks& known) override { return polite_.get(location, known); }
    milliseconds elapsed() const override { return polite_.elapsed(); }

private:
    static page_manners manners(const data::settings& settings, const data::registry_source& source)
    {
        page_manners m;
        m.pace = source.pause.value_or(settings.intake.pause);
        m.whole = source.time.value_or(settings.intake.registry_time);
        m.first_wait = settings.intake.backoff;
        return m;
    }

    std::variant<page_answer, page_failure> ask(const std::string& location, const std::vector<std::pair<std::string, std::string>>& headers, milliseconds at_most)
    {
        const auto url = split_url(location);
        if (!url) return page_failure{"this is not a URL", true};
        auto options = options_;
        options.headers = headers;
        options.headers.emplace_back("Accept", accept_);
        options.whole = std::min(longest_page, at_most);
        options.first_byte = std::min(options.first_byte, options.whole);
        std::optional<std::variant<fetched, fetch_error>> result;
        std::exception_ptr failure;
        net::co_spawn(context_, fetch(*url, options, *dns_, tls_), [&](std::exception_ptr e, std::variant<fetched, fetch_error> got) {
            failure = e;
            result = std::move(got);
            context_.stop();  // the resolver's sockets may stay open
        });
        context_.restart();
        context_.run();
        if (failure) std::rethrow_exception(failure);
        if (auto* error = std::get_if<fetch_error>(&*result)) return page_failure{error->problem, error->lasting};
        auto& answer = std::get<fetched>(*result);
        return page_answer{answer.status, std::move(answer.headers), std::move(answer.body)};
    }

    net::io_context context_{1};
    net::ssl::context tls_;
    std::unique_ptr<resolver> dns_;
    fetch_options options_;
    std::string accept_;
    polite_pages polite_;
};

}  // namespace

std::unique_ptr<page_server> pages_of(const data::settings& settings, const data::registry_source& source, const std::filesystem::path& folder)
{
    if (!is_url(source.url)) return std::make_unique<saved_pages>(folder, settings.intake.page_bytes);
    return std::make_unique<network_pages>(settings, source);
}

std::unique_ptr<page_server> pages_from(page_source source) { return std::make_unique<given_pages>(std::move(source)); }

}  // namespace rollcall::audit
