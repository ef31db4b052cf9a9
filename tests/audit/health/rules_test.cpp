// The rules of reading, each as a table: document in, one line out.
#include "tests/audit/health/support.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit::health;
using namespace rollcall::audit::health::tests;

namespace {

struct row {
    const char* name;
    unsigned status;
    std::string body;
    std::string expected;  // line_of
    const char* type = "application/json";
};

void check(const std::vector<row>& rows)
{
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name) { CHECK(line_of(read_text_of(r.status, r.body, r.type)) == r.expected); }
}

std::string repeated(std::string_view piece, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

}  // namespace

TEST_CASE("what is read at all", "[health]")
{
    check({
        {"JSON under any content type", 200, R"({"status":"ok"})", "up: service up", "text/html"},
        {"a byte order mark", 200, "\xEF\xBB\xBF{\"status\":\"ok\"}", "up: service up"},
        {"bytes that are no UTF-8", 200, "{\"status\":\"ok\",\"x\":\"\xff\xfe\"}", "up: service up"},
        {"NaN is a missing figure", 200, R"({"status":"healthy","pool_total":0,"pool_utilization":NaN})", "unknown: service unknown pool_empty {pool_total 0, pool_utilization -}"},
        {"Infinity is a missing age", 503, R"({"freshness":{"a":{"status":"stale","age_secs":Infinity}}})", "degraded: table/a degraded never_updated {age_s -}"},
        {"NaN in a text stays", 200, R"({"status":"error","error":"NaN, Infinity"})", "down: service down unspecified; ! code_body_conflict"},
        {"a name twice: the last counts", 200, R"({"status":"error","status":"ok"})", "up: service up; ! duplicate_key"},
        {"a page", 200, "<!doctype html><p>ok", "unknown: service unknown not_a_health_document", "text/html"},
        {"another markup", 200, "<?xml version='1.0'?><status>ok</status>", "unknown: service unknown not_a_health_document"},
        {"a page behind a dead application", 502, "<html>Bad Gateway", "down: service down http_502"},
        {"a page that says unavailable", 503, "<html>Service Unavailable", "degraded: service degraded http_503"},
        {"a wall in place of the answer", 503, "<!doctype html><title>Just a moment...</title>", "unknown: service unknown challenge_page"},
        {"a truncated document", 200, R"({"status":"ok","checks":{"db)", "unknown: service unknown broken_json"},
        {"65,537 bytes", 200, R"({"status":"ok","x":")" + std::string(65537 - 22, 'x') + "\"}", "unknown: service unknown too_large"},
        {"65,536 bytes", 200, R"({"status":"ok","x":")" + std::string(65536 - 22, 'x') + "\"}", "up: service up"},
        {"nine levels", 200, R"({"status":"ok","x":)" + repeated("[", 8) + repeated("]", 8) + "}", "unknown: service unknown too_deep"},
        {"eight levels", 200, R"({"status":"ok","x":)" + repeated("[", 7) + repeated("]", 7) + "}", "up: service up"},
        {"513 members", 200, R"({"status":"ok","x":[)" + repeated("0,", 512) + "0]}", "unknown: service unknown too_many_members"},
        {"512 members", 200, R"({"status":"ok","x":[)" + repeated("0,", 511) + "0]}", "up: service up"},
        {"a tool's result", 0, R"({"content":[{"type":"text","text":"{\"status\":\"ok\"}"}]})", "up: service up"},
        {"a tool's result in its reply", 0, R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"worker_healthy"}]}})", "up: worker up"},
        {"a tool that calls its fine result an error", 0, R"({"content":[{"type":"text","text":"{\"status\":\"ok\"}"}],"isError":true})", "down: service down tool_error; ! code_body_conflict"},
        {"a tool that threw", 0, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"canary_job_failed"}})", "down: worker down canary_job_failed"},
        {"a tool that is not there", 0, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})", "unknown: service unknown rpc_error"},
    });
}

