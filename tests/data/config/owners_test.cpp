#include "data/config/config.hpp"

#include "tests/catch.hpp"

using namespace rollcall::data;

namespace {

std::string refusal(const std::string& record)
{
    try {
        static_cast<void>(parse_owners("{\"owners\":[" + record + "]}", "owners.json"));
    } catch (const config_error& e) {
        return e.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("an owner's record is read whole")
{
    const auto records = parse_owners(R"({"$schema": "x", "owners": [
        {"endpoint": "https://a.example/mcp", "note": "Looked after by the desk.", "health_url": "https://a.example/health",
         "credential": {"kind": "bearer", "env": "ROLLCALL_TOKEN_A", "issued_at": "2026-11-01T00:00:00Z", "expires_in": 86400},
         "canary": {"tool": "ping", "read_only": true, "arguments": {"deep": {"x": [1, 2]}},
                    "expect": {"equals": {"/structuredContent/status": "ok", "": 7}, "schema": {"type": "object"}, "own_schema": true}}},
        {"endpoint": "https://b.example/mcp", "credential": {"kind": "header", "header": "X-API-Key", "env": "KEY_B", "expires_at": "2027-01-01T00:00:00Z"}}]})", "owners.json");
    REQUIRE(records.size() == 2);
    const auto& a = records[0];
    CHECK(a.pointer == "/owners/0");
    CHECK(a.credential->header == "Authorization");
    CHECK(a.credential->prefix == "Bearer ");
    CHECK(a.credential->env == "ROLLCALL_TOKEN_A");
    CHECK(to_rfc3339(*a.credential->expires_at) == "2026-11-02T00:00:00Z");
    CHECK(a.canary->arguments == R"({"deep":{"x":[1,2]}})");
    CHECK(a.canary->equals == std::vector<std::pair<std::string, std::string>>{{"", "7"}, {"/structuredContent/status", "\"ok\""}});
    CHECK(a.canary->schema == R"({"type":"object"})");
    CHECK(a.canary->own_schema);
    CHECK((a.health_url == "https://a.example/health" && a.note == "Looked after by the desk."));
    CHECK((records[1].credential->header == "X-API-Key" && records[1].credential->prefix.empty()));
    CHECK(to_rfc3339(*records[1].credential->expires_at) == "2027-01-01T00:00:00Z");
}

TEST_CASE("a wrong owner's record is refused by file, place, what stood there, what is expected")
{
    struct row { const char *record, *message; };
    const row rows[]{
        {R"({"endpoint": "mcp.example.com"})", R"(owners.json: /owners/0/endpoint: "mcp.example.com", expected the listed URL of the endpoint)"},
        {R"({"endpoint": "https://a/mcp"}, {"endpoint": "https://a/mcp"})", R"(owners.json: /owners/1/endpoint: "https://a/mcp", expected one record an endpoint, and this is the second)"},
        {R"({"endpoint": "https://a/mcp", "credential": {"kind": "basic", "env": "A"}})", R"(owners.json: /owners/0/credential/kind: "basic", expected one of bearer, header)"},
        {R"({"endpoint": "https://a/mcp", "credential": {"kind": "bearer"}})", "owners.json: /owners/0/credential/env: missing, expected the NAME of the environment variable with the credential"},
        // What stood there may be the secret itself.
        {R"({"endpoint": "https://a/mcp", "credential": {"kind": "bearer", "env": "sk-live-0123456789abcdef"}})",
         R"(owners.json: /owners/0/credential/env: "sk-"... of 24 characters, expected the NAME of an environment variable, like ROLLCALL_KEY)"},
        {R"({"endpoint": "https://a/mcp", "credential": {"kind": "header", "env": "A", "header": "Host"}})", R"(owners.json: /owners/0/credential/header: "Host", expected the name of a header field that is not the probe's own)"},
        {R"({"endpoint": "https://a/mcp", "credential": {"kind": "bearer", "env": "A", "expires_in": 3600}})", "owners.json: /owners/0/credential/issued_at: missing, expected both issued_at and expires_in (seconds), or neither"},
        {R"({"endpoint": "https://a/mcp", "credential": {"kind": "bearer", "env": "A", "expires_at": "soon"}})", R"(owners.json: /owners/0/credential/expires_at: "soon", expected a time such as 2026-11-21T02:30:00Z)"},
        {R"({"endpoint": "https://a/mcp", "canary": {"tool": "x"}})", "owners.json: /owners/0/canary/read_only: missing, expected true: who writes the record vouches that the call changes nothing"},
        {R"({"endpoint": "https://a/mcp", "canary": {"tool": "x", "read_only": false}})", "owners.json: /owners/0/canary/read_only: false, expected true: a call that changes something is never made"},
        {R"({"endpoint": "https://a/mcp", "canary": {"tool": "x", "read_only": true, "arguments": []}})", "owners.json: /owners/0/canary/arguments: [], expected an object"},
        {R"({"endpoint": "https://a/mcp", "canary": {"tool": "x", "read_only": true, "expect": {"equals": {"status": 1}}}})",
         R"(owners.json: /owners/0/canary/expect/equals: "status", expected a JSON pointer (RFC 6901) such as /structuredContent/status)"},
        {R"({"endpoint": "https://a/mcp", "heath_url": "https://a/h"})", R"(owners.json: /owners/0/heath_url: unknown key, did you mean "health_url"?)"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.record) { CHECK(refusal(r.record) == r.message); }
}
