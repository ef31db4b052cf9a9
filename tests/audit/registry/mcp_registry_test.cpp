#include "audit/registry/adapter.hpp"
#include "audit/url/url.hpp"
#include "tests/catch.hpp"

#include <random>

namespace {

using namespace rollcall::audit;

page_result parse(std::string_view text) { return find_adapter("mcp-registry")->parse(text); }

// A page in one line a row: "name@version status [auth transport url, ...]", "!where: why", "next", "note".
std::string told(const page_result& result)
{
    if (const auto* error = std::get_if<format_error>(&result)) return "error " + error->message;
    const auto& page = std::get<registry_page>(result);
    std::string out;
    for (const auto& l : page.listings) {
        out += l.name + '@' + l.version + ' ' + l.status + (l.latest ? "" : " old");
        for (const auto& r : l.remotes) out += std::string(" [") + (r.declared_auth ? "auth " : "") + r.transport + ' ' + r.url + ']';
        out += '\n';
    }
    for (const auto& r : page.rejected) out += "!" + r.where + ": " + r.why + '\n';
    for (const auto& n : page.notes) out += "note " + n + '\n';
    if (page.next) out += "next " + *page.next + '\n';
    return out;
}

constexpr auto current = R"({
    "servers": [
        {"server": {"$schema": "https://static.vendor.com/server.schema.json", "name": "com.vendor/Mail", "title": "Mail",
                    "description": "Sends \u00e4 mail", "version": "1.2.0", "websiteUrl": "https://vendor.com/mail",
                    "repository": {"url": "https://github.com/vendor/mail", "source": "github", "readme": "# long"},
                    "remotes": [
                        {"type": "streamable-http", "url": "https://mcp.vendor.com/mail/",
                         "headers": [{"name": "Authorization", "value": "Bearer {token}", "isRequired": true, "isSecret": true}]},
                        {"type": "sse", "url": "https://mcp.vendor.com/sse"}],
                    "packages": [{"transport": {"type": "streamable-http", "url": "http://localhost:1/"}}]},
         "_meta": {"io.modelcontextprotocol.registry/official": {"status": "deprecated", "publishedAt": "2026-08-01T10:00:00Z",
                                                                 "updatedAt": "2026-08-02T10:00:00Z", "isLatest": true}}},
        {"server": {"name": "com.vendor/local", "version": "0.1.56-beta-g9538a23d37", "packages": []}, "_meta": {}}
    ],
    "metadata": {"nextCursor": "com.vendor/local:0.1.56", "count": 2}
})";

TEST_CASE("mcp-registry: a page of today's shape is read whole", "[registry]")
{
    const auto result = parse(current);
    CHECK(told(result) == "com.vendor/Mail@1.2.0 deprecated [auth streamable-http https://mcp.vendor.com/mail/] "
                          "[sse https://mcp.vendor.com/sse]\n"
                          "com.vendor/local@0.1.56-beta-g9538a23d37 active\n"
                          "next com.vendor/local:0.1.56\n");
    const auto& mail = std::get<registry_page>(result).listings.at(0);
    CHECK(mail.title == "Mail");
    CHECK(mail.description == "Sends \u00e4 mail");
    CHECK(mail.repository == "https://github.com/vendor/mail");
    CHECK(mail.website == "https://vendor.com/mail");
    CHECK(mail.published_at == "2026-08-01T10:00:00Z");
    CHECK(mail.updated_at == "2026-08-02T10:00:00Z");
}

