#include "audit/auth/ladder.hpp"

#include "tests/catch.hpp"

#include <map>

using namespace rollcall;
using namespace rollcall::audit;
using auth::document;
using auth::gate;
using data::posture;
using data::rung;
using data::rung_state;

namespace {

const std::string host = "https://ex.com";
const std::string path_doc = host + "/.well-known/oauth-protected-resource/mcp", root_doc = host + "/.well-known/oauth-protected-resource";
const std::string as_doc = "https://as.ex.com/.well-known/oauth-authorization-server", oidc_doc = "https://as.ex.com/.well-known/openid-configuration";
const std::string good_prm = R"({"resource":"https://ex.com/mcp","authorization_servers":["https://as.ex.com"]})";
const std::string good_as = R"({"issuer":"https://as.ex.com","authorization_endpoint":"https://as.ex.com/a","token_endpoint":"https://as.ex.com/t",
                               "code_challenge_methods_supported":["S256"],"client_id_metadata_document_supported":true})";

using internet = std::map<std::string, document>;
document ok(std::string body) { return {200, std::move(body), {}, false}; }
document status(unsigned s) { return {s, "x", {}, false}; }

struct climbed {
    data::auth_facts facts;
    std::vector<data::warning> warnings;
    std::vector<std::string> asked;
    std::string stumbled_at;
};

climbed climb(const internet& there, gate seen = {true, true, {}, false, false}, std::string_view endpoint = "https://ex.com/mcp")
{
    auth::ladder way(*split_url(endpoint), seen);
    climbed out;
    while (!way.wanted().empty()) {
        out.asked.push_back(way.wanted());
        REQUIRE(out.asked.size() <= 10);  // three documents, one at the origin, three for each of two servers
        const auto it = there.find(way.wanted());
        way.heard(it == there.end() ? status(404) : it->second);
    }
    out.facts = way.facts();
    out.warnings = way.warnings();
    out.stumbled_at = way.stumbled_at();
    return out;
}

// "prm_found yes path, ..." of the rungs that somebody reached, from the metadata on.
std::string told(const data::auth_facts& facts)
{
    std::string out;
    for (const auto& o : facts.rungs) {
        if (o.state == rung_state::not_reached || o.rung < rung::prm_found) continue;
        out += (out.empty() ? "" : "; ") + std::string(row_of(o.rung).code) + " " + std::string(code_of(o.state)) + (o.detail.empty() ? "" : " " + o.detail);
    }
    return out;
}

}  // namespace

