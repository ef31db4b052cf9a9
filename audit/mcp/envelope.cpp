#include "audit/mcp/envelope.hpp"

#include <nlohmann/json.hpp>

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using nlohmann::json;

envelope faulty(reason why, std::string detail) { return {envelope::kind::faulty, why, std::move(detail), {}}; }
envelope bad(std::string detail) { return faulty(reason::bad_envelope, std::move(detail)); }

bool is_error_object(const json& error)
{
    if (!error.is_object()) return false;
    const auto code = error.find("code");
    const auto message = error.find("message");
    return code != error.end() && code->is_number_integer() && message != error.end() && message->is_string();
}

}  // namespace

envelope judge_message(const json& message, int id, error_ids errors)
{
    if (!message.is_object()) return bad("not_object");
    const bool has_result = message.contains("result"), has_error = message.contains("error");
    const bool has_id = message.contains("id");
    if (message.contains("method") && !has_result && !has_error) {
        envelope e;
        e.what = has_id ? envelope::kind::request : envelope::kind::notification;
        return e;
    }
    const auto version = message.find("jsonrpc");
    if (version == message.end() || *version != "2.0") return bad("jsonrpc");
    if (has_result && has_error) return bad("result_and_error");
    if (!has_result && !has_error) return bad("no_result");

    envelope e;
    const json& got = has_id ? message["id"] : json();
    const bool exact = got.is_number() && got == id;
    const bool as_text = got.is_string() && got.get_ref<const std::string&>() == std::to_string(id);
    if (as_text) e.warnings.push_back(data::warning::id_type);
    if (has_error) {
        if (!is_error_object(message["error"])) return bad("error_shape");
        if (errors == error_ids::ours_or_none && !exact && !as_text && !got.is_null())
            return faulty(reason::id_mismatch, "error");
        e.what = envelope::kind::error;
    } else {
        if (message["result"].is_null()) return bad("result_null");
        if (!message["result"].is_object()) return bad("result_not_object");
        if (!got.is_number() && !got.is_string()) return bad(has_id ? "id_type" : "id_missing");
        if (!exact && !as_text) return faulty(reason::id_mismatch, "came back as " + got.dump().substr(0, 60));
        e.what = envelope::kind::result;
    }
    for (const auto& [key, value] : message.items())
        if (key != "jsonrpc" && key != "id" && key != "result" && key != "error") {
            e.warnings.push_back(data::warning::envelope_extra);
            break;
        }
    return e;
}

}  // namespace rollcall::audit::mcp
