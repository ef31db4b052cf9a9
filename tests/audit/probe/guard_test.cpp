// Private and reserved addresses are not contacted, at whichever turn they come up.
#include "audit/net/fetch.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/metadata_source.hpp"
#include "audit/probe/prober.hpp"
#include "tests/support/scripted_server.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <map>

using namespace rollcall;
using namespace rollcall::audit;

namespace {

class table_of_names final : public resolver {
public:
    explicit table_of_names(std::map<std::string, std::vector<std::string>> names) : names_(std::move(names)) {}
    boost::asio::awaitable<resolution> resolve(std::string host, deadline) override
    {
        resolution out;
        for (const auto& address : names_[host]) out.addresses.push_back(boost::asio::ip::make_address(address));
        co_return out;
    }

private:
    std::map<std::string, std::vector<std::string>> names_;
};

const std::string not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

// 127.0.0.1 passes for a public address; all that is special to the guard stays so.
bool all_but_one(const boost::asio::ip::address& a) { return a != boost::asio::ip::address_v4::loopback() && is_private(a); }

bool has(const data::cell& c, data::warning w) { return std::ranges::find(c.answer.warnings, w) != c.answer.warnings.end(); }

}  // namespace

TEST_CASE("a name is judged by the addresses that it leads to")
{
    struct row { const char* name; std::vector<std::string> addresses; const char* reason; bool left_out; };
    const row rows[] = {
        {"a public one", {"127.0.0.1"}, "http_404", false},
        {"a public and a private one", {"10.0.0.1", "127.0.0.1"}, "http_404", true},
        {"a public and many that are not", {"fd00::1", "169.254.169.254", "127.0.0.1", "::1", "100.64.0.1"}, "http_404", true},
        {"a private one", {"192.168.0.1"}, "dns_private", false},
        {"the address of a cloud's metadata", {"169.254.169.254"}, "dns_private", false},
        {"private ones of both families", {"10.0.0.1", "fd00::1"}, "dns_private", false},
        {"a mapped address", {"::ffff:10.0.0.1"}, "dns_private", false},
        {"an address behind NAT64", {"64:ff9b::a00:1"}, "dns_private", false},
        {"a tailnet's", {"100.100.1.1"}, "dns_private", false},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            boost::asio::io_context context{1};
            tests::scripted_server server(context, std::vector<std::string>(12, not_found));
            table_of_names dns({{"a.dev", r.addresses}});
            auto tls = make_tls_context("");
            data::settings settings;
            metadata_source metadata({dns, tls}, "test");
            probe_services with{dns, tls, settings, "test", metadata};
            with.keeps_out = all_but_one;
            const auto seen = tests::run(context, probe({*split_url("http://a.dev:" + std::to_string(server.port()) + "/mcp"), {}}, with));
            CHECK(data::code_of(seen.cell.why) == r.reason);
            CHECK(has(seen.cell, data::warning::private_addresses) == r.left_out);
            if (std::string(r.reason) == "dns_private") {
                CHECK(data::class_of(seen.cell.why) == data::cell_class::transport);
                CHECK(seen.cell.answer.detail.find("private") != std::string::npos);
                CHECK(server.requests().empty());
            }
        }
    }
}

TEST_CASE("a document that a server or an owner names is not fetched from a private address")
{
    boost::asio::io_context context{1};
    tests::scripted_server server(context, {not_found, not_found});
    table_of_names dns({{"inside.dev", {"127.0.0.1"}}});
    auto tls = make_tls_context("");
    const auto port = std::to_string(server.port());
    for (const std::string host : {"127.0.0.1", "localhost", "inside.dev", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"}) {
        CAPTURE(host);
        const auto where = split_url("http://" + host + ":" + port + "/.well-known/oauth-protected-resource");
        REQUIRE(where);
        fetch_options options;
        options.public_only = true;
        const auto got = tests::run(context, fetch(*where, options, dns, tls));
        const auto* error = std::get_if<fetch_error>(&got);
        REQUIRE(error);
        if (host != "localhost") CHECK(error->why == data::reason::dns_private);
        // The metadata of a server goes the same way out.
        metadata_source metadata({dns, tls}, "test");
        const auto document = tests::run(context, metadata.get("http://" + host + ":" + port + "/x", false, deadline::max()));
        CHECK(document.status == 0);
    }
    CHECK(server.requests().empty());
}
