#include "data/config/config.hpp"
#include "data/config/history.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <fstream>

namespace {

using namespace rollcall::data;
using namespace std::chrono_literals;

template <class Parse>
std::string complaint(Parse parse)
{
    try {
        parse();
    } catch (const config_error& e) {
        return e.what();
    }
    return "";
}

TEST_CASE("an empty document means the defaults", "[config]")
{
    const settings s = parse_settings("{}", "rollcall.json");
    CHECK(s.site_name == "Rollcall");
    CHECK(s.probe.concurrency == 1000);
    CHECK(s.probe.total == 30s);
    CHECK(s.contact.empty());
}

TEST_CASE("what is written is read", "[config]")
{
    const settings s = parse_settings(R"({
        "$schema": "schemas/rollcall.schema.json",
        "site_name": "Our servers", "base_url": "https://status.vendor.com/mcp/", "contact": "mailto:ops@vendor.com", "operator_name": "Ops",
        "probe": {"concurrency": 7, "connect_ms": 11, "tls_ms": 12, "first_byte_ms": 13, "total_ms": 14, "slow_ms": 15, "body_bytes": 2048,
                  "pages": 16, "tools": 17, "redirects": 0, "retry_after_ms": 0, "retries": 2, "budget_ms": 1000},
        "politeness": {"per_site_per_second": 0.5, "per_site_burst": 1, "per_site_connections": 2, "per_address_per_second": 3, "per_address_connections": 5},
        "dns": {"servers": "127.0.0.1:5353,[::1]:53,9.9.9.9,2620:fe::fe", "timeout_ms": 100, "tries": 1},
        "tls": {"trust_file": "ca.pem"},
        "intake": {"page_bytes": 4096, "registry_bytes": 8192, "registry_ms": 1000, "pause_ms": 0},
        "retention": {"transcripts_days": 1, "cells_days": 2, "nights_days": 3},
        "window_rounds": 5
    })", "rollcall.json");
    CHECK(s.site_name == "Our servers");
    CHECK(s.base_url == "https://status.vendor.com/mcp/");
    CHECK(s.contact == "mailto:ops@vendor.com");
    CHECK(s.operator_name == "Ops");
    CHECK(s.probe.concurrency == 7);
    CHECK(s.probe.connect == 11ms);
    CHECK(s.probe.tls == 12ms);
    CHECK(s.probe.first_byte == 13ms);
    CHECK(s.probe.total == 14ms);
    CHECK(s.probe.slow == 15ms);
    CHECK(s.probe.body_bytes == 2048);
    CHECK(s.probe.pages == 16);
    CHECK(s.probe.tools == 17);
    CHECK(s.probe.redirects == 0);
    CHECK(s.probe.retry_after == 0ms);
    CHECK(s.probe.retries == 2);
    CHECK(s.probe.budget == 1s);
    CHECK(s.politeness.per_site_per_second == 0.5);
    CHECK(s.politeness.per_site_burst == 1);
    CHECK(s.politeness.per_site_connections == 2);
    CHECK(s.politeness.per_address_per_second == 3);
    CHECK(s.politeness.per_address_connections == 5);
    CHECK(s.dns.servers == "127.0.0.1:5353,[::1]:53,9.9.9.9,2620:fe::fe");
    CHECK(s.dns.timeout == 100ms);
    CHECK(s.dns.tries == 1);
    CHECK(s.tls.trust_file == "ca.pem");
    CHECK(s.intake.page_bytes == 4096);
    CHECK(s.intake.registry_bytes == 8192);
    CHECK(s.intake.registry_time == 1s);
    CHECK(s.intake.pause == 0ms);
    CHECK(s.retention.transcripts_days == 1);
    CHECK(s.retention.cells_days == 2);
    CHECK(s.retention.nights_days == 3);
    CHECK(s.window_rounds == 5);
}

