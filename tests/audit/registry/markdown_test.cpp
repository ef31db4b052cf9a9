#include "audit/registry/markdown_table.hpp"
#include "tests/audit/registry/told.hpp"
#include "tests/catch.hpp"

#include <chrono>

using namespace rollcall::audit;
using rollcall::tests::told;

namespace {

std::string read(std::string_view text) { return told(find_adapter("markdown")->parse(text)); }

// A table of the usual columns.
std::string table(const std::string& rows) { return "# List\n\n| Name | Category | URL | Authentication | Maintainer |\n|---|:--|--:|---|---|\n" + rows; }

}  // namespace

TEST_CASE("markdown: a table's endpoint column is found by its header", "[registry]")
{
    CHECK(read("Prose with `https://prose.example/mcp`.\n\n" +
               table("| Airtable | Database | `https://mcp.airtable.example/mcp` | OAuth2.1 | [Airtable](https://airtable.example) |\n"
                     "| [Docs](https://docs.example) | - | `https://mcp.docs.example` | Open | [Them](https://github.com/them/x) |\n"
                     "| Both | - | `https://both.example/sse` | Open / API Key | |\n"
                     "| Key | - | `https://key.example/mcp` | API Key | |\n") +
               "\nAfter it.\n\n| Client | Link |\n|---|---|\n| C | https://client.example |\n") ==
          "https://mcp.airtable.example/mcp | Airtable | https://airtable.example [auth https://mcp.airtable.example/mcp]\n"
          "https://mcp.docs.example/ | Docs | https://docs.example | https://github.com/them/x [https://mcp.docs.example]\n"
          "https://both.example/sse | Both [https://both.example/sse]\n"
          "https://key.example/mcp | Key [auth https://key.example/mcp]\n");
    CHECK(read("Endpoint | What\n--- | ---\nhttps://a.example/mcp | A thing\n") == "https://a.example/mcp | A thing [https://a.example/mcp]\n");
}

