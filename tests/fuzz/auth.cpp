// Metadata of OAuth and the way through it. The first line is the endpoint, the second what the gate said (letters,
// then the URL of a challenge), then one document after the other, split by lines of "~~~": a status, and the text.
#include "audit/auth/ladder.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::audit::auth;
using namespace rollcall::fuzz;

namespace {

// The resource's own, its origin's, or two authorization servers' in three places each.
constexpr std::size_t most_documents = 3 + 2 * 3;

void check_documents(std::string_view text, const canonical_url& endpoint)
{
    if (const auto r = parse_protected_resource(text)) {
        must(!r->resource.empty(), "a resource has a name");
        must(r->authorization_servers.size() <= 16, "few authorization servers");
        for (const auto& s : r->authorization_servers) must(is_utf8(s), "issuers are UTF-8", s);
        if (covers(r->resource, endpoint) != coverage::wrong) {
            const auto named = split_url(r->resource.substr(0, r->resource.find('#')));
            must(named && named->host == endpoint.host && named->port == endpoint.port && named->scheme == endpoint.scheme, "covered is of one origin", r->resource);
        }
    }
    const auto plain = parse_authorization_server(text, false), oidc = parse_authorization_server(text, true);
    must(plain || !oidc, "OpenID Connect asks for more, not for less");
    if (plain) must(plain->endpoints.size() <= 2 && is_utf8(plain->issuer), "two endpoints");
    for (const auto& [url, way] : server_metadata_urls(text.substr(0, text.find('\n')))) {
        must(split_url(url).has_value(), "metadata is at a URL", url);
        must(url.find("/.well-known/") != std::string::npos, "at a well-known one", url);
    }
}

document document_from(std::string_view text)
{
    document d;
    auto first = take_line(text);
    d.status = take_number(first, 999);
    d.ours = d.status == 0 && first.starts_with('o');
    if (d.status == 0) d.problem = first;
    else d.body = text;
    return d;
}

void check_facts(const data::auth_facts& f, const gate& seen, bool ours)
{
    for (std::size_t i = 0; i < f.rungs.size(); ++i) {
        must(i == 0 || f.rungs[i - 1].rung < f.rungs[i].rung, "the rungs in order, each once");
        must_be_one_line(f.rungs[i].detail, 200, "a rung's detail is one line");
    }
    must_be_one_line(f.metadata_url, 500, "a metadata URL is one line");
    must_be_one_line(f.issuer, 500, "an issuer is one line");
    const auto has = [&](data::rung r) {
        return std::ranges::any_of(f.rungs, [r](const auto& o) { return o.rung == r && o.state == data::rung_state::yes; });
    };
    if (f.posture == data::posture::gated) {
        must(!seen.listed && seen.status_401, "gated is refused with 401");
        must(has(data::rung::prm_resource) && has(data::rung::as_issuer) && has(data::rung::as_pkce_s256), "gated has the whole way");
        must(f.missing() == nullptr, "nothing is missing of a whole way");
    }
    if (f.posture == data::posture::opaque) must(f.missing() != nullptr, "opaque says what is missing");
    if (seen.listed) must(f.posture == data::posture::open || f.posture == data::posture::open_list || ours, "who lists tools is open");
    if (f.posture == data::posture::unknown) must(ours, "unknown is our own doing");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    auto endpoint = canonicalise(take_line(text), true).url;
    if (endpoint.text.empty()) endpoint = canonicalise("https://mcp.example.org/mcp", true).url;
    auto words = take_line(text);
    const auto letters = take_to(words, " ");
    const auto has = [&](char c) { return letters.find(c) != std::string_view::npos; };
    gate seen{has('4'), has('b'), std::string(words), has('l'), has('z')};
    // The challenge names an http(s) URL or none.
    if (!words.starts_with("https://") && !words.starts_with("http://")) seen.metadata_url.clear();

    std::vector<std::string_view> documents;
    while (!text.empty()) documents.push_back(take_to(text, "\n~~~\n"));
    if (documents.empty()) return 0;
    for (const auto d : documents) check_documents(d, endpoint);
    must(covers(endpoint.text, endpoint) == coverage::exact, "a URL covers itself", endpoint.text);

    ladder climb(endpoint, seen);
    bool ours = false;
    for (std::size_t i = 0; !climb.wanted().empty(); ++i) {
        must(i < most_documents, "the climb ends");
        const auto url = split_url(climb.wanted());
        must(url.has_value(), "what is wanted is a URL", climb.wanted());
        must(url->scheme == "https" || endpoint.scheme == "http", "never from https to http", climb.wanted());
        auto d = document_from(documents[i % documents.size()]);
        ours = ours || d.ours;
        climb.heard(std::move(d));
    }
    check_facts(climb.facts(), seen, ours);
    return 0;
}
