#include "audit/probe/mask.hpp"
#include "audit/probe/transcript.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;

TEST_CASE("secrets are masked and words are not")
{
    const std::pair<std::string, std::string> rows[] = {
        {"hello world", "hello world"},
        {"write to ann.lee@example.org, please", "write to [masked], please"},
        {"Bearer abc123def456", "Bearer [masked]"},
        {R"({"token":"s3cr3t99"})", R"({"token":"[masked]"})"},
        {R"({"api_key": "k1k1k1k1"})", R"({"api_key": "[masked]"})"},
        {"api_key=k1k1k1k1&x=1", "api_key=[masked]&x=1"},
        {R"(api_key: k1k1k12password=@4ssw0rd session_id: "abc122")", R"(api_key: [masked] session_id: "[masked]")"},
        {"token: a=k1k1k1k1", "token: [masked]"},
        {"sk-proj1234567890", "[masked]"},
        {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[masked]"},
        {"ghp_0123456789abcdefABCDEF", "[masked]"},
        {"0123456789abcdef0123456789abcdef", "[masked]"},
        {"protocolVersion 2026-07-28", "protocolVersion 2026-07-28"},
        {"notifications/initialized", "notifications/initialized"},
        {"io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/clientInfo"},
        {"the token is missing", "the token is missing"},
        {"0123456789abcdef01234567=on&a=b", "[masked]=on&a=b"},
        {"no postgres://app:hunter2@db:5432/x today", "no postgres://[masked]@db:5432/x today"},
        {"redis://:p!ss$w@rd@cache/0", "redis://[masked]@cache/0"},
        {"https://ann@example.org", "https://[masked]@example.org"},
        {"https://example.org/@scope/pkg?a@b", "https://example.org/@scope/pkg?a@b"},
        {"", ""},
    };
    for (const auto& [text, expected] : rows) CHECK(mask(text) == expected);
}

TEST_CASE("headers that carry credentials are masked whole")
{
    for (const auto* name : {"Authorization", "cookie", "Set-Cookie", "MCP-Session-Id", "X-Api-Key", "X-Auth-Token", "Client-Secret"})
        CHECK(mask_header(name, "anything at all") == "[masked]");
    CHECK(mask_header("content-type", "text/html; charset=utf-8") == "text/html; charset=utf-8");
}

TEST_CASE("masking takes time in proportion to the text")
{
    const std::string text(4'000'000, 'a');
    CHECK(mask(text).size() <= text.size());
    const std::string hostile = [] {
        std::string s;
        for (int i = 0; i < 200'000; ++i) s += "token=\"";
        return s;
    }();
    CHECK(mask(hostile).size() <= hostile.size() * 2);
}

TEST_CASE("a secret does not survive the cut that goes through it")
{
    const std::string secret = "Zq7xW3kP9vR2mT5nB8cD4fG6";
    for (std::size_t before = 500; before < 516; ++before) {
        transcript t;
        t.heard({200, {{"x-info", std::string(before - 1, '-') + " " + secret + " tail"}}, {}});
        t.body(std::string(before + 1536 - 1, '-') + " " + secret + " tail");
        CHECK(t.text().find("Zq7") == std::string::npos);
    }
    CHECK(whole_words("one two", 7) == "one two");
    CHECK(whole_words("one two", 6) == "one ");
    CHECK(whole_words("one two", 3) == "one");
    CHECK(whole_words("one two", 2).empty());
}

TEST_CASE("a command can be pasted into a shell, whatever the URL holds")
{
    const http_request request{"POST", "/mcp?x='$(id)'", "a.dev", {{"Accept", "application/json"}, {"User-Agent", "x"}}, R"({"a":"it's"})"};
    CHECK(curl_command("https", request) ==
          R"(curl -sS -i --max-time 15 -H 'Accept: application/json' --data-raw '{"a":"it'\''s"}' 'https://a.dev/mcp?x='\''$(id)'\''')");
}

TEST_CASE("a step inside a session is reproduced with a session of its own")
{
    const http_request open{"POST", "/mcp", "a.dev", {{"Accept", "x"}}, "{}"};
    const http_request list{"POST", "/mcp", "a.dev", {{"MCP-Session-Id", "s3cret"}}, "{\"id\":2}"};
    const auto text = session_commands("https", open, list);
    CHECK(text == "SESSION=$(curl -sS -D - -o /dev/null --max-time 15 -H 'Accept: x' --data-raw '{}' 'https://a.dev/mcp'"
                  " | sed -n 's/^mcp-session-id: *//Ip' | tr -d '\\r')\n"
                  "  curl -sS -i --max-time 15 -H \"MCP-Session-Id: $SESSION\" --data-raw '{\"id\":2}' 'https://a.dev/mcp'");
    CHECK(text.find("s3cret") == std::string::npos);
}

TEST_CASE("a transcript is capped and cannot paint on a terminal")
{
    transcript t;
    t.heard({200, {{"content-type", "text/\x1b[31mhtml"}}, {}});
    t.body(std::string(100'000, 'x'));
    CHECK(t.text().find('\x1b') == std::string::npos);
    CHECK(t.text().find("(100000 bytes in all)") != std::string::npos);
    for (int i = 0; i < 1000; ++i) t.body(std::string(2000, 'y'));
    CHECK(t.text().size() < 20'000);
}
