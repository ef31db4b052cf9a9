// A scripted peer: canned answers to what the conversation says, and a record of what was said.
#pragma once

#include "audit/mcp/conversation.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rollcall::audit::mcp::test {

// An answer whose body went through the real reader. "$ID" in the body becomes the request's id.
heard answer(const ask& to, unsigned status, std::string type, std::string body, std::vector<std::pair<std::string, std::string>> extra = {});
heard json_answer(const ask& to, std::string body, unsigned status = 200);
heard result(const ask& to, const std::string& result_json);
heard error(const ask& to, int code, const std::string& message, unsigned status = 200, const std::string& data = "");
heard failure(data::reason why, data::step at);

using responder = std::function<heard(const ask&)>;

struct run_result {
    outcome end;
    std::vector<ask> said;
    bool ended = false;  // within `most` asks
    std::string words() const;  // "server/discover initialize ...", the order of what was said
};
run_result play(const hints& known, const responder& peer, std::size_t most = 24, const limits& caps = {});

inline const std::string init_ok = R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"x","version":"1"}})";
inline const std::string discover_ok =
    R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"resultType":"complete","ttlMs":0,"cacheScope":"private"})";
inline const std::string one_tool = R"("tools":[{"name":"t","inputSchema":{"type":"object"}}])";
inline const std::string legacy_list = "{" + one_tool + "}";
inline const std::string modern_list = R"({"resultType":"complete","ttlMs":0,"cacheScope":"private",)" + one_tool + "}";

// A good legacy server; every other method gets `otherwise`.
responder legacy_peer(responder otherwise, std::string session = "");
responder modern_peer(responder otherwise);

}  // namespace rollcall::audit::mcp::test