TEST_CASE("words of state", "[health]")
{
    check({
        {"in capitals, with spaces around", 200, R"({"status":" Healthy "})", "up: service up"},
        {"with a hyphen", 200, R"({"status":"out-of-service-soon"})", "unknown: service unknown unknown_word; ! unknown_word"},
        {"a hyphen for an underscore", 503, R"({"status":"not-ready"})", "degraded: service degraded not_ready"},
        {"a space for an underscore", 503, R"({"status":"Not Ready"})", "degraded: service degraded not_ready"},
        {"a word and its text", 200, R"({"status":"unhealthy: connection refused"})", "down: service down refused; ! code_body_conflict"},
        {"yes", 200, R"({"status":true})", "up: service up"},
        {"no", 200, R"({"status":false})", "down: service down unspecified; ! code_body_conflict"},
        {"an HTTP status as a number", 200, R"({"status":200,"message":"OK"})", "up: service up"},
        {"an HTTP status as a number that is none", 200, R"({"status":1})", "unknown: service unknown no_state"},
        {"says that it does not know", 200, R"({"status":"unknown"})", "unknown: service unknown no_state"},
        {"out of service as a whole", 503, R"({"status":"OUT_OF_SERVICE"})", "down: service down out_of_service"},
        {"out of service as a part", 503, R"({"status":"ok","components":{"a":{"status":"OUT_OF_SERVICE"},"b":{"status":"UP"}}})", "degraded: a degraded out_of_service; b up"},
        {"a cold start is no fault", 200, R"({"status":"cold_start"})", "up: service up cold_start"},
        {"a circuit that is open", 200, R"({"status":"ok","breaker":{"state":"open"}})", "degraded: breaker degraded breaker_open"},
        {"a shop that is open", 200, R"({"status":"ok","shop":{"state":"open"}})", "up: shop unknown unknown_word; ! unknown_word"},
        {"the worst that happens is nothing", 200, R"({"status":{"indicator":"none"}})", "up: service up"},
        {"a state of nothing", 200, R"({"status":"none"})", "unknown: service unknown unknown_word; ! unknown_word"},
    });
}

TEST_CASE("where components are found", "[health]")
{
    check({
        {"words at the top", 200, R"({"status":"ok","database":"ok","redis":"ok"})", "up: database up; redis up"},
        {"objects at the top", 200, R"({"status":"ok","database":{"status":"ok"}})", "up: database up"},
        {"a container's name is no part of theirs", 200, R"({"status":"ok","dependencies":{"services":{"mail":{"state":"up"}}}})", "up: mail up"},
        {"another name is", 200, R"({"status":"ok","eu":{"mail":{"state":"up"}}})", "up: eu/mail up"},
        {"words and yes or no in a container", 200, R"({"checks":{"db":true,"mail":"green"}})", "up: db up; mail up"},
        {"a no in a container", 200, R"({"status":"ok","checks":{"db":false}})", "down: db down unspecified; ! aggregate_hides_failure"},
        {"a list by name", 200, R"({"components":[{"name":"a","status":"up"},{"id":"b","status":"up"},{"status":"up"}]})", "up: a up; b up; #3 up"},
        {"a list with a name twice", 200, R"([{"name":"a","status":"up"},{"name":"a","status":"down"}])", "down: a up; a #2 down unspecified; ! code_body_conflict"},
        {"a component within a component", 200, R"({"status":"ok","db":{"status":"ok","components":{"shard":{"status":"ok"}}}})", "up: db up; db/shard up"},
        {"one component told of twice", 503, R"({"status":"error","error":{"a":{"status":"down","message":"timeout"}},"details":{"a":{"status":"up","latencyMs":3}}})", "down: a down timeout {latency_ms 3}"},
        {"a setting that is a word of state", 200, R"({"status":"ok","log_level":"error","env":"live","mode":"warm","last_result":"failed"})", "up: service up"},
        {"a setting by the end of its name", 200, R"({"status":"ok","cache_mode":"offline","failure_policy":"fail","fallback":"offline"})", "up: service up"},
        {"a colour", 200, R"({"status":"ok","theme":"red","banner":"green"})", "up: service up"},
        {"a yes or no that is no state", 200, R"({"status":"ok","debug":false,"cached":false,"exists":false})", "up: service up"},
        {"a yes or no in details", 200, R"({"status":"UP","components":{"disk":{"status":"UP","details":{"readOnly":false,"exists":true}}}})", "up: disk up"},
        {"a build that failed", 200, R"({"status":"ok","build":{"status":"failed"},"git":{"state":"red"}})", "up: service up"},
        {"what was", 200, R"({"status":{"indicator":"none"},"incidents":[{"status":"investigating","impact":"critical"}]})", "up: service up"},
        {"a measurement's name", 200, R"({"status":"pass","checks":{"db:responseTime":[{"status":"pass","observedValue":4,"observedUnit":"ms"}]}})", "up: db/responseTime up {latency_ms 4}"},
        {"measurements of several nodes", 200, R"({"status":"pass","checks":{"cpu:load":[{"componentId":"a","status":"pass","observedValue":1},{"status":"pass","observedValue":2}]}})", "up: cpu/load/a up {load 1}; cpu/load/#2 up {load 2}"},
        {"a replica that is lost impairs the whole", 503, R"({"status":"degraded","primary":"up","replica":"down"})", "degraded: primary up; replica down unspecified"},
        {"a part that is lost impairs its component", 200, R"({"status":"ok","search":{"status":"ok","spelling":"offline"}})", "degraded: search degraded offline"},
    });
}

