// What changed between two tool lists: the earlier in the first line, the later in the second.
#include "audit/drift/diff.hpp"
#include "audit/drift/show.hpp"
#include "audit/mcp/contract.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <vector>

using namespace rollcall::audit;
using namespace rollcall::audit::drift;
using namespace rollcall::fuzz;
using nlohmann::json;

namespace {

constexpr caps few{20, 10, 3000, 800, 500, 32};

// As the store has it; nothing if the text is no list of tools.
std::optional<mcp::contract> contract_in(std::string_view text)
{
    const json list = json::parse(text, nullptr, false);
    if (!list.is_array()) return std::nullopt;
    for (const auto& tool : list)
        if (!tool.is_object() || !tool.contains("name") || !tool["name"].is_string()) return std::nullopt;
    return mcp::contract_of(list.get<std::vector<json>>());
}

void check(const comparison& c, const caps& limits)
{
    if (!c.problem.empty()) {
        must(c.changes.empty() && !c.worst(), "a problem, or changes");
        must_be_one_line(c.problem, 300, "a problem is one line");
        return;
    }
    must(c.changes.size() <= limits.changes, "no more changes than allowed");
    must(c.count[0] + c.count[1] + c.count[2] == c.changes.size() + c.left_out, "what is left out is counted");
    must(std::ranges::is_sorted(c.changes, {}, [](const change& x) { return x.grade(); }), "worst first");
    must(c.likenesses <= limits.likenesses, "likenesses have a bound");
    for (const auto& x : c.changes) must_be_one_line(sentence_of(x), 2000, "a change is told in one safe line");
    const auto text = as_text(c, false);
    must(is_utf8(text), "a text for a terminal is UTF-8", text);
    must(text.ends_with('\n') == (c.worst().has_value()), "and ends its last line; of nothing there is none", text);
    for (const char ch : text) must(ch == '\n' || (static_cast<unsigned char>(ch) >= 0x20 && ch != 0x7f), "nothing that paints on a terminal", text);
    as_json(c).dump();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto rest = text_of(data, size);
    const auto before = take_line(rest), after = take_line(rest);
    check(compare_manifests(before, after, few), few);

    const auto old = contract_in(before), fresh = contract_in(after);
    if (!old || !fresh) return 0;
    const auto c = compare_manifests(old->manifest, fresh->manifest), back = compare_manifests(fresh->manifest, old->manifest);
    check(c, {});
    must(c.problem.empty() && back.problem.empty(), "a manifest is a list of tools");
    must(!compare_manifests(old->manifest, old->manifest).worst(), "what did not change has no changes");
    must(c.tools_before == back.tools_after && c.tools_after == back.tools_before, "there and back");
    must(c.worst().has_value() == back.worst().has_value(), "what changed one way changed the other way", old->manifest + "\n" + fresh->manifest);
    if (c.worst() && *c.worst() != grade::wording) must(old->full_hash != fresh->full_hash, "a change changes the hash");
    return 0;
}