TEST_CASE("a mistake in rollcall.json is named where it stands", "[config]")
{
    struct row { const char *text, *message; };
    const row table[] = {
        {R"({"probe": {"concurrency": 0}})", "/probe/concurrency: 0, expected a whole number from 1 to 4000"},
        {R"({"probe": {"concurrency": 4001}})", "/probe/concurrency: 4001, expected a whole number from 1 to 4000"},
        {R"({"probe": {"concurrency": -1}})", "/probe/concurrency: -1, expected a whole number from 1 to 4000"},
        {R"({"probe": {"concurrency": 1.5}})", "/probe/concurrency: 1.5, expected a whole number from 1 to 4000"},
        {R"({"probe": {"concurrency": 18446744073709551615}})", "/probe/concurrency: 18446744073709551615, expected a whole number from 1 to 4000"},
        {R"({"probe": {"concurrency": "10"}})", "/probe/concurrency: \"10\", expected a whole number from 1 to 4000"},
        {R"({"probe": {"concurrency": null}})", "/probe/concurrency: null, expected a whole number from 1 to 4000"},
        {R"({"probe": {"connect_ms": 5}})", "/probe/connect_ms: 5, expected a whole number from 10 to 60000"},
        {R"({"probe": {"connect_ms": 5000, "total_ms": 1000}})", "/probe/total_ms: 1000, expected at least connect_ms, 5000"},
        {R"({"probe": {"concurency": 5}})", "/probe/concurency: unknown key, did you mean \"concurrency\"?"},
        {R"({"probe": {"connect": 5}})", "/probe/connect: unknown key, expected one of concurrency, connect_ms, tls_ms, first_byte_ms, total_ms, "
                                        "slow_ms, body_bytes, pages, tools, redirects, retry_after_ms, retries, budget_ms"},
        {R"({"prob": {}})", "/prob: unknown key, did you mean \"probe\"?"},
        {R"({"dns": {"colour": 1}})", "/dns/colour: unknown key, expected one of servers, timeout_ms, tries"},
        {R"({"dns": {"$schema": "x"}})", "/dns/$schema: unknown key, expected one of servers, timeout_ms, tries"},
        {R"({"dns": {"a/b~c": 1}})", "/dns/a~1b~0c: unknown key, expected one of servers, timeout_ms, tries"},
        {R"({"probe": 3})", "/probe: 3, expected an object"},
        {R"({"probe": []})", "/probe: [], expected an object"},
        {R"([])", "/: [], expected an object"},
        {R"("x")", "/: \"x\", expected an object"},
        {R"({"site_name": ""})", "/site_name: \"\", expected a name of 1 to 80 bytes"},
        {R"({"site_name": 7})", "/site_name: 7, expected a name of 1 to 80 bytes"},
        {R"({"site_name": "a\nb"})", "/site_name: \"a\\nb\", expected one line of at most 2000 bytes"},
        {R"({"base_url": "https://vendor.com"})", "/base_url: \"https://vendor.com\", expected an http:// or https:// URL that ends in a slash"},
        {R"({"base_url": "https://u:p@vendor.com/"})", "/base_url: \"https://u:p@vendor.com/\", expected an http:// or https:// URL that ends in a slash"},
        {R"({"base_url": "https://vendor.com/?a/"})", "/base_url: \"https://vendor.com/?a/\", expected an http:// or https:// URL that ends in a slash"},
        {R"({"contact": "ops@vendor.com"})", "/contact: \"ops@vendor.com\", expected an https:// URL or mailto: with an address that somebody reads"},
        {R"({"contact": "mailto:ops"})", "/contact: \"mailto:ops\", expected an https:// URL or mailto: with an address that somebody reads"},
        {R"({"contact": ""})", "/contact: \"\", expected an https:// URL or mailto: with an address that somebody reads"},
        {R"({"dns": {"servers": "localhost"}})", "/dns/servers: \"localhost\", expected addresses with ports, like 127.0.0.1:53,[::1]:53, or \"\" for the system's"},
        {R"({"dns": {"servers": "127.0.0.1:0"}})", "/dns/servers: \"127.0.0.1:0\", expected addresses with ports, like 127.0.0.1:53,[::1]:53, or \"\" for the system's"},
        {R"({"dns": {"servers": "127.0.0.1,"}})", "/dns/servers: \"127.0.0.1,\", expected addresses with ports, like 127.0.0.1:53,[::1]:53, or \"\" for the system's"},
        {R"({"politeness": {"per_site_per_second": 0}})", "/politeness/per_site_per_second: 0, expected a number from 0.01 to 10000.0"},
        {R"({"politeness": {"per_site_per_second": "2"}})", "/politeness/per_site_per_second: \"2\", expected a number from 0.01 to 10000.0"},
        {R"({"intake": {"page_bytes": 65536, "registry_bytes": 2048}})", "/intake/registry_bytes: 2048, expected at least page_bytes, 65536"},
        {R"({"probe": {"tools": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]}})",
         "/probe/tools: [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb..., expected a whole number from 1 to 100000"},
        {R"({"self_check": [{"expect": "P"}]})", "/self_check/0/url: missing, expected an http:// or https:// URL without a password"},
        {R"({"self_check": [{"url": "https://a.dev/", "expect": "U"}]})", "/self_check/0/expect: \"U\", expected the code of a reason, like tls_expired, or the letter of a class, P for a good answer"},
        {R"({"self_check": [{"url": "https://a.dev/", "expect": "proxy_failed"}]})", "/self_check/0/expect: \"proxy_failed\", expected the code of a reason, like tls_expired, or the letter of a class, P for a good answer"},
        {R"({"self_check": [{"url": "https://a.dev/"}, {"url": "https://a.dev/"}]})", "/self_check/1/url: \"https://a.dev/\", expected each URL once"},
        {R"({"window_rounds": 1, "window_rounds": 2})", "the key \"window_rounds\" stands twice in one object"},
        {"", "empty, expected a JSON object"},
    };
    for (const auto& row : table)
        DYNAMIC_SECTION(row.text) { CHECK(complaint([&] { parse_settings(row.text, "f.json"); }) == "f.json: " + std::string(row.message)); }

    // The words behind line and column are the library's.
    CHECK(complaint([] { parse_settings("{\n  \"probe\" {}\n}", "f.json"); }).starts_with("f.json: parse error at line 2, column 11: "));
    CHECK(complaint([] { parse_settings("{\"probe\": {}", "f.json"); }).starts_with("f.json: parse error at line 1, column 13: "));
    CHECK(complaint([] { parse_settings(std::string(100, '['), "f.json"); }) == "f.json: nested deeper than 32 levels");
}

TEST_CASE("a mistake in registries.json is named where it stands", "[config]")
{
    const auto with = [](const std::string& members) {
        return R"({"registries": [{"id": "a", "name": "A", "kind": "file", "url": "servers.txt"}, {)" + members + "}]}";
    };
    struct row { std::string text; const char* message; };
    const std::string good = R"("id": "b", "name": "B", "kind": "markdown", "url": "https://vendor.com/x")";
    const row table[] = {
        {"{}", "/registries: missing, expected a list"},
        {R"({"registries": {}})", "/registries: {}, expected a list"},
        {R"({"registries": [7]})", "/registries/0: 7, expected an object"},
        {with(""), "/registries/1/id: missing, expected 1 to 40 of a-z, 0-9 and -"},
        {with(R"("id": "B")"), "/registries/1/id: \"B\", expected 1 to 40 of a-z, 0-9 and -"},
        {with(R"("id": "a")"), "/registries/1/id: \"a\", expected an id that no other entry has"},
        {with(R"("id": "b")"), "/registries/1/name: missing, expected a name of 1 to 80 bytes"},
        {with(R"("id": "b", "name": "")"), "/registries/1/name: \"\", expected a name of 1 to 80 bytes"},
        {with(R"("id": "b", "name": "B", "kind": "yaml")"),
         "/registries/1/kind: \"yaml\", expected one of mcp-registry, docker-catalog, cline-catalog, markdown, server-json, file"},
        {with(R"("id": "b", "name": "B", "kind": "file")"), "/registries/1/url: missing, expected an http:// or https:// URL without a password, or a path"},
        {with(R"("id": "b", "name": "B", "kind": "file", "url": "ftp://vendor.com/x")"),
         "/registries/1/url: \"ftp://vendor.com/x\", expected an http:// or https:// URL without a password, or a path"},
        {with(good + R"(, "enabled": "yes")"), "/registries/1/enabled: \"yes\", expected true or false"},
        {with(good + R"(, "license": "MIT")"), "/registries/1/license: unknown key, did you mean \"licence\"?"},
        {with(good + R"(, "key_env": "ghp_0123456789abcdefghij")"),
         "/registries/1/key_env: \"ghp\"... of 24 characters, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {with(good + R"(, "key_env": "https://k:secret@vendor.com")"),
         "/registries/1/key_env: \"htt\"... of 27 characters, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {with(good + R"(, "key_env": "hunter2")"), "/registries/1/key_env: a text of 7 characters, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {with(good + R"(, "key_env": "1KEY")"), "/registries/1/key_env: a text of 4 characters, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {with(good + R"(, "key_env": "")"), "/registries/1/key_env: a text of 0 characters, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {with(good + R"(, "key_env": 7)"), "/registries/1/key_env: a value of type number, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {with(good + R"(, "key_env": "A_KEY_2", "note": "x")"), ""},
    };
    for (const auto& row : table)
        DYNAMIC_SECTION(row.text)
        {
            const std::string message = complaint([&] { parse_registries(row.text, "f.json"); });
            CHECK(message == (*row.message ? "f.json: " + std::string(row.message) : ""));
        }
}

TEST_CASE("a mistake in regions.json, platforms.json or opt-out.txt is named where it stands", "[config]")
{
    struct row { const char *text, *message; };
    const row regions[] = {
        {R"({"regions": []})", "/regions: [], expected at least one region"},
        {R"({"regions": [{"id": "a"}, {"id": "a"}]})", "/regions/1/id: \"a\", expected an id that no other entry has"},
        {R"({"regions": [{"city": "Oslo"}]})", "/regions/0/id: missing, expected 1 to 40 of a-z, 0-9 and -"},
        {R"({"regions": [{"id": "a", "latitude": 91, "longitude": 0}]})", "/regions/0/latitude: 91, expected a number from -90.0 to 90.0"},
        {R"({"regions": [{"id": "a", "latitude": 1}]})", "/regions/0/longitude: missing, expected both latitude and longitude, or neither"},
        {R"({"regions": [{"id": "a", "egress": "tor"}]})", "/regions/0/egress: \"tor\", expected one of direct, bind, socks5, http-connect"},
        {R"({"regions": [{"id": "a", "egress": "bind"}]})", "/regions/0/bind_address: missing, expected the address to send from, since egress is \"bind\""},
        {R"({"regions": [{"id": "a", "egress": "bind", "bind_address": "eth0"}]})", "/regions/0/bind_address: \"eth0\", expected an IPv4 or IPv6 address of this machine"},
        {R"({"regions": [{"id": "a", "bind_address": "127.0.0.2"}]})", "/regions/0/bind_address: \"127.0.0.2\", expected no such key, since egress is \"direct\""},
        {R"({"regions": [{"id": "a", "egress": "socks5"}]})",
         "/regions/0/proxy_env: missing, expected the name of the environment variable with the proxy's URL, since egress is \"socks5\""},
        {R"({"regions": [{"id": "a", "names": "proxy"}]})", "/regions/0/names: \"proxy\", expected no such key, since egress is \"direct\""},
        {R"({"regions": [{"id": "a", "egress": "socks5", "proxy_env": "P", "names": "there"}]})", "/regions/0/names: \"there\", expected \"here\" or \"proxy\""},
        {R"({"regions": [{"id": "a", "egress": "socks5", "proxy_env": "socks5://me:secret@proxy:1080"}]})",
         "/regions/0/proxy_env: \"soc\"... of 29 characters, expected the NAME of an environment variable, like ROLLCALL_KEY"},
        {R"({"regions": [{"id": "a", "egress": "direct", "proxy_env": "PROXY"}]})", "/regions/0/proxy_env: \"PROXY\", expected no such key, since egress is \"direct\""},
    };
    for (const auto& row : regions)
        DYNAMIC_SECTION(row.text) { CHECK(complaint([&] { parse_regions(row.text, "f.json"); }) == "f.json: " + std::string(row.message)); }

    const row platforms[] = {
        {"{}", "/platforms: missing, expected a list"},
        {R"({"platforms": ["com"]})", "/platforms/0: \"com\", expected a domain name in small letters, like onrender.com"},
        {R"({"platforms": ["A.com"]})", "/platforms/0: \"A.com\", expected a domain name in small letters, like onrender.com"},
        {R"({"platforms": ["*.a.com"]})", "/platforms/0: \"*.a.com\", expected a domain name in small letters, like onrender.com"},
        {R"({"platforms": [7]})", "/platforms/0: 7, expected a domain name in small letters, like onrender.com"},
        {R"({"platforms": ["a.com", "a.com"]})", "/platforms/1: \"a.com\", expected each name once"},
        {R"({"platforms": [], "fallback_pages": ["x"]})", "/fallback_pages/0: \"x\", expected a text of at least 8 bytes that only such a page has"},
    };
    for (const auto& row : platforms)
        DYNAMIC_SECTION(row.text) { CHECK(complaint([&] { parse_platforms(row.text, "f.json"); }) == "f.json: " + std::string(row.message)); }

    const row opt_out[] = {
        {"vendor.com other.com", "line 1: \"vendor.com other.com\", expected one site, host or URL, like vendor.com or https://vendor.com/mcp"},
        {"# x\n\n*.vendor.com", "line 3: \"*.vendor.com\", expected one site, host or URL, like vendor.com or https://vendor.com/mcp"},
        {"vendor.com:8443", "line 1: \"vendor.com:8443\", expected one site, host or URL, like vendor.com or https://vendor.com/mcp"},
        {"https://vendor.com/a\rhttps://vendor.com/b", "line 1: \"https://vendor.com/a\\rhttps://vendor.com/b\", expected one site, host or URL, like vendor.com or https://vendor.com/mcp"},
        {"vendor.com/mcp", "line 1: \"vendor.com/mcp\", expected one site, host or URL, like vendor.com or https://vendor.com/mcp"},
    };
    for (const auto& row : opt_out)
        DYNAMIC_SECTION(row.text) { CHECK(complaint([&] { parse_opt_out(row.text, "f.txt"); }) == "f.txt: " + std::string(row.message)); }
}

TEST_CASE("regions and opt-outs are read as written", "[config]")
{
    const auto regions = parse_regions(R"({"regions": [
        {"id": "sin", "city": "Singapore", "country": "Singapore", "latitude": 1.29, "longitude": 103.85, "egress": "http-connect", "proxy_env": "PROXY_SIN"},
        {"id": "two", "egress": "bind", "bind_address": "::1"}]})", "f.json");
    REQUIRE(regions.size() == 2);
    CHECK(regions[0].city == "Singapore");
    CHECK(regions[0].country == "Singapore");
    CHECK(regions[0].latitude == 1.29);
    CHECK(regions[0].longitude == 103.85);
    CHECK(regions[0].egress == "http-connect");
    CHECK(regions[0].proxy_env == "PROXY_SIN");
    CHECK(regions[1].bind_address == "::1");
    CHECK_FALSE(regions[1].latitude);

    CHECK(parse_opt_out("\xef\xbb\xbf# ours\r\n\r\n  vendor.com  # mail of May\r\nMcp.Vendor.com\nhttps://vendor.com/mcp?a#b\n[::1]\n10.0.0.1", "f.txt") ==
          std::vector<std::string>{"vendor.com", "Mcp.Vendor.com", "https://vendor.com/mcp?a#b", "[::1]", "10.0.0.1"});
}

TEST_CASE("a contact that nobody reads is a placeholder", "[config]")
{
    for (const char* contact : {"", "mailto:operator@example.com", "mailto:you@mail.EXAMPLE.org", "mailto:a@b.invalid", "mailto:a@localhost",
                                "mailto:a@b.test", "mailto:@vendor.com", "mailto:", "https://example.net/contact", "https://localhost:8000/",
                                "https://github.com/OWNER/rollcall/issues", "https://your-site.com/", "https://", "ops@vendor.com", "mailto:a@yourdomain.com"})
        DYNAMIC_SECTION("\"" << contact << "\"") { CHECK(is_placeholder_contact(contact)); }
    for (const char* contact : {"mailto:ops@vendor.com", "mailto:ops@myexample.com", "https://vendor.com/contact", "https://vendor.com:8443", "mailto:ops@vendor.com?subject=rollcall"})
        DYNAMIC_SECTION("\"" << contact << "\"") { CHECK_FALSE(is_placeholder_contact(contact)); }
}

TEST_CASE("published figures must add up", "[config]")
{
    const auto with = [](const std::string& count, const std::string& code) {
        return R"({"quarters": [{"quarter": "2026-Q3", "publisher": "P", "source": "https://p.com", "endpoints": 5,
                   "buckets": [{"code": "healthy", "label": "h", "count": 2, "share": 40}, {"code": ")" + code + R"(", "label": "d", "count": )" + count + R"(, "share": 60}]}]})";
    };
    CHECK(complaint([&] { parse_history(with("3", "mcp_dead"), "f.json"); }).empty());
    CHECK(complaint([&] { parse_history(with("4", "mcp_dead"), "f.json"); }) == "f.json: /quarters/0/endpoints: 5, expected the sum of the buckets, 6");
    CHECK(complaint([&] { parse_history(with("3", "dead"), "f.json"); }) == "f.json: /quarters/0/buckets/1/code: \"dead\", expected a bucket's code, or healthy");
    CHECK(complaint([&] { parse_history(R"({"quarters": [{"quarter": "2026-Q5"}]})", "f.json"); }) == "f.json: /quarters/0/quarter: \"2026-Q5\", expected a quarter, like 2026-Q3");
}

// A folder of its own, gone at the end.
struct folder {
    folder() : path(std::filesystem::temp_directory_path() / ("rollcall-config-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))))
    {
        std::filesystem::create_directories(path);
    }
    ~folder() { std::filesystem::remove_all(path); }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    void write(const char* name, std::string_view text) const { std::ofstream(path / name, std::ios::binary) << text; }
    std::filesystem::path path;
};

TEST_CASE("rollcall.json must be there, the files beside it may be", "[config]")
{
    const folder f;
    const auto file = f.path / "rollcall.json";
    CHECK(complaint([&] { load_configuration(file); }) == file.string() + ": cannot be read");
    CHECK(complaint([&] { load_configuration(f.path); }) == f.path.string() + ": a directory, expected a file");

    f.write("rollcall.json", "{}");
    auto c = load_configuration(file);
    CHECK(c.folder == f.path);
    CHECK(c.registries.empty());
    REQUIRE(c.regions.size() == 1);
    CHECK(c.regions[0].id == "local");
    CHECK(c.regions[0].egress == "direct");
    CHECK(c.regions[0].city.empty());

    f.write("registries.json", R"({"registries": [{"id": "own", "name": "Ours", "kind": "file", "url": "servers.txt"}]})");
    f.write("regions.json", R"({"regions": [{"id": "here"}]})");
    f.write("platforms.json", R"({"platforms": ["up.railway.app"]})");
    f.write("opt-out.txt", "vendor.com\n");
    c = load_configuration(file);
    REQUIRE(c.registries.size() == 1);
    CHECK(c.registries[0].url == "servers.txt");
    CHECK(c.registries[0].enabled);
    CHECK(c.regions.at(0).id == "here");
    CHECK(c.platforms == std::vector<std::string>{"up.railway.app"});
    CHECK(c.opt_out == std::vector<std::string>{"vendor.com"});

    f.write("regions.json", "{");
    CHECK(complaint([&] { load_configuration(file); }).starts_with((f.path / "regions.json").string() + ": parse error at line 1, column 2"));
}

}  // namespace