TEST_CASE("an object's own state", "[health]")
{
    check({
        {"status before state before health", 200, R"({"health":"down","state":"down","status":"ok"})", "up: service up"},
        {"state before health", 200, R"({"health":"down","state":"ok"})", "up: service up"},
        {"names in another case", 200, R"({"Status":"Healthy"})", "up: service up"},
        {"healthy: yes", 200, R"({"healthy":true})", "up: service up"},
        {"healthy: no", 503, R"({"healthy":false})", "down: service down unspecified"},
        {"reachable: no", 503, R"({"reachable":false})", "down: service down unreachable"},
        {"ready: no", 503, R"({"ready":false})", "degraded: service degraded not_ready"},
        {"a no beats the word", 200, R"({"status":"ok","db_connected":false})", "down: service down db_connected; ! aggregate_hides_failure"},
        {"a yes adds nothing to a bad word", 503, R"({"status":"degraded","db_connected":true})", "degraded: service degraded unspecified"},
        {"a yes that means ill", 200, R"({"status":"ok","throttled":true})", "degraded: service degraded throttled"},
        {"a no that means nothing", 200, R"({"maintenance":false})", "unknown: service unknown no_state"},
        {"a word for want of a better place", 200, R"({"uptime":5,"message":"OK"})", "up: service up {uptime 5}"},
        {"a message that is no word", 200, R"({"uptime":5,"message":"all is well"})", "unknown: service unknown no_state {uptime 5}"},
        {"a message beside a state is none", 503, R"({"status":"degraded","message":"OK"})", "degraded: service degraded unspecified"},
        {"an error", 503, R"({"error":"no route to host"})", "down: service down unreachable"},
        {"an error that is nothing", 200, R"({"status":"ok","error":null,"errors":[],"exception":""})", "up: service up"},
        {"an error beside ok is only a note", 200, R"({"status":"ok","error":"timeout, tried again"})", "up: service up"},
        {"a detail with success says nothing", 200, R"({"detail":"timeout"})", "unknown: service unknown no_state"},
        {"a gateway's code", 503, R"({"code":14,"message":"no connection","details":[]})", "down: service down unavailable"},
        {"a gateway that did not let us in", 500, R"({"code":16,"message":"who are you","details":[]})", "down: service down unauthenticated"},
    });
}

