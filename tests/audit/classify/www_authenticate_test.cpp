#include "audit/classify/www_authenticate.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;

TEST_CASE("a WWW-Authenticate field is read as its challenges", "[classify]")
{
    struct row { const char* name; std::string field; std::vector<challenge> expected; };
    const std::vector<row> rows{
        {"nothing", "", {}},
        {"a scheme alone", "Negotiate", {{"negotiate", "", {}}}},
        {"one parameter", R"(Bearer realm="mcp")", {{"bearer", "", {{"realm", "mcp"}}}}},
        {"names in any case", R"(BEARER Realm=x, RESOURCE_METADATA="https://a.b/c")",
         {{"bearer", "", {{"realm", "x"}, {"resource_metadata", "https://a.b/c"}}}}},
        {"a comma inside quotes", R"(Bearer error_description="no, really", error=x)",
         {{"bearer", "", {{"error_description", "no, really"}, {"error", "x"}}}}},
        {"escaped quotes", R"(Bearer realm="say \"hi\" \\o/")", {{"bearer", "", {{"realm", "say \"hi\" \\o/"}}}}},
        {"several challenges", R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")",
         {{"newauth", "", {{"realm", "apps"}, {"type", "1"}, {"title", "Login to \"apps\""}}}, {"basic", "", {{"realm", "simple"}}}}},
        {"a token68", "Negotiate abc123==, Bearer a=b", {{"negotiate", "abc123==", {}}, {"bearer", "", {{"a", "b"}}}}},
        {"two bare schemes", "Negotiate, NTLM", {{"negotiate", "", {}}, {"ntlm", "", {}}}},
        {"an unquoted URL", "Bearer resource_metadata=https://a.b/x?y=1, scope=z",
         {{"bearer", "", {{"resource_metadata", "https://a.b/x?y=1"}, {"scope", "z"}}}}},
        {"blanks around the sign", R"(Bearer realm = "x" , a= b)", {{"bearer", "", {{"realm", "x"}, {"a", "b"}}}}},
        {"blanks instead of commas", R"(Bearer a="1" b="2")", {{"bearer", "", {{"a", "1"}, {"b", "2"}}}}},
        {"a quote that never ends", R"(Bearer realm="x, y)", {{"bearer", "", {{"realm", "x, y"}}}}},
        {"empty elements", R"(, ,Bearer a=1,,  b=2,)", {{"bearer", "", {{"a", "1"}, {"b", "2"}}}}},
        {"noise before a challenge", R"("quoted", =, Bearer a=1)", {{"bearer", "", {{"a", "1"}}}}},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name) { CHECK(parse_challenges(r.field) == r.expected); }
    }
}

TEST_CASE("only an absolute http URL in a Bearer challenge is resource metadata", "[classify]")
{
    struct row { const char* name; std::vector<std::string> fields; std::string expected; };
    const std::vector<row> rows{
        {"none", {}, ""},
        {"https", {R"(Bearer resource_metadata="https://a.b/m")"}, "https://a.b/m"},
        {"http", {R"(Bearer resource_metadata="HTTP://a.b/m")"}, "HTTP://a.b/m"},
        {"in the second field", {"Basic realm=x", R"(Bearer resource_metadata="https://a.b/m")"}, "https://a.b/m"},
        {"of another scheme", {R"(DPoP resource_metadata="https://a.b/m")"}, ""},
        {"relative", {R"(Bearer resource_metadata="/.well-known/x")"}, ""},
        {"no host", {R"(Bearer resource_metadata="https:///m")"}, ""},
        {"another protocol", {R"(Bearer resource_metadata="file:///etc/passwd")"}, ""},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            http_answer a{401, {}, {}};
            for (const auto& f : r.fields) a.headers.emplace_back("www-authenticate", f);
            CHECK(resource_metadata_of(a) == r.expected);
        }
    }
}

TEST_CASE("a flood of challenges is cut", "[classify]")
{
    std::string field;
    for (int i = 0; i < 100'000; ++i) field += "a b=c,";
    CHECK(parse_challenges(field).size() <= 32);
    CHECK(parse_challenges(std::string(1'000'000, '"')).empty());
    CHECK(parse_challenges(std::string(1'000'000, 'a')).size() == 1);
}
