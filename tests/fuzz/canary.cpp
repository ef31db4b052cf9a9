// The canary call: the first line is what must stand where, as {"/pointer": value}; the second the result of the call,
// the third the schema that the server gives for it.
#include "audit/owner/canary.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::audit::owner;
using namespace rollcall::fuzz;
using nlohmann::json;

namespace {

// The configuration takes no others.
bool is_pointer(const std::string& text)
{
    try {
        const json::json_pointer pointer(text);
        return true;
    } catch (const json::exception&) {
        return false;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    data::canary_record wanted;
    const json equals = json::parse(take_line(text), nullptr, false);
    if (equals.is_object())
        for (const auto& [pointer, value] : equals.items())
            if (is_pointer(pointer)) wanted.equals.emplace_back(pointer, value.dump());
    mcp::call_report got;
    got.made = true;
    got.result = take_line(text);
    got.output_schema = text;
    // A result comes out of a JSON-RPC message, and a schema out of a list: both are JSON.
    if (!json::accept(got.result) || !json::accept(got.output_schema)) return 0;
    for (const bool own : {false, true}) {
        wanted.own_schema = own;
        const auto v = judge_canary(wanted, got);
        must_be_one_line(v.words, 400, "a verdict is one line");
        must(!v.words.empty(), "a verdict has words");
        const json result = json::parse(got.result);
        if (v.good) must(!result.is_object() || !result.contains("isError") || result["isError"] != true, "an error is not good", got.result);
        const auto again = judge_canary(wanted, got);
        must(again.good == v.good && again.words == v.words, "the same answer gives the same verdict");
    }
    return 0;
}