TEST_CASE("reasons", "[health]")
{
    check({
        {"its own code", 503, R"({"status":"error","reason":"bucket_not_found"})", "down: service down bucket_not_found"},
        {"its own words as a code", 503, R"({"status":"error","reason":"Bucket not found"})", "down: service down bucket_not_found"},
        {"a sentence is no code", 503, R"({"status":"error","reason":"the host 10.0.0.7 did not answer: timed out"})", "down: service down timeout"},
        {"an address is no code", 503, R"({"status":"error","reason":"10.0.0.7"})", "down: service down unspecified"},
        {"a runtime's code", 503, R"({"status":"error","code":"ECONNREFUSED"})", "down: service down refused"},
        {"timeout", 503, R"({"status":"error","error":"Query read timeout"})", "down: service down timeout"},
        {"dns", 503, R"({"status":"error","error":"getaddrinfo ENOTFOUND db"})", "down: service down dns"},
        {"tls before expired", 503, R"({"status":"error","error":"certificate has expired"})", "down: service down tls"},
        {"auth", 503, R"({"status":"error","error":"password authentication failed for user \"app\""})", "down: service down auth"},
        {"expired", 503, R"({"status":"error","error":"The security token is expired"})", "down: service down auth_expired"},
        {"throttled", 503, R"({"status":"error","error":"ThrottlingException: Rate exceeded"})", "down: service down throttled"},
        {"quota", 503, R"({"status":"error","error":"quota exceeded"})", "down: service down quota"},
        {"pool", 503, R"({"status":"error","error":"sorry, too many clients already"})", "down: service down pool_exhausted"},
        {"paused", 503, R"({"status":"error","error":"the project is paused"})", "down: service down paused"},
        {"not found", 503, R"({"status":"error","error":"relation does not exist"})", "down: service down not_found"},
        {"none of these", 503, R"({"status":"error","error":"the dog ate it"})", "down: service down unspecified"},
        {"in an object", 503, R"({"status":"error","error":{"message":"socket hang up"}})", "down: service down reset"},
    });
}

TEST_CASE("figures", "[health]")
{
    check({
        {"names of several drivers", 200, R"({"status":"ok","pool":{"totalCount":1,"idleCount":1,"waitingCount":0}})", "up: service up {pool_total 1, pool_idle 1, pool_waiting 0}"},
        {"total and queued of a pool", 200, R"({"status":"ok","pool":{"total":1,"idle":1,"queued":0}})", "up: service up {pool_total 1, pool_idle 1, pool_waiting 0}"},
        {"total and queued of something else", 200, R"({"status":"ok","jobs":{"total":9,"queued":4}})", "up: service up {jobs_total 9, jobs_queued 4}"},
        {"a pool of threads may have a queue", 200, R"({"status":"ok","thread_pool":{"queued":4}})", "up: service up {thread_pool_queued 4}"},
        {"utilisation in percent", 200, R"({"status":"ok","pool_utilization":45})", "up: service up {pool_utilization 0.45}"},
        {"utilisation a little above one", 200, R"({"status":"degraded","pool_utilization":1.2})", "degraded: service degraded pool_saturated {pool_utilization 1.2}"},
        {"milliseconds", 200, R"({"status":"ok","latencyMs":3.25})", "up: service up {latency_ms 3.25}"},
        {"a number with its unit", 200, R"({"status":"ok","responseTime":"12 ms","wait":"3s","load":"31%"})", "up: service up {latency_ms 12, wait_s 3, load_ratio 0.31}"},
        {"a span of time", 200, R"({"status":"Healthy","duration":"00:00:01.5"})", "up: service up {latency_ms 1500}"},
        {"seconds by their name", 200, R"({"status":"ok","sync_age_secs":5,"next_run_seconds":60,"heap_bytes":1024})", "up: service up {sync_age_s 5, next_run_s 60, heap_bytes 1024}"},
        {"what identifies or dates is no figure", 200, R"({"status":"ok","controllerId":2,"port":5432,"pid":1,"timestamp":1763692200000,"version":3})", "up: service up"},
        {"two levels below", 200, R"({"status":"ok","a":{"b":{"n":1}}})", "up: service up {a_b_n 1}"},
        {"three levels below is too far", 200, R"({"status":"ok","a":{"b":{"c":{"n":1}}}})", "up: service up"},
        {"beyond a double", 200, R"({"status":"ok","n":1e999})", "up: service up {n 1.79769e+308}"},
        {"an unknown null is no figure", 200, R"({"status":"ok","n":null})", "up: service up"},
    });
}