TEST_CASE("mcp-registry: every odd shape that registries have served", "[registry]")
{
    struct row { const char *name, *text, *told; };
    const row table[] = {
        // older shapes
        {"a bare list with a BOM", "\xef\xbb\xbf" R"([{"server": {"name": "a"}}, {"name": "b", "version": "2"}])", "a@ active\nb@2 active\n"},
        {"bare rows with the status inside",
         R"({"servers": [{"id": "7", "name": "a", "status": "deleted", "version": "1", "repository": {"url": "", "readme": "x"},
             "remotes": [{"transport_type": "sse", "URL": "https://a.vendor.com/sse"}],
             "_meta": {"io.modelcontextprotocol.registry/official": {"is_latest": false}}}], "metadata": {"count": 1, "total_pages": 1}})",
         "a@1 deleted old [sse https://a.vendor.com/sse]\n"},
        {"version_detail",
         R"([{"name": "a", "version_detail": {"version": "0.0.1-seed", "is_latest": true}, "repository": "https://github.com/a/a",
             "remotes": [{"transport_type": "sse", "url": "http://localhost:5008/sse"}]}])",
         "a@0.0.1-seed active [sse http://localhost:5008/sse]\n"},

        // remotes
        {"remotes null, empty, missing", R"([{"name": "a", "remotes": null}, {"name": "b", "remotes": []}, {"name": "c"}])",
         "a@ active\nb@ active\nc@ active\n"},
        {"remotes is a text", R"([{"name": "a", "remotes": "https://x"}])", "!/0/remotes: \"https://x\", expected a list\n"},
        {"remote without url, empty, a number, an object, no object",
         R"({"servers": [{"server": {"name": "a", "remotes": [{"type": "sse"}, {"url": ""}, {"url": 7}, {"url": {"x": 1}}, "https://x"]}}]})",
         "a@ active [sse ] [ ] [ ] [ ] [ ]\n"
         "note /servers/0/server/remotes/0/url: missing, expected text\n"
         "note /servers/0/server/remotes/2/url: 7, expected text\n"
         "note /servers/0/server/remotes/3/url: an object (x), expected text\n"
         "note /servers/0/server/remotes/4: \"https://x\", expected an object\n"},
        {"headers null, a map, optional, required, secret variable",
         R"([{"name": "a", "remotes": [{"url": "1", "headers": null}, {"url": "2", "headers": {"a": "b"}},
             {"url": "3", "headers": [{"name": "X-Trace"}, 7]}, {"url": "4", "headers": [{"name": "X", "is_required": true}]},
             {"url": "5", "headers": [{"value": "{k}", "variables": {"k": {"is_secret": true}}}]}]}])",
         "a@ active [ 1] [ 2] [ 3] [auth  4] [auth  5]\n"},
        {"a directory's own flag",
         R"([{"server": {"name": "a", "remotes": [{"url": "1"}]}, "_meta": {"com.anthropic.api/mcp-registry": {"isAuthless": false}}},
             {"server": {"name": "b", "remotes": [{"url": "2"}]}, "_meta": {"com.anthropic.api/mcp-registry": {"isAuthless": true}}}])",
         "a@ active [auth  1]\nb@ active [ 2]\n"},
        {"a password in a URL is not kept", R"([{"name": "a", "remotes": [{"url": "https://user:secret@mcp.vendor.com/a@b"}]}])",
         "a@ active [ https://hidden@mcp.vendor.com/a@b]\n"},
        {"one URL under two names",
         R"([{"name": "a", "remotes": [{"url": "https://x"}]}, {"name": "b", "remotes": [{"url": "https://x"}]}])",
         "a@ active [ https://x]\nb@ active [ https://x]\n"},
        {"a package's transport is no remote", R"([{"name": "a", "packages": [{"transport": {"type": "sse", "url": "https://x"}}]}])", "a@ active\n"},

        // rows
        {"no server and no name", R"({"servers": [{"_meta": {}}, {"server": {"name": "b"}}, {"server": 7}, 8, null, {"server": {}}]})",
         "b@ active\n!/servers/0: an object (_meta), expected a server or its name\n!/servers/2/server: 7, expected an object\n"
         "!/servers/3: 8, expected an object\n!/servers/4: null, expected an object\n!/servers/5/server/name: missing\n"},
        {"a name that is none", R"([{"name": ""}, {"name": 7}, {"server": {"name": null}}, {"server": {"name": ["x"]}}])",
         "!/0/name: \"\", expected text\n!/1/name: 7, expected text\n!/2/server/name: missing\n!/3/server/name: a list of 1, expected text\n"},
        {"names differ by case and are kept as sent", R"([{"name": "Io.A/b"}, {"name": "io.a/b"}])", "Io.A/b@ active\nio.a/b@ active\n"},
        {"one name and version twice on a page", R"([{"name": "a", "version": "1"}, {"name": "a", "version": "1"}])",
         "a@1 active\n!/1: the same name and version as /0\n"},
        {"an unknown status", R"([{"name": "a", "status": "paused"}, {"name": "b", "status": 3}])",
         "a@ paused\nb@ active\nnote /0: status \"paused\" is not one that we know\n"},
        {"nothing else but null and wrong types",
         R"([{"server": {"name": "a", "version": 2, "title": [], "repository": [], "websiteUrl": {}, "version_detail": 3}, "_meta": [1]}])",
         "a@ active\n"},

        // versions
        {"latest is not said: the newest is",
         R"([{"server": {"name": "a", "version": "1"}, "_meta": {"io.modelcontextprotocol.registry/official": {"publishedAt": "2026-02"}}},
             {"server": {"name": "a", "version": "2"}, "_meta": {"io.modelcontextprotocol.registry/official": {"publishedAt": "2026-01"}}}])",
         "a@1 active\na@2 active old\nnote \"a\": two versions are the latest, \"2\" is taken as superseded\n"},
        {"two are the latest, without a date", R"([{"name": "a", "version": "1"}, {"name": "a", "version": "2"}])",
         "a@1 active old\na@2 active\nnote \"a\": two versions are the latest, \"1\" is taken as superseded\n"},
        {"none is the latest",
         R"([{"name": "a", "version": "1", "version_detail": {"is_latest": false}}, {"name": "a", "version": "2", "version_detail": {"is_latest": false}}])",
         "a@1 active old\na@2 active old\n"},
        {"remotes only on an old version",
         R"([{"server": {"name": "a", "version": "1", "remotes": [{"url": "https://x"}]}, "_meta": {"io.modelcontextprotocol.registry/official": {"isLatest": false}}},
             {"server": {"name": "a", "version": "2"}, "_meta": {"io.modelcontextprotocol.registry/official": {"isLatest": true}}}])",
         "a@1 active old [ https://x]\na@2 active\n"},

        // the end, and what is none
        {"an empty page", R"({"servers": [], "metadata": {"count": 0}})", ""},
        {"null for an empty page", R"({"servers": null, "metadata": {"count": 0}})", ""},
        {"cursor null", R"({"servers": [], "metadata": {"nextCursor": null}})", ""},
        {"cursor empty", R"({"servers": [], "metadata": {"nextCursor": ""}})", ""},
        {"cursor of the older spelling", R"({"servers": [{"name": "a"}], "metadata": {"next_cursor": "x"}})", "a@ active\nnext x\n"},
        {"an empty page with a cursor", R"({"servers": [], "metadata": {"nextCursor": "c:1"}})", "next c:1\n"},
        {"another count than rows", R"({"servers": [{"name": "a"}], "metadata": {"count": 30}})",
         "a@ active\nnote /metadata/count: 30, but the page has 1 rows\n"},
        {"cursor a number", R"({"servers": [], "metadata": {"nextCursor": 7}})", "error /metadata/nextCursor: 7, expected text or null"},
        {"metadata a list", R"({"servers": [], "metadata": [1]})", "error /metadata: a list of 1, expected an object"},
        {"an error document", R"({"error": "rate limited", "status": 429})", "error /: an object (error, status), expected {\"servers\": [...]}"},
        {"servers null without metadata", R"({"servers": null})", "error /servers: null, expected a list"},
        {"servers an object", R"({"servers": {"a": 1}})", "error /servers: an object (a), expected a list"},
        {"a number", "7", "error /: 7, expected {\"servers\": [...]}"},
        {"null", "null", "error /: null, expected {\"servers\": [...]}"},
        {"nothing", " \n", "error /: nothing, expected JSON"},
        {"HTML", "\n<!doctype html><title>502</title>", "error /: HTML or XML (\"<!doctype html><title>502</title>\"), expected JSON"},
        {"gzip", "\x1f\x8b\x08", "error /: compressed bytes (gzip), expected JSON"},
        {"truncated", R"({"servers": [{"name": "a"}, {"name": "b", "description": "cut)",
         "error /servers/1/description: parse error at line 1, column 62: syntax error while parsing value - invalid string: missing closing quote"},
        {"two documents", "[]\n[]", "error /: parse error at line 2, column 1: syntax error while parsing value - unexpected '['; expected end of input"},
        {"not UTF-8", "[{\"name\": \"\xff\"}]",
         "error /0/name: parse error at line 1, column 12: syntax error while parsing value - invalid string: ill-formed UTF-8 byte"},
        {"a number too large", R"([{"name": "a", "x": 1e999}])", "error /0/x: number overflow parsing '1e999'"},
        {"hostile keys in the place", "[{\"a/b~\\u0007\": {\"\\n\": \"", "error /0/a~1b~0?/?: parse error at line 1, column 25: syntax error while "
                                      "parsing value - invalid string: missing closing quote"},
    };
    for (const auto& row : table)
        DYNAMIC_SECTION(row.name) { CHECK(told(parse(row.text)) == row.told); }
}