TEST_CASE("markdown: what an endpoint cell may hold", "[registry]")
{
    struct row { const char *name, *cell, *urls; };
    const row rows[] = {
        {"a code span", "`https://a.example/mcp`", "[https://a.example/mcp]"},
        {"a trailing full stop, and no more", "https://a.example/mcp.", "[https://a.example/mcp]"},
        {"a trailing bracket", "(see https://a.example/mcp)", "[https://a.example/mcp]"},
        {"brackets of its own", "https://a.example/mcp(1)", "[https://a.example/mcp(1)]"},
        {"trailing stars", "**https://a.example/mcp**", "[https://a.example/mcp]"},
        {"a star that is not emphasis", "https://a.example/mcp*", "[https://a.example/mcp]"},
        {"a full stop in the code", "`https://a.example/mcp.`", "[https://a.example/mcp]"},
        {"a pattern in the code stays one", "`https://a.example/*`", "[https://a.example/*]"},
        {"an autolink", "<https://a.example/mcp>", "[https://a.example/mcp]"},
        {"a link", "[endpoint](https://a.example/mcp)", "[https://a.example/mcp]"},
        {"a reference link", "[endpoint][ref]", "[https://ref.example/mcp]"},
        {"an HTML anchor", "<a href=\"https://a.example/mcp\" rel=x>https://a.example/mcp</a>", "[https://a.example/mcp]"},
        {"an anchor in other quotes", "<A HREF='https://a.example/mcp'>here</A>", "[https://a.example/mcp]"},
        {"code before a link to the documentation", "`https://a.example/mcp` ([docs](https://docs.example))", "[https://a.example/mcp]"},
        {"two endpoints", "`https://a.example/mcp`, `https://a.example/sse`", "[https://a.example/mcp] [https://a.example/sse]"},
        {"two with a line break of HTML", "`https://a.example/mcp`<br>`https://a.example/sse`", "[https://a.example/mcp] [https://a.example/sse]"},
        {"one twice", "`https://a.example/mcp` `https://a.example/mcp`", "[https://a.example/mcp]"},
        {"a bar that is escaped", "`https://a.example/mcp?a=1\\|2`", "[https://a.example/mcp?a=1|2]"},
        {"a bar in a code span", "`https://a.example/mcp?a=1|2`", "[https://a.example/mcp?a=1|2]"},
        {"an entity", "https://a.example/mcp?a=1&amp;b=2", "[https://a.example/mcp?a=1&b=2]"},
        {"a template", "`https://{tenant}.a.example/mcp`", "[https://{tenant}.a.example/mcp]"},
        {"a password", "`https://me:secret@a.example/mcp`", "[https://hidden@a.example/mcp]"},
        {"beside a badge and a repository", "![b](https://img.shields.io/x) `https://github.com/a/a` `https://a.example/mcp`", "[https://a.example/mcp]"},
        {"capital scheme", "`HTTPS://A.example/mcp`", "[HTTPS://A.example/mcp]"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const auto got = read("| Name | URL |\n|---|---|\n| N | " + std::string(r.cell) + " |\n\n[ref]: https://ref.example/mcp \"title\"\n");
            CHECK(got.find(std::string(" ") + r.urls + "\n") != std::string::npos);
            CHECK(got.find("secret") == std::string::npos);
            CAPTURE(got);
            CHECK(std::count(got.begin(), got.end(), '\n') == 1);
        }
    for (const auto* cell : {"", "soon", "[code](https://github.com/a/a)", "[![badge](https://glama.ai/b.svg)](https://glama.ai/a)", "npx -y a", "ftp://a.example"})
        DYNAMIC_SECTION("none in " << cell)
        {
            CHECK(read(table("| A | - | `https://a.example/mcp` | Open | |\n| N | - | " + std::string(cell) + " | Open | |\n")) ==
                  "https://a.example/mcp | A [https://a.example/mcp]\n!/line 6: no endpoint in the column \"url\" (no_endpoint)\n");
        }
}

TEST_CASE("markdown: odd rows of a table", "[registry]")
{
    CHECK(read(table("| Short | - |\n| A | - | `https://a.example/mcp` |\n| A again | - | `https://a.example/mcp/` | Open | |\n"
                     "| More | - | `https://b.example/mcp` | Open | x | y | z |\n")) ==
          "https://a.example/mcp | A [https://a.example/mcp]\nhttps://b.example/mcp | More [https://b.example/mcp]\n"
          "!/line 5: no endpoint in the column \"url\" (no_endpoint)\n!/line 7: the same endpoint as on line 6 (same_url)\n");
    // CRLF, a BOM, a table in a quotation and one right below a line of prose.
    CHECK(read("\xef\xbb\xbfText\r\n| Name | URL |\r\n| --- | --- |\r\n| A | `https://a.example/mcp` |\r\n\r\n> | Name | URL |\r\n> |---|---|\r\n> | B | `https://b.example/mcp` |\r\n") ==
          "https://a.example/mcp | A [https://a.example/mcp]\nhttps://b.example/mcp | B [https://b.example/mcp]\n");
    // A backtick that nothing closes spoils its own row and no other.
    CHECK(read("| Name | URL |\n|---|---|\n| `open | `https://a.example/mcp |\n| B | `https://b.example/mcp` |\n").find("https://b.example/mcp | B") != std::string::npos);
    // Cells that begin like a list, a heading, HTML, a definition.
    CHECK(read("| Name | URL |\n|---|---|\n| - dash | `https://a.example/1` |\n| # hash | `https://a.example/2` |\n| <b>bold</b> | `https://a.example/3` |\n| <!-- x | `https://a.example/4` |\n"
               "| [x]: y | `https://a.example/5` |\n| 1. one | `https://a.example/6` |\n") ==
          "https://a.example/1 | - dash [https://a.example/1]\nhttps://a.example/2 | # hash [https://a.example/2]\nhttps://a.example/3 | bold [https://a.example/3]\n"
          "https://a.example/4 | <!-- x [https://a.example/4]\nhttps://a.example/5 | [x]: y [https://a.example/5]\nhttps://a.example/6 | 1. one [https://a.example/6]\n");
    CHECK(read("| Name | Where |\n|---|---|\n| A | `https://a.example/mcp` |\n\n- [B](https://b.example) `https://b.example/mcp`\n") ==
          "https://b.example/mcp | B | https://b.example [https://b.example/mcp]\nnote line 1: a table with URLs, but no column \"URL\" or \"Endpoint\"\n");
}

TEST_CASE("markdown: the endpoint of a list item stands in a code span", "[registry]")
{
    CHECK(read("## Servers\n\n"
               "- [Alpha](https://alpha.example) `https://mcp.alpha.example/mcp` [![score](https://glama.ai/x.svg)](https://glama.ai/alpha) \U0001F513 - what it does\n"
               "- [Beta](https://github.com/beta/beta) - `https://beta.example/mcp` \U0001F511\n"
               "- [Gamma](https://gamma.example) `https://gamma.example/mcp` and `https://gamma.example/sse` \U0001F510 \U0001F511\n"
               "- [Local](https://github.com/l/l) - runs `npx -y local` with `https://github.com/l/l`\n"
               "- [Link only](https://link.example/mcp)\n") ==
          "https://mcp.alpha.example/mcp | Alpha | https://alpha.example [https://mcp.alpha.example/mcp]\n"
          "https://beta.example/mcp | Beta | https://github.com/beta/beta [auth https://beta.example/mcp]\n"
          "https://gamma.example/mcp | Gamma | https://gamma.example [auth https://gamma.example/mcp] [auth https://gamma.example/sse]\n"
          "note 2 list items without an endpoint\n");
}

TEST_CASE("markdown: where an item has no name, what is around it has one", "[registry]")
{
    CHECK(read("### <img src=\"x\" alt=\"logo\" /> Delta\n- **REPOSITORY**: [delta/delta](https://github.com/delta/delta)\n- **TYPE**: `REMOTE` - `https://delta.example`\n\n"
               "#### [Epsilon](https://epsilon.example)\n\n- **Access:** at `https://epsilon.example/mcp` with a key, see [docs](https://docs.example)\n\n"
               "## Others\n\n- [Zeta](https://zeta.example)\n  - `https://zeta.example/mcp`\n- **Eta** \u2014 `https://eta.example/mcp`\n1. Theta - `https://theta.example/mcp`\n") ==
          "https://delta.example/ | Delta [https://delta.example]\n"
          "https://epsilon.example/mcp | Epsilon | https://epsilon.example [https://epsilon.example/mcp]\n"
          "https://zeta.example/mcp | Zeta | https://zeta.example [https://zeta.example/mcp]\n"
          "https://eta.example/mcp | Eta [https://eta.example/mcp]\n"
          "https://theta.example/mcp | Theta [https://theta.example/mcp]\n"
          "note 2 list items without an endpoint\n");
}

TEST_CASE("markdown: examples, comments and prose are not listings", "[registry]")
{
    CHECK(read("- [A](https://a.example) `https://a.example/mcp`\n\n```json\n{\"url\": \"https://fenced.example/mcp\"}\n- [F](https://f.example) `https://f.example/mcp`\n```\n\n"
               "    - [I](https://i.example) `https://indented.example/mcp`\n\n<!--\n- [C](https://c.example) `https://comment.example/mcp`\n-->\n\n<!-- - `https://c.example/2` -->\n\n"
               "A paragraph with `https://prose.example/mcp`.\n\n~~~\n| Name | URL |\n|---|---|\n| T | https://t.example |\n~~~\n") ==
          "https://a.example/mcp | A | https://a.example [https://a.example/mcp]\n");
}

TEST_CASE("markdown: names are kept as they are sent, whatever they do", "[registry]")
{
    CHECK(read("| Name | URL |\n|---|---|\n| \u202eevil\u200b &lt;script&gt; | `https://a.example/mcp` |\n") ==
          "https://a.example/mcp | \u202eevil\u200b <script> [https://a.example/mcp]\n");
    const auto long_name = read("- [" + std::string(400, 'n') + "](https://a.example) `https://a.example/mcp`\n");
    CHECK(long_name.find(std::string(300, 'n') + " |") != std::string::npos);
    CHECK(long_name.find(std::string(301, 'n')) == std::string::npos);
    CHECK(read("- [x\xff\xfe](https://a.example) `https://a.example/mcp`\n").find("x\ufffd") != std::string::npos);
}

TEST_CASE("markdown: what is no list is an error, never an empty list", "[registry]")
{
    struct row { const char *name, *text, *told; };
    const row rows[] = {
        {"nothing", "", "error /: no endpoint in a table or a list item, expected a list of MCP servers in Markdown"},
        {"prose", "# Moved\n\nThis list is now at https://elsewhere.example/\n", "error /: no endpoint in a table or a list item, expected a list of MCP servers in Markdown"},
        {"a page instead", "\n<!DOCTYPE HTML><html><body>`https://a.example`", "error /: HTML (\"?<!DOCTYPE HTML><html><body>`https://a.example`\"), expected Markdown"},
        {"compressed", "\x1f\x8b\x08", "error /: compressed bytes (gzip), expected Markdown"},
        {"a table of nothing", "| Name | URL |\n|---|---|\n| A | soon |\n", "error /line 3: no endpoint in the column \"url\" (and no row has one)"},
        {"an error", "404: Not Found", "error /: no endpoint in a table or a list item, expected a list of MCP servers in Markdown"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name) { CHECK(read(r.text) == r.told); }
    CHECK(read(std::string((4u << 20) + 1, '-')) == "error /: 4 MiB, expected a list of at most 4 MiB");
}

TEST_CASE("markdown: a list of 1 MB, and no shape that takes for ever", "[registry]")
{
    std::string items, rows = table("");
    for (int i = 0; items.size() < 1u << 20; ++i)
        items += "- [S" + std::to_string(i) + "](https://s.example) `https://s.example/" + std::to_string(i) + "` - " + std::string(200, 'w') + "\n";
    for (int i = 0; i < 5000; ++i) rows += "| R | - | `https://r.example/" + std::to_string(i) + "` | Open | [m](https://m.example) |\n";
    const auto count = [](const std::string& text) { return std::get<registry_page>(find_adapter("markdown")->parse(text)).listings.size(); };
    CHECK(count(items) > 4000);
    CHECK(count(rows) == 5000);
    for (const std::string piece : {"[", "![", "*a ", "`", "``` ", "<a ", "<!--", "> ", "- ", "[a](", "| ", "|-|\n", "[x]: y\n", "\\", "&", "_a__", "<![CDATA["}) {
        CAPTURE(piece);
        std::string many;
        while (many.size() < 100'000) many += piece;
        CHECK(std::holds_alternative<format_error>(find_adapter("markdown")->parse(many)));
    }
}

TEST_CASE("cells of a table's line", "[registry]")
{
    using detail::split_cells;
    using cells = std::vector<std::string>;
    CHECK(split_cells("| a | b |") == cells{"a", "b"});
    CHECK(split_cells("a | b") == cells{"a", "b"});
    CHECK(split_cells("| a |  |") == cells{"a", ""});
    CHECK(split_cells("|") == cells{""});
    CHECK(split_cells("| a \\| b | `c | d` | ``e ` | f`` |") == cells{"a | b", "`c | d`", "``e ` | f``"});
    CHECK(split_cells("| `open | b |") == cells{"`open", "b"});
    CHECK(split_cells("| \\` | b |") == cells{"\\`", "b"});
}
