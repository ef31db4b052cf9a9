#include "audit/registry/adapter.hpp"
#include "audit/url/url.hpp"
#include "tests/catch.hpp"

namespace {

using namespace rollcall::audit;

page_result parse(std::string_view text) { return find_adapter("file")->parse(text); }

std::string told(const page_result& result)
{
    if (const auto* error = std::get_if<format_error>(&result)) return "error " + error->message;
    const auto& page = std::get<registry_page>(result);
    std::string out;
    for (const auto& l : page.listings) {
        out += l.name + " |";
        for (const auto& r : l.remotes) out += std::string(r.declared_auth ? " auth" : "") + ' ' + r.transport + ' ' + r.url;
        out += '\n';
    }
    for (const auto& r : page.rejected) out += "!" + r.where + ": " + r.why + '\n';
    for (const auto& n : page.notes) out += "note " + n + '\n';
    if (page.next) out += "next\n";
    return out;
}

TEST_CASE("file: one URL a line, or a client's configuration", "[registry]")
{
    struct row { const char *name, *text, *told; };
    const row table[] = {
        {"plain", "https://a.vendor.com/mcp\nhttp://127.0.0.1:8080/mcp\n",
         "a.vendor.com/mcp |  https://a.vendor.com/mcp\n127.0.0.1:8080/mcp |  http://127.0.0.1:8080/mcp\n"},
        {"names, comments, blank lines, CRLF, BOM, no end of line",
         "\xef\xbb\xbf# ours\r\n\r\n  https://a.vendor.com/mcp#top   Our \u00fcber C# server # since May\r\n\thttps://b.vendor.com/ # b\r\nhttps://c.vendor.com/\tC",
         "Our \u00fcber C# server |  https://a.vendor.com/mcp#top\nb.vendor.com/ |  https://b.vendor.com/\nC |  https://c.vendor.com/\n"},
        {"a name twice, a URL twice", "https://a/1 A\nhttps://a/2 A\nhttps://a/1 B\n",
         "A |  https://a/1\nA (2) |  https://a/2\n!line 3: the same URL as on line 1\n"},
        {"lines that are none", "https://a/1\na.vendor.com/mcp\n\xff\xfe\nfree text\n",
         "a/1 |  https://a/1\n!line 2: \"a.vendor.com/mcp\", expected a URL that begins with https:// or http://\n!line 3: not UTF-8\n"
         "!line 4: \"free\", expected a URL that begins with https:// or http://\n"},
        {"a URL to fill in, another scheme and a password are listed, and judged elsewhere",
         "https://{tenant}.vendor.com/\nwss://a.vendor.com/\nhttps://me:secret@a.vendor.com/x\n",
         "line 1 |  https://{tenant}.vendor.com/\nline 2 |  wss://a.vendor.com/\nline 3 |  https://hidden@a.vendor.com/x\n"},
        {"nothing but comments", "# none yet\n", "note no URL in the file\n"},
        {"nothing", "", "note no URL in the file\n"},
        {"prose", "My favourite servers\n", "error line 1: \"My\", expected a URL that begins with https:// or http://"},
        {"HTML", "<html>", "error /: HTML or XML (\"<html>\"), expected JSON"},

        {"a client's configuration behind comments", "// mine\n/* and\nours */ {\"servers\":{\"a\":{\"url\":\"https://a.vendor.com/mcp\",\"headers\":{\"X-Key\":\"s3cret\"}}}}",
         "a | auth  https://a.vendor.com/mcp\n"},
        {"a client's configuration that is none", "# mine\n{\"url\":\"https://a.vendor.com/mcp\",\"key\":\"s3cret\"}\n",
         "error line 2: expected a URL that begins with https:// or http://"},
        {"a client's configuration, secrets and all",
         R"({
            // as the editor writes it
            "mcpServers": {
                "remote": {"type": "http", "url": "https://a.vendor.com/mcp", "headers": {"Authorization": "Bearer s3cret", "Accept": "x"}},
                "windsurf": {"serverUrl": "https://b.vendor.com/sse"},
                "gemini": {"httpUrl": "https://c.vendor.com/mcp", "headers": {"accept": "x"}},
                "old": {"type": "sse", "url": "https://d.vendor.com/sse", "env": {"KEY": "s3cret"}},
                "local": {"command": "npx", "args": ["-y", "server", "--token", "s3cret"], "env": {"TOKEN": "s3cret"}}
            }
        })",
         "gemini | streamable-http https://c.vendor.com/mcp\nlocal |\nold | sse https://d.vendor.com/sse\n"
         "remote | auth streamable-http https://a.vendor.com/mcp\nwindsurf |  https://b.vendor.com/sse\n"},
        {"the same under an editor's key", R"({"servers": {"a": {"type": "streamableHttp", "url": "https://a/mcp"}}, "inputs": []})",
         "a | streamable-http https://a/mcp\n"},
        {"the same without a key, as plugins have it", R"({"a": {"type": "http", "url": "https://a/mcp"}, "b": {"command": "uvx"}})",
         "a | streamable-http https://a/mcp\nb |\n"},
        {"the same in an editor's settings", R"({"editor.fontSize": 12, "mcp": {"inputs": [], "servers": {"a": {"type": "http", "url": "https://a/mcp"}}}})",
         "a | streamable-http https://a/mcp\n"},
        {"the same by a client that says where", R"({"mcp": {"a": {"type": "remote", "url": "https://a/mcp", "enabled": true}, "b": {"type": "local", "command": ["npx"]}}})",
         "a |  https://a/mcp\nb |\n"},
        {"the same as an editor's context", R"({"context_servers": {"a": {"source": "custom", "url": "https://a/mcp", "headers": {"Authorization": "s3cret"}}}})",
         "a | auth  https://a/mcp\n"},
        {"half of it", R"({"a": {"url": "https://a/mcp"}, "b": 7})", "error /: an object (a, b), expected {\"mcpServers\": {...}} or one URL a line"},
        {"servers that are none", R"({"mcpServers": {"a": 7, "b/c": {"type": "http"}, "d": {"url": 7}, "e": {"url": "https://e"}}})",
         "d |  \ne |  https://e\n!/mcpServers/a: expected an object\n"
         "!/mcpServers/b~1c: neither url, serverUrl nor httpUrl, and no command\nnote /mcpServers/d/url: expected a URL\n"},
        {"no servers", R"({"mcpServers": {}})", ""},
        {"another document", R"({"name": "x"})", "error /: an object (name), expected {\"mcpServers\": {...}} or one URL a line"},
        {"a list of servers", R"({"mcpServers": []})", "error /mcpServers: a list of 0, expected an object of servers by name"},
        {"cut off", R"({"mcpServers": {"a": {"url": "https)",
         "error /mcpServers/a/url: parse error at line 1, column 36: syntax error while parsing value - invalid string: missing closing quote"},
    };
    for (const auto& row : table)
        DYNAMIC_SECTION(row.name) { CHECK(told(parse(row.text)) == row.told); }
}

