#include "audit/auth/ladder.hpp"

#include "audit/classify/www_authenticate.hpp"
#include "audit/mcp/script.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>

namespace rollcall::audit::auth {
namespace {

using data::rung;
using data::rung_state;

constexpr std::size_t longest_detail = 200;
constexpr std::size_t most_servers = 2;

struct outcomes {
    std::vector<data::rung_outcome> list;

    void put(rung r, bool yes, std::string_view detail = {})
    {
        const auto state = yes ? rung_state::yes : rung_state::no;
        auto words = mcp::one_line(detail, longest_detail);
        if (const auto it = std::ranges::find(list, r, &data::rung_outcome::rung); it != list.end()) *it = {r, state, std::move(words)};
        else list.push_back({r, state, std::move(words)});
    }
    bool has(rung r) const
    {
        const auto it = std::ranges::find(list, r, &data::rung_outcome::rung);
        return it != list.end() && it->state == rung_state::yes;
    }
    std::ptrdiff_t climbed() const
    {
        return std::ranges::count(list, rung_state::yes, &data::rung_outcome::state);
    }
};

bool is_success(const document& d) { return d.status >= 200 && d.status < 300; }

std::string words_of(const document& d)
{
    if (d.status == 0) return d.problem;
    return "HTTP " + std::to_string(d.status);
}

// What a body is that is not the document we asked for.
std::string_view kind_of(std::string_view body)
{
    const auto at = body.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos) return "nothing";
    return body[at] == '<' ? "a web page" : body[at] == '{' ? "JSON without the required members" : "something that is not a JSON object";
}

}  // namespace

void look_at(gate& g, const http_answer& answer)
{
    const bool refused = answer.status == 401 || answer.status == 403;
    const bool good = answer.status >= 200 && answer.status < 300;
    if (!refused && !good) return;
    if (answer.status == 401) g.status_401 = true;
    const auto challenges = challenges_of(answer);
    if (std::ranges::none_of(challenges, [](const challenge& c) { return c.scheme == "bearer"; })) return;
    g.bearer = true;
    if (g.metadata_url.empty()) g.metadata_url = resource_metadata_of(answer);
}

data::posture posture_without_climb(const gate& seen, bool refused, bool payment)
{
    if (payment) return data::posture::paid;
    if (refused) return data::posture::opaque;
    if (seen.listed && (seen.lazy || seen.bearer)) return data::posture::open_list;
    return data::posture::unknown;
}

struct ladder::state {
    state(const canonical_url& e, const gate& g) : endpoint(e), seen(g), climbing(climb()) { climbing.start(); }

    const canonical_url endpoint;
    const gate seen;

    std::string wanted;
    bool shared = false;
    document answer;
    std::coroutine_handle<> waiting;

    outcomes rungs;
    bool fallback = false, loose = false, ours = false;
    std::string metadata_url, issuer, stumbled_at;
    mcp::script<bool> climbing;  // last: it runs on the members above

