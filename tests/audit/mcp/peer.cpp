#include "tests/audit/mcp/peer.hpp"

namespace rollcall::audit::mcp::test {

heard answer(const ask& to, unsigned status, std::string type, std::string body, std::vector<std::pair<std::string, std::string>> extra)
{
    if (const auto at = body.find("$ID"); at != std::string::npos) body.replace(at, 3, std::to_string(to.id));
    heard h;
    h.answer = {status, std::move(extra), body};
    if (!type.empty()) h.answer.headers.emplace_back("content-type", type);
    reply_reader reader(status, type, to.awaits, to.id);
    const bool enough = reader.feed(body);
    h.reply = reader.finish(enough ? ending::enough : ending::whole);
    return h;
}

heard json_answer(const ask& to, std::string body, unsigned status) { return answer(to, status, "application/json", std::move(body)); }
heard result(const ask& to, const std::string& r) { return json_answer(to, R"({"jsonrpc":"2.0","id":$ID,"result":)" + r + "}"); }

heard error(const ask& to, int code, const std::string& message, unsigned status, const std::string& data)
{
    return json_answer(to, R"({"jsonrpc":"2.0","id":$ID,"error":{"code":)" + std::to_string(code) + R"(,"message":")" + message + "\"" +
                               (data.empty() ? "" : ",\"data\":" + data) + "}}", status);
}

heard failure(data::reason why, data::step at)
{
    heard h;
    h.failed = why;
    h.failed_at = at;
    return h;
}

std::string run_result::words() const
{
    std::string all;
    for (const auto& a : said) all += (all.empty() ? "" : " ") + std::string(code_of(a.what));
    return all;
}

run_result play(const hints& known, const responder& peer, std::size_t most, const limits& caps)
{
    conversation talk(known, {}, caps);
    run_result r;
    auto step = talk.begin();
    while (auto* a = std::get_if<ask>(&step)) {
        if (r.said.size() == most) return r;
        r.said.push_back(*a);
        step = talk.next(peer(r.said.back()));
    }
    r.end = std::get<outcome>(step);
    r.ended = true;
    return r;
}

responder legacy_peer(responder otherwise, std::string session)
{
    return [=](const ask& a) {
        switch (a.what) {
            case purpose::initialize: {
                heard h = result(a, init_ok);
                if (!session.empty()) h.answer.headers.emplace_back("mcp-session-id", session);
                return h;
            }
            case purpose::initialized: return answer(a, 202, "", "");
            case purpose::end_session: return answer(a, 405, "", "");
            case purpose::tools_list:
                if (a.body.find("_meta") == std::string::npos) return result(a, legacy_list);
                [[fallthrough]];
            default: return otherwise(a);
        }
    };
}

responder modern_peer(responder otherwise)
{
    return [=](const ask& a) {
        if (a.what == purpose::discover) return result(a, discover_ok);
        if (a.what == purpose::tools_list && a.body.find("_meta") != std::string::npos) return result(a, modern_list);
        return otherwise(a);
    };
}

}  // namespace rollcall::audit::mcp::test
