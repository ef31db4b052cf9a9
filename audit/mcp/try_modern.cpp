// State D: `server/discover` of 2026-07-28, and tools/list if it is answered.
#include "audit/classify/ascii.hpp"
#include "audit/mcp/attempt.hpp"

#include <algorithm>

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using data::warning;
using nlohmann::json;

bool speaks_modern(const std::vector<std::string>& versions) { return std::ranges::find(versions, modern_version) != versions.end(); }

// `supportedVersions` of a result that has the shape of an answer to `discover`.
std::optional<std::vector<std::string>> discovered_versions(const json& result)
{
    const auto list = result.find("supportedVersions");
    const auto capabilities = result.find("capabilities");
    if (list == result.end() || !list->is_array() || capabilities == result.end() || !capabilities->is_object()) return std::nullopt;
    if (capabilities->contains("tools") && !(*capabilities)["tools"].is_object()) return std::nullopt;
    std::vector<std::string> versions;
    for (const auto& v : *list) {
        if (!v.is_string()) return std::nullopt;
        versions.push_back(v.get<std::string>());
    }
    return versions;
}

// The server names versions, ours not among them.
void file_other_versions(attempt& a, const std::vector<std::string>& versions)
{
    a.named_version = newest_legacy_of(versions);
    if (a.named_version.empty()) a.if_all_fails = finding{reason::version_unsupported, "names no version that we speak"};
}

bool is_version_error(const reading& r)
{
    return r.what == reading::kind::error && (r.code == -32022 || (r.code == -32004 && supported_versions(r)));
}

// A modern server for which our bytes were wrong, or were stripped on the way.
bool is_modern_refusal(const reading& r)
{
    if (r.code == -32020 || r.code == -32021) return true;
    if (r.code == -32003) return r.data.is_object() && r.data.contains("requiredCapabilities");
    if (r.code != -32602) return false;
    const auto words = lower(r.words);
    return words.find("_meta") != std::string::npos || words.find("envelope") != std::string::npos;
}

void file_refusal(attempt& a, const reading& r)
{
    note_failure(a, r);
    // The official client in its automatic mode gives up on these, with or without an error in the body.
    a.unfriendly = r.status == 401 || r.status >= 500 || r.status == 202 || (r.status == 200 && r.why.why == reason::html);
    if (r.what == reading::kind::error) {
        if (is_version_error(r)) file_other_versions(a, supported_versions(r).value_or(std::vector<std::string>{}));
        else if (is_modern_refusal(r)) a.if_all_fails = finding{reason::rpc_error, "header_mismatch"};
        // A server of the older eras need not know the method: its error must not outrank what `initialize` met.
        else a.reached = std::min(a.reached, depth::tcp);
    }
}

}  // namespace

script<attempt> try_modern(dialogue& talk)
{
    attempt a;
    heard h;
    reading r;
    for (bool again = false;; again = true) {
        a = {};
        a.first_ask = talk.asked();
        const auto h_said = talk.say(modern_discover(talk));
        h = co_await h_said;
        r = read(h);
        const auto named = is_version_error(r) ? supported_versions(r) : std::nullopt;
        if (again || !named || !speaks_modern(*named)) break;
    }
    note_reply(a, h.reply);
    if (r.what != reading::kind::result) {
        file_refusal(a, r);
        co_return a;
    }
    a.facts.http_status = static_cast<std::uint16_t>(r.status);
    a.reached = depth::rpc;
    const auto versions = discovered_versions(r.result);
    if (!versions || !speaks_modern(*versions)) {
        a.why = {reason::discover_shape, {}};
        if (versions) file_other_versions(a, *versions);
        else a.if_all_fails = finding{reason::discover_shape, {}};
        co_return a;
    }
    a.greeted = true;
    a.facts.era = data::era::modern;
    a.facts.transport = data::transport::streamable_http;
    a.facts.protocol_version = modern_version;
    note_reply(a, h.reply);
    for (const char* member : {"resultType", "ttlMs", "cacheScope"})
        if (!r.result.contains(member)) warn(a, warning::discover_malformed);
    if (const auto meta = r.result.find("_meta"); meta != r.result.end() && meta->is_object())
        if (const auto info = meta->find("io.modelcontextprotocol/serverInfo"); info != meta->end()) note_server(a, *info);
    note_capabilities(a, r.result["capabilities"]);
    auto listing = read_list(talk, a, {}, r.result["capabilities"].contains("tools"));
    co_await listing;
    co_return a;
}

}  // namespace rollcall::audit::mcp
