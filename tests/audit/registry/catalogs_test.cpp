#include "tests/audit/registry/told.hpp"
#include "tests/catch.hpp"

using namespace rollcall::audit;
using rollcall::tests::told;

namespace {

struct row { const char *name, *text, *told; };

std::string read(const char* kind, std::string_view text) { return told(find_adapter(kind)->parse(text)); }

std::string docker(const std::string& entries) { return R"({"version": 3, "registry": {)" + entries + "}}"; }
std::string cline(const std::string& entries) { return R"({"version": 1, "entries": [)" + entries + "]}"; }
std::string installed(const std::string& args) { return cline(R"({"id": "a", "type": "mcp", "install": {"args": )" + args + "}}"); }

}  // namespace

TEST_CASE("docker-catalog: entries with a remote are endpoints, containers are listings without one", "[registry]")
{
    CHECK(read("docker-catalog", docker(R"(
        "asana": {"title": "Asana", "description": "Tasks", "type": "remote", "upstream": "https://github.com/vendor/asana",
                  "remote": {"transport_type": "sse", "url": "https://mcp.asana.example/sse"}, "oauth": [{"provider": "asana"}]},
        "telnyx": {"title": "Telnyx", "type": "remote", "secrets": [{"name": "telnyx.key", "env": "KEY"}],
                   "remote": {"transport_type": "streamable-http", "url": "https://api.telnyx.example/mcp", "headers": {"Authorization": "Bearer ${KEY}"}}},
        "open": {"type": "remote", "remote": {"url": "https://open.example/mcp"}},
        "time": {"title": "Time", "type": "server", "image": "mcp/time", "remote": {}, "tools": [{"name": "now"}]},
        "poci": {"type": "poci"},
        "tools": {"title": "A server of that name"})")) ==
          "asana | Asana | https://github.com/vendor/asana [auth sse https://mcp.asana.example/sse]\n"
          "telnyx | Telnyx [auth streamable-http https://api.telnyx.example/mcp]\n"
          "open [https://open.example/mcp]\n"
          "time | Time\n"
          "poci\n"
          "tools | A server of that name\n");
}

TEST_CASE("docker-catalog: odd shapes", "[registry]")
{
    const row table[] = {
        {"an empty registry", R"({"registry": {}})", ""},
        {"registry is an array", R"({"registry": [{"title": "a"}]})", "error /registry: a list of 1, expected an object of servers by name"},
        {"no registry", R"({"servers": {}})", "error /: an object (servers), expected {\"registry\": {...}}"},
        {"registry null", R"({"registry": null})", "error /registry: null, expected an object of servers by name"},
        {"a list", "[]", "error /: a list of 0, expected {\"registry\": {...}}"},
        {"HTML instead", "<!DOCTYPE html><p>maintenance", "error /: HTML or XML (\"<!DOCTYPE html><p>maintenance\"), expected JSON"},
        {"an entry that is none", R"({"registry": {"a": 7, "b/c": {"remote": "https://b"}, "": {}, "d": {}}})",
         "d\n!/registry/a: 7, expected an object (shape)\n!/registry/b~1c/remote: \"https://b\", expected an object (shape)\n"
         "!/registry/: an entry without a name (name)\n"},
        {"one name twice", R"({"registry": {"a": {}, "a": {"title": "again"}}})", "a\n!/registry/a: the same name as an earlier entry (same_name)\n"},
        {"no type, remote null, missing", R"({"registry": {"a": {"remote": null}, "b": {}}})", "a\nb\n"},
        {"remote by its type, and none there", R"({"registry": {"a": {"type": "remote", "remote": {}}}})",
         "a\nnote /registry/a/remote: missing, although the type is \"remote\"\n"},
        {"a remote without a URL, and with another value", R"({"registry": {"a": {"remote": {"transport_type": "sse"}}, "b": {"remote": {"url": 5}}}})",
         "a [sse ]\nb []\nnote /registry/a/remote/url: missing, expected text\nnote /registry/b/remote/url: 5, expected text\n"},
        {"cut off", R"({"registry": {"a": {"title": "A"}, "b": {"ti)",
         "error /registry/b: parse error at line 1, column 45: syntax error while parsing object key - invalid string: missing closing quote"},
        {"registry twice", R"({"registry": {"a": {}}, "registry": {"b": {}}})", "error /registry: stands there twice"},
    };
    for (const auto& t : table)
        DYNAMIC_SECTION(t.name) { CHECK(read("docker-catalog", t.text) == t.told); }
}