TEST_CASE("mcp-registry: a page cut off anywhere is an error, never a shorter list", "[registry]")
{
    const std::string whole = current;
    for (std::size_t size = 0; size < whole.size(); ++size)
        REQUIRE(std::holds_alternative<format_error>(parse(std::string_view(whole).substr(0, size))));
}

TEST_CASE("mcp-registry: no damage to a page does any to us", "[registry]")
{
    std::mt19937 random(7);
    const std::string whole = current;
    for (int i = 0; i < 5000; ++i) {
        std::string text = whole;
        for (int n = 0; n < 3; ++n) {
            char& c = text[random() % text.size()];
            c = random() % 2 ? static_cast<char>(random()) : "{}[],:\"0"[random() % 8];
        }
        const auto result = parse(text);
        if (const auto* page = std::get_if<registry_page>(&result)) REQUIRE(page->listings.size() + page->rejected.size() <= 4);
    }
}

TEST_CASE("mcp-registry: size is bounded, and no shape is slow", "[registry]")
{
    SECTION("a row of 131 kB, nearly all of it README")
    {
        const auto result = parse(R"([{"name": "a", "repository": {"readme": ")" + std::string(131000, 'r') + R"(", "url": "https://r"}}])");
        CHECK(std::get<registry_page>(result).listings.at(0).repository == "https://r");
    }
    SECTION("30 remotes in one row")
    {
        std::string text = R"([{"name": "a", "remotes": [)";
        for (int i = 0; i < 30; ++i) text += std::string(i ? "," : "") + R"({"type": "sse", "url": "https://x/)" + std::to_string(i) + "\"}";
        CHECK(std::get<registry_page>(parse(text + "]}]")).listings.at(0).remotes.size() == 30);
    }
    SECTION("101,000 rows")
    {
        std::string text = "[";
        for (int i = 0; i < 101000; ++i)
            text += std::string(i ? "," : "") + R"({"server":{"name":"n)" + std::to_string(i) + R"(","version":"1","remotes":[{"url":"https://x/"}]}})";
        CHECK(std::get<registry_page>(parse(text + "]")).listings.size() == 101000);
    }
    SECTION("texts are cut between characters")
    {
        std::string umlauts;
        for (int i = 0; i < 3000; ++i) umlauts += "\u00fc";
        const auto result = parse(R"([{"name": "x)" + umlauts + R"(", "description": "x)" + umlauts + R"(", "remotes": [{"url": "https://x/)" + umlauts + R"("}]}])");
        const auto& l = std::get<registry_page>(result).listings.at(0);
        CHECK(l.name.size() == 299);
        CHECK(l.description.size() == 1999);
        CHECK(l.remotes.at(0).url.size() > longest_url);
        CHECK(l.remotes.at(0).url.size() < longest_url + 20);
        CHECK(canonicalise(l.remotes.at(0).url).why == exclusion::url_malformed);
    }
    SECTION("64 levels are read, 65 are not")
    {
        const auto nested = [](std::size_t n) { return R"([{"name": "a", "x": )" + std::string(n, '[') + std::string(n, ']') + "}]"; };
        CHECK(told(parse(nested(62))) == "a@ active\n");
        CHECK(told(parse(nested(63))).ends_with(": nested deeper than 64 levels"));
        CHECK(std::holds_alternative<format_error>(parse(std::string(1 << 20, '['))));
    }
    SECTION("a page of nothing but small values")
    {
        std::string text = "[1";
        for (int i = 0; i < 100000; ++i) text += ",1";
        CHECK(told(parse(text + "]")) == "error /0: 1, expected an object (and most rows are like that)");
        for (const char* piece : {"[],", "{},", "{\"a\":", "\"\",", "{\"server\":{\"name\":\"a\"}},"}) {
            std::string many = "[";
            while (many.size() < 1u << 20) many += piece;
            CHECK(std::holds_alternative<format_error>(parse(many)));
        }
    }
    SECTION("more odd rows than anybody reads notes about")
    {
        std::string text = R"([{"name": "a", "remotes": [)";
        for (int i = 0; i < 500; ++i) text += "1,";
        const auto result = parse(text + "1]}]");
        const auto& notes = std::get<registry_page>(result).notes;
        CHECK(notes.size() == 21);
        CHECK(notes.back() == "and 481 more of this kind");
    }
    SECTION("a cursor of 5,000 bytes")
    {
        CHECK(told(parse(R"({"servers": [], "metadata": {"nextCursor": ")" + std::string(5000, 'c') + "\"}}")) ==
              "error /metadata/nextCursor: 5000 bytes, expected at most 4096");
    }
}

TEST_CASE("mcp-registry: the address of a page", "[registry]")
{
    const auto page_url = find_adapter("mcp-registry")->page_url;
    struct row { const char *base, *cursor, *url; };
    const row table[] = {
        {"https://r.vendor.com/v0.1/servers", "", "https://r.vendor.com/v0.1/servers?limit=100&version=latest"},
        {"https://r.vendor.com/v0.1/servers", "com.vendor/x:1.0.0",
         "https://r.vendor.com/v0.1/servers?limit=100&version=latest&cursor=com.vendor%2Fx%3A1.0.0"},
        {"https://r.vendor.com/v0/servers?version=latest&visibility=commercial&limit=50", "a&b=\xff ",
         "https://r.vendor.com/v0/servers?version=latest&visibility=commercial&limit=50&cursor=a%26b%3D%FF%20"},
        {"https://r.vendor.com/servers?xlimit=1", "", "https://r.vendor.com/servers?xlimit=1&limit=100&version=latest"},
        {"saved/page.json", "c", "saved/page.json"},
    };
    for (const auto& row : table)
        DYNAMIC_SECTION(row.url) { CHECK(page_url(row.base, row.cursor) == row.url); }
}

TEST_CASE("adapters are found by the kind in registries.json", "[registry]")
{
    for (const auto& a : all_adapters()) {
        CHECK(find_adapter(a.kind) == &a);
        CHECK_FALSE(a.page_url("https://r.vendor.com/x", "").empty());
        CHECK(std::holds_alternative<format_error>(a.parse("<html>")));
    }
    CHECK(find_adapter("docker") == nullptr);
    CHECK(find_adapter("") == nullptr);
}

}  // namespace