TEST_CASE("the ladder, rung by rung: posture, what is missing, what was asked for")
{
    const gate plain{true, true, {}, false, false};
    const auto named = [](std::string url) { return gate{true, true, std::move(url), false, false}; };
    const std::string elsewhere = "https://meta.ex.com/prm";
    const auto as_with = [](const char* from, const char* to) {
        auto text = good_as;
        return text.replace(text.find(from), std::string_view(from).size(), to);
    };
    struct row {
        const char* name;
        gate seen;
        internet there;
        posture expected;
        const char* missing;  // code of the first deciding rung that is missing
        std::vector<std::string> asked;
    };
    const row rows[]{
        {"whole, by the path", plain, {{path_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::gated, "", {path_doc, as_doc}},
        {"whole, by the root", plain, {{root_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::gated, "", {path_doc, root_doc, as_doc}},
        {"whole, by the header, and nothing else is fetched", named(elsewhere), {{elsewhere, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::gated, "", {elsewhere, as_doc}},
        {"the header names the usual place", named(path_doc), {{path_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::gated, "", {path_doc, as_doc}},
        {"by OpenID Connect", plain, {{path_doc, ok(good_prm)}, {oidc_doc, ok(as_with("{", R"({"jwks_uri":"u","subject_types_supported":[],"id_token_signing_alg_values_supported":[],)"))}},
         posture::gated, "", {path_doc, as_doc, oidc_doc}},
        {"no 401", {false, true, {}, false, false}, {{path_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::opaque, "status_401", {path_doc, as_doc}},
        {"nothing there", plain, {}, posture::opaque, "prm_found", {path_doc, root_doc, host + "/.well-known/oauth-authorization-server"}},
        {"the header's URL is dead, the usual place is not", named(elsewhere), {{path_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::gated, "", {elsewhere, path_doc, as_doc}},
        {"the header's URL fails in another way", named(elsewhere), {{elsewhere, status(500)}, {path_doc, ok(good_prm)}}, posture::opaque, "prm_found", {elsewhere, host + "/.well-known/oauth-authorization-server"}},
        {"the header names http", named("http://ex.com/prm"), {}, posture::opaque, "prm_found", {host + "/.well-known/oauth-authorization-server"}},
        {"a web page for everything", plain, {{path_doc, ok("<!doctype html>")}, {root_doc, ok("<!doctype html>")}}, posture::opaque, "prm_json", {path_doc, root_doc}},
        {"a web page, then the document", plain, {{path_doc, ok("<!doctype html>")}, {root_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, posture::gated, "", {path_doc, root_doc, as_doc}},
        {"another resource: a client must not go on", plain, {{path_doc, ok(R"({"resource":"https://evil.com/mcp","authorization_servers":["https://as.ex.com"]})")}, {as_doc, ok(good_as)}},
         posture::opaque, "prm_resource", {path_doc}},
        {"no authorization server", plain, {{path_doc, ok(R"({"resource":"https://ex.com/mcp"})")}}, posture::opaque, "prm_servers", {path_doc}},
        {"an authorization server on http", plain, {{path_doc, ok(R"({"resource":"https://ex.com/mcp","authorization_servers":["http://as.ex.com"]})")}}, posture::opaque, "prm_servers", {path_doc}},
        {"its metadata is missing", plain, {{path_doc, ok(good_prm)}}, posture::opaque, "as_found", {path_doc, as_doc, oidc_doc}},
        {"issuer with a slash more", plain, {{path_doc, ok(good_prm)}, {as_doc, ok(as_with("https://as.ex.com\"", "https://as.ex.com/\""))}}, posture::opaque, "as_issuer", {path_doc, as_doc}},
        {"another issuer", plain, {{path_doc, ok(good_prm)}, {as_doc, ok(as_with("https://as.ex.com\"", "https://other.com\""))}}, posture::opaque, "as_issuer", {path_doc, as_doc}},
        {"without S256", plain, {{path_doc, ok(good_prm)}, {as_doc, ok(as_with("S256", "plain"))}}, posture::opaque, "as_pkce_s256", {path_doc, as_doc}},
        {"the second of two servers will do", plain,
         {{path_doc, ok(R"({"resource":"https://ex.com/mcp","authorization_servers":["https://dead.com","https://as.ex.com"]})")}, {as_doc, ok(good_as)}}, posture::gated, "",
         {path_doc, "https://dead.com/.well-known/oauth-authorization-server", "https://dead.com/.well-known/openid-configuration", as_doc}},
        {"a third is never asked", plain,
         {{path_doc, ok(R"({"resource":"https://ex.com/mcp","authorization_servers":["https://a.com","https://b.com","https://as.ex.com"]})")}, {as_doc, ok(good_as)}}, posture::opaque, "as_found",
         {path_doc, "https://a.com/.well-known/oauth-authorization-server", "https://a.com/.well-known/openid-configuration",
          "https://b.com/.well-known/oauth-authorization-server", "https://b.com/.well-known/openid-configuration"}},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const auto got = climb(r.there, r.seen);
            INFO(told(got.facts));
            CHECK(got.facts.posture == r.expected);
            const auto* missing = got.facts.missing();
            CHECK((missing ? row_of(missing->rung).code : "") == std::string_view(r.missing));
            CHECK(got.asked == r.asked);
            // The document to look at is named, unless no document was in the way.
            const bool no_document = r.expected == posture::gated || r.missing == std::string("status_401") || r.seen.metadata_url.starts_with("http:");
            CHECK(got.stumbled_at.empty() == no_document);
        }
}

TEST_CASE("the whole ladder is told, with the words for each rung")
{
    const auto got = climb({{path_doc, ok(good_prm)}, {as_doc, ok(good_as)}});
    CHECK(told(got.facts) == "prm_found yes path; prm_json yes; prm_resource yes exact; prm_servers yes; as_found yes oauth; as_issuer yes https://as.ex.com; "
                             "as_pkce_s256 yes; as_https yes; registration yes client ID metadata documents; as_iss_param no");
    CHECK(got.facts.metadata_url == path_doc);
    CHECK(got.facts.issuer == "https://as.ex.com");
    CHECK(got.warnings.empty());

    const auto dead = climb({{path_doc, {0, {}, "the name does not exist", false}}, {root_doc, status(403)}});
    CHECK(told(dead.facts) == "prm_found no path: the name does not exist; as_at_origin no");
    const auto older = climb({{host + "/.well-known/oauth-authorization-server", ok(good_as)}});
    CHECK(told(older.facts) == "prm_found no path: HTTP 404; as_at_origin yes");
    CHECK(older.facts.posture == posture::opaque);
}

TEST_CASE("what clients live with is a warning")
{
    const std::string loose = R"({"resource":"https://ex.com","authorization_servers":["https://as.ex.com"]})";
    const auto parent = climb({{path_doc, ok(loose)}, {as_doc, ok(good_as)}});
    CHECK(parent.facts.posture == posture::gated);
    CHECK(parent.warnings == std::vector{data::warning::resource_loose});
    const auto fallback = climb({{path_doc, ok(good_prm)}, {as_doc, ok(good_as)}}, {true, true, "https://ex.com/gone", false, false});
    CHECK(fallback.warnings == std::vector{data::warning::prm_fallback});
}

TEST_CASE("an open server is asked for the metadata of the resource alone")
{
    const gate open{false, false, {}, true, false};
    CHECK(climb({}, open).facts.posture == posture::open);
    CHECK(climb({}, open).asked == std::vector{path_doc, root_doc});
    const auto listed = climb({{path_doc, ok(good_prm)}}, open);
    CHECK(listed.facts.posture == posture::open_list);
    CHECK(listed.asked == std::vector{path_doc});
    CHECK(climb({{path_doc, ok(R"({"resource":"https://evil.com"})")}}, open).facts.posture == posture::open);
    CHECK(climb({}, {true, true, {}, true, true}).facts.posture == posture::open_list);  // refused once, listed all the same
}

TEST_CASE("our own trouble tells nothing about the server")
{
    const document ours{0, {}, "no descriptors", true};
    CHECK(climb({{path_doc, ours}, {root_doc, ours}}).facts.posture == posture::unknown);
    CHECK(climb({{path_doc, ours}, {root_doc, ours}}, {false, false, {}, true, false}).facts.posture == posture::unknown);
    // Trouble on the way does not take away what was found.
    CHECK(climb({{path_doc, ours}, {root_doc, ok(good_prm)}, {as_doc, ok(good_as)}}).facts.posture == posture::gated);
}

TEST_CASE("postures that need no climb")
{
    CHECK(auth::posture_without_climb({}, true, true) == posture::paid);
    CHECK(auth::posture_without_climb({}, true, false) == posture::opaque);
    CHECK(auth::posture_without_climb({true, true, {}, true, true}, false, false) == posture::open_list);
    CHECK(auth::posture_without_climb({false, true, {}, true, false}, false, false) == posture::open_list);
    CHECK(auth::posture_without_climb({false, false, {}, true, false}, false, false) == posture::unknown);
}
