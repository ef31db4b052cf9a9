#include "audit/health/families.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/health/words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace rollcall::audit::health {
namespace {

using json = nlohmann::ordered_json;

// Is there something at "a/b/c"? "*" is any member of an object or element of an array.
bool has(const json& at, std::string_view path)
{
    if (path.empty()) return true;
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    const auto rest = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    if (name == "*") return at.is_structured() && std::any_of(at.begin(), at.end(), [&](const json& v) { return has(v, rest); });
    if (!at.is_object()) return false;
    const auto found = at.find(std::string(name));
    return found != at.end() && has(*found, rest);
}

bool has_any(const json& d, std::initializer_list<std::string_view> paths)
{
    return std::ranges::any_of(paths, [&](std::string_view p) { return has(d, p); });
}

std::string text_at(const json& d, const char* name)
{
    const auto found = d.is_object() ? d.find(name) : d.end();
    return found != d.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool says(const json& d, std::initializer_list<std::string_view> exactly)
{
    return std::ranges::find(exactly, text_at(d, "status")) != exactly.end();
}

using type = std::string_view;

constexpr std::array families{
    family_row{family::none, "none", "no health document that we know", nullptr},
    family_row{family::page, "page", "a web page", nullptr},
    family_row{family::empty, "empty", "an answer without text", nullptr},
    family_row{family::word, "word", "one word", nullptr},
    family_row{family::lines, "lines", "lines of component and state", nullptr},
    family_row{family::probe_lines, "probe_lines", "verbose checks of a Kubernetes component", nullptr},
    family_row{family::tool_text, "tool_text", "the text of a health tool", nullptr},

    family_row{family::health_json, "health_json", "health+json", [](const json& d, type t) {
        return begins_with(t, "application/health+json") || has_any(d, {"checks/*/*/observedValue", "checks/*/*/componentType", "checks/*/*/componentId"}); }},
    family_row{family::statuspage, "statuspage", "a status page's summary", [](const json& d, type) { return has(d, "status/indicator"); }},
    family_row{family::microprofile, "microprofile", "MicroProfile Health", [](const json& d, type) {
        const auto checks = d.is_object() ? d.find("checks") : d.end();
        return checks != d.end() && checks->is_array() && has(d, "status"); }},
    family_row{family::aspnet, "aspnet", "ASP.NET health checks", [](const json& d, type) { return has_any(d, {"entries/*/status", "results/*/status"}); }},
    family_row{family::terminus, "terminus", "NestJS Terminus", [](const json& d, type) { return has(d, "info") && has(d, "error") && has(d, "details"); }},
    family_row{family::spring, "spring", "Spring Boot Actuator", [](const json& d, type) {
        return has(d, "components/*/status") || says(d, {"UP", "DOWN", "OUT_OF_SERVICE", "UNKNOWN"}); }},
    family_row{family::grpc_health, "grpc_health", "gRPC health checking", [](const json& d, type) { return says(d, {"SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"}); }},
    family_row{family::grpc_gateway, "grpc_gateway", "an error of a gRPC gateway", [](const json& d, type) { return has(d, "code") && has(d, "message") && has(d, "details"); }},

    family_row{family::freshness, "freshness", "freshness of tables", [](const json& d, type) { return has(d, "freshness/*/status"); }},
    family_row{family::surfaces, "surfaces", "resources, prompts and notifications", [](const json& d, type) {
        return has_any(d, {"resources/subscriptions", "prompts/expansion_ms", "notifications/error_rate"}); }},
    family_row{family::work, "work", "jobs, workflows, approvals and security", [](const json& d, type) { return has_any(d, {"jobs/stuck", "workflows/oldest_non_terminal_secs", "approvals/slack"}); }},
    family_row{family::media, "media", "browser, image, PDF and video tools", [](const json& d, type) { return has_any(d, {"checks/browser", "checks/image", "checks/pdf", "checks/ffmpeg"}); }},
    family_row{family::aggregate, "aggregate", "several checks under one state", [](const json& d, type) { return has_any(d, {"checks/*", "components/*", "dependencies/*", "services/*"}); }},

    family_row{family::postgres_pool, "postgres_pool", "a pool of PostgreSQL connections", [](const json& d, type) { return has(d, "pool/waitingCount"); }},
    family_row{family::mysql_pool, "mysql_pool", "a pool of MySQL connections", [](const json& d, type) { return has(d, "pool/queued"); }},
    family_row{family::mongodb_pool, "mongodb_pool", "a pool of MongoDB connections", [](const json& d, type) { return has(d, "pool/waitQueueSize"); }},
    family_row{family::flat_pool, "flat_pool", "a pool with its utilisation", [](const json& d, type) { return has(d, "pool_utilization") && has(d, "status"); }},
    family_row{family::replica, "replica", "a primary and its replica", [](const json& d, type) { return has(d, "primary") && has(d, "replica"); }},
    family_row{family::events, "events", "a stream of events", [](const json& d, type) {
        return has(d, "last_event_secs_ago") || text_at(d, "reason") == "subscriber_disconnected"; }},
    family_row{family::replication, "replication", "lag of a replication", [](const json& d, type) { return has(d, "lag_secs"); }},
    family_row{family::brokers, "brokers", "a message broker's cluster", [](const json& d, type) { return has(d, "brokerCount"); }},
    family_row{family::model, "model", "a program around a language model", [](const json& d, type) { return has(d, "lm_reachable"); }},
    family_row{family::bucket, "bucket", "an object store's bucket", [](const json& d, type) { return has(d, "bucket"); }},
    family_row{family::hosted_database, "hosted_database", "a hosted database's canary", [](const json& d, type) { return has(d, "reachable") || text_at(d, "reason") == "project_paused"; }},
    family_row{family::branch_database, "branch_database", "a database that scales to zero", [](const json& d, type) { return has(d, "class") && has(d, "response_ms"); }},
    family_row{family::canary_table, "canary_table", "a write and a read of a table", [](const json& d, type) { return has(d, "canary/put_ms"); }},
    family_row{family::token_database, "token_database", "a database behind a token", [](const json& d, type) { return says(d, {"auth_expired"}) || has(d, "token_expires_at"); }},
    family_row{family::tenants, "tenants", "a service of many tenants", [](const json& d, type) { return has(d, "rls_canary"); }},
    family_row{family::tool_statistics, "tool_statistics", "statistics of a tool server", [](const json& d, type) { return has(d, "stats/running"); }},
    family_row{family::tool_check, "tool_check", "a tool that checks its database", [](const json& d, type) { return has(d, "database") && has(d, "query"); }},
    family_row{family::readiness, "readiness", "readiness", [](const json& d, type) { return says(d, {"ready", "not_ready", "draining", "starting"}); }},
    family_row{family::liveness, "liveness", "liveness", [](const json& d, type) { return says(d, {"live", "alive"}) || has(d, "event_loop_lag_ms"); }},
    family_row{family::detail_only, "detail_only", "an error's detail", [](const json& d, type) { return has(d, "detail") && !has(d, "status"); }},
    family_row{family::error_only, "error_only", "an error's text", [](const json& d, type) { return has(d, "error") && d.size() <= 2; }},
    family_row{family::word_map, "word_map", "components and words", [](const json& d, type) {
        return d.is_object() && !d.empty() && std::all_of(d.begin(), d.end(), [](const json& v) { return v.is_string() && split_word(v.get_ref<const std::string&>()); }) && !has(d, "status"); }},
    family_row{family::status_only, "status_only", "a state and what goes with it", [](const json& d, type) { return has_any(d, {"status", "state", "health", "healthy"}); }},
};

consteval bool in_enum_order()
{
    for (std::size_t i = 0; i < families.size(); ++i)
        if (families[i].value != static_cast<family>(i)) return false;
    return families.size() == static_cast<std::size_t>(family::status_only) + 1;
}
static_assert(in_enum_order());

}  // namespace

std::span<const family_row> all_families() noexcept { return families; }
const family_row& row_of(family f) noexcept { return families[static_cast<std::size_t>(f)]; }

family family_of(const json& document, std::string_view content_type)
{
    const auto type = lower(content_type);
    for (const auto& row : families)
        if (row.is_of && row.is_of(document, type)) return row.value;
    return family::none;
}

}  // namespace rollcall::audit::health