TEST_CASE("figures that contradict the word", "[health]")
{
    check({
        {"somebody waits for a connection", 200, R"({"status":"ok","pool_waiting":1})", "degraded: service degraded pool_exhausted {pool_waiting 1}"},
        {"nobody does", 200, R"({"status":"ok","pool_waiting":0})", "up: service up {pool_waiting 0}"},
        {"0.9 is not yet saturated", 200, R"({"status":"ok","pool_utilization":0.9})", "up: service up {pool_utilization 0.9}"},
        {"0.91 is", 200, R"({"status":"ok","pool_utilization":0.91})", "degraded: service degraded pool_saturated {pool_utilization 0.91}"},
        {"a second before the limit", 200, R"({"status":"ok","age_secs":299,"threshold_secs":300})", "up: service up {age_s 299, threshold_s 300}"},
        {"at the limit", 200, R"({"status":"ok","age_secs":300,"threshold_secs":300})", "degraded: service degraded stale {age_s 300, threshold_s 300}"},
        {"an age without a limit", 200, R"({"status":"ok","age_secs":99999})", "up: service up {age_s 99999}"},
        {"a limit of another object", 200, R"({"status":"ok","a":{"age_secs":300},"b":{"threshold_secs":300}})", "up: service up {a_age_s 300, b_threshold_s 300}"},
        {"a lag beyond its limit", 200, R"({"status":"ok","lag_secs":31,"threshold_secs":30})", "degraded: service degraded replica_lag {lag_s 31, threshold_s 30}"},
        {"no broker", 200, R"({"status":"ok","brokerCount":0})", "down: service down no_brokers {broker_count 0}; ! aggregate_hides_failure"},
        {"no worker", 200, R"({"status":"ok","workers":0})", "degraded: service degraded no_workers {worker_count 0}"},
        {"a stuck job", 200, R"({"status":"ok","stuck":1})", "degraded: service degraded stuck {stuck_count 1}"},
        {"an hour without an end", 200, R"({"status":"ok","oldest_non_terminal_secs":3600})", "up: service up {non_terminal_age_s 3600}"},
        {"more than an hour", 200, R"({"status":"ok","oldest_non_terminal_secs":3601})", "degraded: service degraded workflow_stuck {non_terminal_age_s 3601}"},
        {"ten minutes unreported", 200, R"({"status":"ok","oldest_unreported_secs":600})", "up: service up {unreported_age_s 600}"},
        {"more than ten minutes", 200, R"({"status":"ok","oldest_unreported_secs":601})", "degraded: service degraded billing_unreported {unreported_age_s 601}"},
        {"one error in a hundred", 200, R"({"status":"ok","error_rate":0.01})", "up: service up {error_rate 0.01}"},
        {"more than one", 200, R"({"status":"ok","error_rate":0.011})", "degraded: service degraded error_rate {error_rate 0.011}"},
        {"an expansion of five seconds", 200, R"({"status":"ok","expansion_ms":5000})", "degraded: service degraded slow {expansion_ms 5000}"},
        {"0 of 0 connections", 200, R"({"status":"ok","pool_total":0,"pool_utilization":null})", "unknown: service unknown pool_empty {pool_total 0, pool_utilization -}"},
        {"a figure never mends a word", 503, R"({"status":"error","pool_waiting":0,"pool_utilization":0.1})", "down: service down unspecified {pool_waiting 0, pool_utilization 0.1}"},
        {"a worse word stays, and the figure explains it", 503, R"({"status":"error","pool_waiting":5})", "down: service down pool_exhausted {pool_waiting 5}"},
        {"figures without a word prove nothing", 200, R"({"pool_waiting":5})", "unknown: service unknown no_state {pool_waiting 5}"},
    });
}