    struct asking {
        state& of;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> here) const noexcept { of.waiting = here; }
        document await_resume() const { return std::move(of.answer); }
    };
    asking get(std::string url, bool is_shared)
    {
        wanted = std::move(url);
        shared = is_shared;
        return {*this};
    }

    // A client on https follows nobody to http; a server of one's own on http may be whole on http.
    bool acceptable(std::string_view url) const
    {
        const auto parts = split_url(url);
        return parts && (parts->scheme == "https" || endpoint.scheme == "http");
    }

    void stumble(const std::string& url)
    {
        if (stumbled_at.empty()) stumbled_at = url;
    }

    // Finds the metadata of the resource. Empty if it is nowhere.
    mcp::script<std::optional<protected_resource>> find_resource()
    {
        struct place { std::string url; std::string_view way; };
        std::vector<place> places;
        if (!seen.metadata_url.empty()) places.push_back({seen.metadata_url, "header"});
        const auto usual = resource_metadata_urls(endpoint);
        for (std::size_t i = 0; i < usual.size(); ++i)
            if (usual[i] != seen.metadata_url) places.push_back({usual[i], i + 1 < usual.size() ? "path" : "root"});

        std::string missing, unusable;
        for (const auto& [url, way] : places) {
            if (!acceptable(url)) {
                missing = "the challenge names a URL that is not https";
                break;
            }
            auto asked = get(url, false);
            const document d = co_await asked;
            ours = ours || d.ours;
            if (is_success(d)) {
                if (auto found = parse_protected_resource(d.body)) {
                    rungs.put(rung::prm_found, true, way);
                    rungs.put(rung::prm_json, true);
                    metadata_url = url;
                    co_return found;
                }
                unusable = std::string(way) + ": " + std::string(kind_of(d.body));
                fallback = true;  // the official clients stop here
            }
            stumble(url);
            if (missing.empty()) missing = std::string(way) + ": " + words_of(d);
            if (way == "header") {
                if (d.status != 404 && !is_success(d)) break;
                fallback = true;
            } else if (d.status == 0 || d.status >= 500) {
                fallback = true;
            }
        }
        rungs.put(rung::prm_found, !unusable.empty(), unusable.empty() ? missing : "");
        if (!unusable.empty()) rungs.put(rung::prm_json, false, unusable);
        co_return std::nullopt;
    }

    // One authorization server, its rungs alone.
    mcp::script<outcomes> look_at_server(std::string listed)
    {
        outcomes of;
        std::string problem;
        const auto places = server_metadata_urls(listed);
        for (const auto& [url, way] : places) {
            auto asked = get(url, true);
            const document d = co_await asked;
            ours = ours || d.ours;
            const bool oidc = way != "oauth";
            const auto found = is_success(d) ? parse_authorization_server(d.body, oidc) : std::nullopt;
            if (!found) {
                if (problem.empty()) problem = is_success(d) ? std::string(kind_of(d.body)) : words_of(d);
                stumble(url);
                continue;
            }
            of.put(rung::as_found, true, way);
            of.put(rung::as_issuer, found->issuer == listed,
                   found->issuer == listed                                   ? listed
                   : found->issuer + "/" == listed || found->issuer == listed + "/" ? "differs by a trailing slash: " + found->issuer
                                                                             : "it says " + (found->issuer.empty() ? "nothing" : found->issuer));
            of.put(rung::as_pkce_s256, found->pkce_s256);
            const bool secure = std::ranges::all_of(found->endpoints, [&](const std::string& e) { return acceptable(e); });
            of.put(rung::as_https, !found->endpoints.empty() && secure, found->endpoints.empty() ? "none is named" : "");
            of.put(rung::registration, found->client_id_metadata || found->registration,
                   found->client_id_metadata ? "client ID metadata documents" : found->registration ? "dynamic registration" : "clients must be registered beforehand");
            of.put(rung::as_iss_param, found->iss_parameter);
            if (!of.has(rung::as_issuer) || !of.has(rung::as_pkce_s256)) stumble(url);
            co_return of;
        }
        of.put(rung::as_found, false, places.empty() ? "the listed issuer is not a URL" : problem);
        co_return of;
    }

    mcp::script<bool> climb()
    {
        if (!seen.listed) {
            rungs.put(rung::status_401, seen.status_401);
            rungs.put(rung::challenge_bearer, seen.bearer);
            rungs.put(rung::challenge_names_metadata, !seen.metadata_url.empty());
        }
        auto finding = find_resource();
        const auto resource = co_await finding;
        if (!resource) {
            if (!seen.listed && !rungs.has(rung::prm_found)) {
                // Where clients of 2025-03-26 look; it makes no difference to the posture.
                const auto origin = endpoint.scheme + "://" + authority(endpoint);
                auto asked = get(origin + "/.well-known/oauth-authorization-server", false);
                const document d = co_await asked;
                rungs.put(rung::as_at_origin, is_success(d) && parse_authorization_server(d.body, false));
            }
            co_return false;
        }
        const auto how = covers(resource->resource, endpoint);
        loose = how == coverage::loose;
        rungs.put(rung::prm_resource, how != coverage::wrong, how == coverage::exact ? "exact" : how == coverage::loose ? "a parent of the URL: " + resource->resource : "it names " + resource->resource);
        if (how == coverage::wrong) stumble(metadata_url);
        // A client must not go on with the metadata of another resource, and for an open server no more is needed.
        if (how == coverage::wrong || seen.listed) co_return false;

        std::vector<std::string> servers;
        for (const auto& s : resource->authorization_servers)
            if (acceptable(s)) servers.push_back(s);
        rungs.put(rung::prm_servers, !servers.empty(),
                  !servers.empty() ? "" : resource->authorization_servers.empty() ? "`authorization_servers` is missing or empty" : "none is an https URL");
        if (servers.empty()) {
            stumble(metadata_url);
            co_return false;
        }
        outcomes best;
        servers.resize(std::min(servers.size(), most_servers));
        for (const auto& s : servers) {
            auto looking = look_at_server(s);
            auto of = co_await looking;
            if (!issuer.empty() && of.climbed() <= best.climbed()) continue;
            best = std::move(of);
            issuer = s;
            if (best.has(rung::as_issuer) && best.has(rung::as_pkce_s256)) {
                stumbled_at.clear();
                break;
            }
        }
        for (auto& o : best.list) rungs.list.push_back(std::move(o));
        co_return true;
    }
};