TEST_CASE("docker-catalog: a file of 600 kB, nearly all of it tools", "[registry]")
{
    std::string entries;
    for (int i = 0; i < 300; ++i)
        entries += (i ? ",\"s" : "\"s") + std::to_string(i) + R"(": {"remote": {"url": "https://s.example/)" + std::to_string(i) + R"("}, "tools": [{"name": ")" + std::string(2000, 't') + "\"}]}";
    const auto result = find_adapter("docker-catalog")->parse(docker(entries));
    REQUIRE(std::holds_alternative<registry_page>(result));
    CHECK(std::get<registry_page>(result).listings.size() == 300);
}

TEST_CASE("cline-catalog: the URL is an argument of the installation, where a transport is named", "[registry]")
{
    struct test { const char *name, *args, *told; };
    const test table[] = {
        {"as documented", R"(["asana", "--transport", "http", "https://mcp.asana.example/v2/mcp"])", "a [streamable-http https://mcp.asana.example/v2/mcp]\n"},
        {"sse", R"(["a", "--transport", "sse", "https://a.example/sse"])", "a [sse https://a.example/sse]\n"},
        {"the URL before the transport", R"(["a", "https://a.example/mcp", "--transport", "http"])", "a [streamable-http https://a.example/mcp]\n"},
        {"the transport last, without a word", R"(["a", "https://a.example/mcp", "--transport"])", "a [https://a.example/mcp]\n"},
        {"in one word", R"(["a", "--transport=http", "https://a.example/mcp"])", "a [streamable-http https://a.example/mcp]\n"},
        {"a local command", R"(["x", "--", "npx", "-y", "server"])", "a\n"},
        {"a URL that belongs to a local proxy", R"(["x", "--", "uvx", "proxy", "--transport", "http", "https://a.example/mcp"])", "a\n"},
        {"a URL without a transport", R"(["x", "https://a.example/mcp"])", "a\n"},
        {"a URL to fill in", R"(["x", "--transport", "http", "https://{shop}.example/api/mcp"])", "a [streamable-http https://{shop}.example/api/mcp]\n"},
        {"a header is a secret", R"(["x", "--transport", "http", "https://a.example/mcp", "--header", "Authorization: Bearer s3cret"])",
         "a [auth streamable-http https://a.example/mcp]\n"},
        {"a header that looks like a URL", R"(["x", "--header", "https://s3cret.example/", "--transport", "http", "https://a.example/mcp"])",
         "a [auth streamable-http https://a.example/mcp]\n"},
        {"a number among them", R"(["x", 7, "--transport", "http", "https://a.example/mcp"])",
         "a [streamable-http https://a.example/mcp]\nnote /entries/0/install/args/1: 7, expected text\n"},
        {"a number in place of the transport", R"(["x", "--transport", 1, "https://a.example/mcp"])",
         "a [https://a.example/mcp]\nnote /entries/0/install/args/2: 1, expected text\n"},
        {"a transport and no URL", R"(["x", "--transport", "http"])", "a\nnote /entries/0/install/args: --transport, but no URL\n"},
        {"two URLs", R"(["x", "--transport", "http", "https://a.example/1", "https://a.example/2"])",
         "a [streamable-http https://a.example/1] [streamable-http https://a.example/2]\n"},
        {"no list", R"("https://a.example")", "!/entries/0/install/args: \"https://a.example\", expected a list (shape)\nnote none of the entries is an MCP server\n"},
        {"null", "null", "a\n"},
    };
    for (const auto& t : table)
        DYNAMIC_SECTION(t.name) { CHECK(read("cline-catalog", installed(t.args)) == t.told); }
}

TEST_CASE("cline-catalog: entries and versions", "[registry]")
{
    const std::string mcp = R"({"id": "a", "type": "mcp", "name": "A", "description": "d", "repo": "https://github.com/a/a", "homepage": "https://a.example"})";
    CHECK(read("cline-catalog", cline(mcp + R"(, {"id": "p", "type": "plugin"}, {"id": "s", "type": "skill"}, {"id": "n"}, 5, {"type": "mcp"},
                                            {"type": "mcp", "id": 7}, {"id": "b", "type": "mcp", "install": "npx"}, )" + mcp)) ==
          "a | A | https://a.example | https://github.com/a/a\n"
          "!/entries/1: a plugin, not an MCP server (not_mcp)\n!/entries/2: a skill, not an MCP server (not_mcp)\n!/entries/3: no type (not_mcp)\n"
          "!/entries/4: 5, expected an object (shape)\n!/entries/5/id: missing (name)\n!/entries/6/id: 7, expected text (name)\n"
          "!/entries/7/install: \"npx\", expected an object (shape)\n!/entries/8: the same id as /entries/0 (same_name)\n");
    CHECK(read("cline-catalog", cline(R"({"id": "p", "type": "plugin"})")) ==
          "!/entries/0: a plugin, not an MCP server (not_mcp)\nnote none of the entries is an MCP server\n");
    const row table[] = {
        {"version 2", R"({"version": 2, "entries": []})", "error /version: 2, expected 1"},
        {"no version", R"({"entries": []})", "error /version: missing, expected 1"},
        {"a version as text", R"({"version": "1", "entries": []})", "error /version: \"1\", expected 1"},
        {"no entries", R"({"version": 1})", "error /entries: missing, expected a list"},
        {"entries by name", R"({"version": 1, "entries": {"a": {}}})", "error /entries: an object (a), expected a list"},
        {"a list", R"([{"id": "a"}])", "error /: a list of 1, expected {\"version\": 1, \"entries\": [...]}"},
        {"an error", R"({"message": "Not Found"})", "error /version: missing, expected 1"},
    };
    for (const auto& t : table)
        DYNAMIC_SECTION(t.name) { CHECK(read("cline-catalog", t.text) == t.told); }
}

TEST_CASE("server-json: one document or many, however they are wrapped", "[registry]")
{
    const std::string one = R"({"name": "dev.vendor/a", "version": "1", "title": "A", "remotes": [{"type": "streamable-http", "url": "https://a.example/mcp"}]})";
    const std::string a = "dev.vendor/a@1 | A [streamable-http https://a.example/mcp]\n";
    CHECK(read("server-json", one) == a);
    CHECK(read("server-json", R"({"server": )" + one + "}") == a);
    CHECK(read("server-json", "[" + one + R"(, {"server": {"name": "b"}}])") == a + "b\n");
    CHECK(read("server-json", R"({"servers": [)" + one + "]}") == a);
    CHECK(read("server-json", R"({"$schema": "x", "data": {"servers": [)" + one + R"(], "groups": []}})") == a);
    const row table[] = {
        {"servers by name", R"({"data": {"servers": {"a": {}}}})", "error /data/servers: an object (a), expected a list"},
        {"no list", R"({"servers": 7})", "error /servers: 7, expected a list"},
        {"something else", R"({"error": "x"})", "error /: an object (error), expected a server, a list of them or {\"servers\": [...]}"},
        {"a text", R"("x")", "error /: \"x\", expected a server, a list of them or {\"servers\": [...]}"},
        {"rows without a name", R"([{"title": "x"}, {"name": ""}])",
         "!/0: an object (title), expected a server or its name (shape)\n!/1/name: \"\", expected text (name)\n"},
        {"a relative of the format, whose URLs stand elsewhere", R"({"servers": [{"name": "a", "url": "https://a.example/mcp"}]})",
         "a\nnote /servers/0: a URL outside of \"remotes\" is not read\n"},
        {"one whose name is none", R"({"name": 7})", "!/name: 7, expected text (name)\n"},
    };
    for (const auto& t : table)
        DYNAMIC_SECTION(t.name) { CHECK(read("server-json", t.text) == t.told); }
}