TEST_CASE("file: a URL with a password loses it and stays excluded", "[registry]")
{
    struct row { const char *url, *kept; exclusion why; };
    const row table[] = {
        {"https://me:s3cret@a.vendor.com/x?b@c", "https://hidden@a.vendor.com/x?b@c", exclusion::userinfo},
        {"HTTPS://s3cret@a.vendor.com", "HTTPS://hidden@a.vendor.com", exclusion::userinfo},
        {"https://me:s3:c@ret@a.vendor.com/", "https://hidden@a.vendor.com/", exclusion::userinfo},
        {"https:///me:s3cret@a.vendor.com/", "https:///hidden@a.vendor.com/", exclusion::url_malformed},
        {"https:me:s3cret@a.vendor.com/", "https:hidden@a.vendor.com/", exclusion::url_malformed},
        {"me:s3cret@a.vendor.com/", "hidden@a.vendor.com/", exclusion::scheme},
        {"https://a.vendor.com/@me", "https://a.vendor.com/@me", exclusion::none},
        {"https://a.vendor.com?to=me@x", "https://a.vendor.com?to=me@x", exclusion::none},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.url)
        {
            const auto page = std::get<registry_page>(parse(std::string(R"({"mcpServers": {"a": {"url": ")") + row.url + R"("}}})"));
            const std::string& kept = page.listings.at(0).remotes.at(0).url;
            CHECK(kept == row.kept);
            CHECK(canonicalise(kept).why == row.why);
        }
    }
}

TEST_CASE("file: a long file is read in one go, and its one page is the last", "[registry]")
{
    std::string text;
    for (int i = 0; i < 100000; ++i) text += "https://a.vendor.com/" + std::to_string(i) + " same name\n";
    const auto page = std::get<registry_page>(parse(text));
    CHECK(page.listings.size() == 100000);
    CHECK(page.listings.back().name == "same name (100000)");
    CHECK_FALSE(page.next);
    CHECK(find_adapter("file")->page_url("servers.txt", "x") == "servers.txt");
}

}  // namespace