ladder::ladder(const canonical_url& endpoint, const gate& seen) : state_(std::make_unique<state>(endpoint, seen)) {}
ladder::~ladder() = default;
ladder::ladder(ladder&&) noexcept = default;

const std::string& ladder::wanted() const { return state_->wanted; }
bool ladder::wants_shared() const { return state_->shared; }

void ladder::heard(document d)
{
    state_->wanted.clear();
    state_->answer = std::move(d);
    state_->waiting.resume();
}

data::auth_facts ladder::facts() const
{
    const auto& s = *state_;
    data::auth_facts out;
    // Every rung is told, also those that nobody reached; of the older way only where it was looked for.
    for (const auto& row : data::all_rungs()) {
        const auto it = std::ranges::find(s.rungs.list, row.value, &data::rung_outcome::rung);
        if (it != s.rungs.list.end()) out.rungs.push_back(*it);
        else if (row.value != rung::as_at_origin && !(s.seen.listed && row.value < rung::prm_found))
            out.rungs.push_back({row.value, rung_state::not_reached, {}});
    }
    out.metadata_url = mcp::one_line(s.metadata_url, 500);
    out.issuer = mcp::one_line(s.issuer, 500);
    if (s.seen.listed) {
        const bool protects = s.rungs.has(rung::prm_resource);
        out.posture = protects || s.seen.lazy || s.seen.bearer ? data::posture::open_list
                      : s.ours                                 ? data::posture::unknown
                                                               : data::posture::open;
        return out;
    }
    const bool whole = std::ranges::all_of(out.rungs, [](const data::rung_outcome& o) {
        return o.state == rung_state::yes || !data::row_of(o.rung).decides;
    });
    out.posture = whole ? data::posture::gated : s.ours ? data::posture::unknown : data::posture::opaque;
    return out;
}

std::vector<data::warning> ladder::warnings() const
{
    std::vector<data::warning> out;
    if (state_->loose) out.push_back(data::warning::resource_loose);
    if (state_->fallback && state_->rungs.has(rung::prm_json)) out.push_back(data::warning::prm_fallback);
    return out;
}

const std::string& ladder::stumbled_at() const { return state_->stumbled_at; }

}  // namespace rollcall::audit::auth
