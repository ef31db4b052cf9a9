// State D: `server/discover` of 2026-07-28, and tools/list if it is answered.
#include "audit/classify/ascii.hpp"
#include "audit/mcp/attempt.hpp"
#include "audit/mcp/shapes.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using data::warning;
using nlohmann::json;

bool speaks_modern(const std::vector<std::string>& versions) { return std::ranges::find(versions, modern_version) != versions.end(); }

// What a result lacks to be an answer to `discover`. The official client takes one without the members that tell
// how long it holds.
std::optional<std::string> discover_fault(const json& result)
{
    const auto list = result.find("supportedVersions");
    if (list == result.end()) return "supportedVersions: absent";
    if (!list->is_array() || !std::ranges::all_of(*list, [](const json& v) { return v.is_string(); }))
        return "supportedVersions: not an array of strings";
    if (auto fault = capabilities_fault(result, data::era::modern)) return fault;
    if (auto fault = instructions_fault(result)) return fault;
    return meta_fault(result);
}

bool tells_how_long_it_holds(const json& result)
{
    const auto type = result.find("resultType"), ttl = result.find("ttlMs"), scope = result.find("cacheScope");
    return type != result.end() && *type == "complete" && ttl != result.end() && ttl->is_number() && *ttl >= 0 &&
           scope != result.end() && (*scope == "public" || *scope == "private");
}

// The server names versions other than ours. Where it names a legacy one `initialize` decides, so this answer must
// not outrank what that meets.
void file_other_versions(attempt& a, const std::vector<std::string>& versions)
{
    a.named_version = newest_legacy_of(versions);
    if (!a.named_version.empty()) a.reached = depth::nothing;
    else if (speaks_modern(versions)) a.if_all_fails = finding{reason::version_unsupported, "refuses the version that it names"};
    else a.if_all_fails = finding{reason::version_unsupported, "names no version that we speak"};
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
        else a.reached = depth::nothing;
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
    if (const auto fault = discover_fault(r.result)) {
        a.why = {reason::discover_shape, *fault};
        a.if_all_fails = a.why;
        co_return a;
    }
    const auto versions = r.result["supportedVersions"].get<std::vector<std::string>>();
    if (!speaks_modern(versions)) {
        const std::string named = versions.empty() ? "names no version" : "names only " + one_line(versions.front(), 40);
        a.why = {reason::version_unsupported, named};
        file_other_versions(a, versions);
        co_return a;
    }
    a.greeted = true;
    a.facts.era = data::era::modern;
    a.facts.transport = data::transport::streamable_http;
    a.facts.protocol_version = modern_version;
    note_reply(a, h.reply);
    if (!tells_how_long_it_holds(r.result)) warn(a, warning::discover_malformed);
    if (const auto meta = r.result.find("_meta"); meta != r.result.end())
        if (const auto info = meta->find("io.modelcontextprotocol/serverInfo"); info != meta->end()) note_server(a, *info);
    note_capabilities(a, r.result["capabilities"]);
    auto listing = read_list(talk, a, {}, r.result["capabilities"].contains("tools"));
    co_await listing;
    co_return a;
}

}  // namespace rollcall::audit::mcp