TEST_CASE("the sum of parts, text and HTTP status", "[health]")
{
    check({
        {"the worst part", 200, R"({"a":"ok","b":"degraded","c":"ok"})", "degraded: a up; b degraded unspecified; c up"},
        {"a whole that hides a part", 200, R"({"status":"UP","components":{"db":{"status":"DOWN"}}})", "down: db down unspecified; ! aggregate_hides_failure"},
        {"a whole that is worse than its parts", 503, R"({"status":"down","components":{"db":{"status":"UP"}}})", "down: service down unspecified; db up"},
        {"degraded with 200 stays degraded", 200, R"({"status":"degraded"})", "degraded: service degraded unspecified"},
        {"ok with 503", 503, R"({"status":"ok"})", "degraded: service degraded http_503; ! code_body_conflict"},
        {"ok with 500", 500, R"({"status":"ok"})", "down: service down http_500; ! code_body_conflict"},
        {"parts that are well with 503", 503, R"({"a":"ok"})", "degraded: service degraded http_503; a up; ! code_body_conflict"},
        {"degraded with 500", 500, R"({"status":"degraded","reason":"slow_disk"})", "down: service down slow_disk"},
        {"a failure with 200", 200, R"({"status":"error"})", "down: service down unspecified; ! code_body_conflict"},
        {"not let in", 401, R"({"status":"error","error":"unauthorized"})", "unknown: service unknown http_401"},
        {"forbidden", 403, R"({"status":"down"})", "unknown: service unknown http_403"},
        {"not there", 404, R"({"status":"error"})", "unknown: service unknown http_404"},
        {"too often", 429, R"({"status":"ok"})", "unknown: service unknown http_429"},
        {"led elsewhere", 302, "", "unknown: service unknown http_302"},
        {"not implemented", 501, R"({"status":"error"})", "unknown: service unknown http_501"},
        {"no HTTP at all", 0, R"({"status":"error"})", "down: service down unspecified"},
        {"an unknown part under a whole that is up", 200, R"({"status":"ok","a":{"status":"purple"}})", "up: a unknown unknown_word; ! unknown_word"},
        {"an unknown part without a whole", 200, R"({"a":{"status":"purple"},"b":"ok"})", "unknown: a unknown unknown_word; b up; ! unknown_word"},
        {"an unknown whole over good parts", 200, R"({"status":"purple","a":"ok"})", "unknown: a up; ! unknown_word"},
        {"an unknown whole over a bad part", 200, R"({"status":"purple","a":"down"})", "down: a down unspecified; ! unknown_word; ! code_body_conflict"},
    });
}

TEST_CASE("documents without a state", "[health]")
{
    check({
        {"only numbers", 200, R"({"uptime":3})", "unknown: service unknown no_state {uptime 3}"},
        {"an empty object", 200, "{}", "unknown: service unknown not_a_health_document"},
        {"an empty list", 200, "[]", "unknown: service unknown not_a_health_document"},
        {"a number", 200, "1", "unknown: service unknown not_a_health_document"},
        {"a detail with 503", 503, R"({"detail":"timeout contacting LM"})", "down: service down timeout"},
        {"empty with 200", 200, "", "up: service up"},
        {"empty with 204", 204, "", "up: service up"},
        {"empty with 206", 206, "", "unknown: service unknown empty"},
        {"empty with 500", 500, "", "down: service down http_500"},
        {"an empty file", 0, "", "unknown: service unknown empty"},
        {"a word", 200, "OK\n", "up: service up", "text/plain"},
        {"a word in quotes", 200, "\"ok\"", "up: service up"},
        {"a word with an exclamation mark", 200, "Healthy!", "up: service up", "text/plain"},
        {"a word and its text", 200, "unhealthy: disk is full", "down: service down disk_full; ! code_body_conflict", "text/plain"},
        {"prose", 200, "Welcome to the harbour.", "unknown: service unknown not_a_health_document", "text/plain"},
        {"prose with a word in it", 200, "The service is down for everybody but you", "unknown: service unknown not_a_health_document", "text/plain"},
        {"prose with 503", 503, "Please come back later", "degraded: service degraded http_503", "text/plain"},
        {"lines", 200, "db: ok\ncache = down: refused\n", "down: db up; cache down refused; ! code_body_conflict", "text/plain"},
        {"one line of many", 200, "Server: up\nhello there\nthis is a page\nof prose", "unknown: service unknown not_a_health_document", "text/plain"},
        {"metrics of a collector", 200, "# HELP up\nup 1\nrequests_total 4\n", "unknown: service unknown not_a_health_document", "text/plain"},
    });
}
