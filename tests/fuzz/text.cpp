// Foreign text made fit to parse, to keep and to show.
#include "audit/mcp/contract.hpp"
#include "audit/mcp/text.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

using namespace rollcall::audit::mcp;
using namespace rollcall::fuzz;
using nlohmann::json;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = text_of(data, size);

    bool changed = false;
    const auto repaired = repair_utf8(text, changed);
    must(is_utf8(repaired), "repaired text is UTF-8", repaired);
    must(changed == !is_utf8(text), "told if and only if something was replaced");
    if (!changed) must(repaired == text, "good text is left alone");

    for (const std::size_t cap : {0u, 1u, 2u, 3u, 10u, 200u}) must_be_one_line(one_line(text, cap), cap, "one line, under its cap");
    const auto line = one_line(text, 4 * size);
    must(one_line(line, 4 * size) == line, "one line stays one line", line);

    if (const json j = json::parse(repaired, nullptr, false); !j.is_discarded()) {
        std::size_t values = 0;
        const auto count = [&values](const auto& self, const json& v) -> void {
            ++values;
            if (v.is_structured())
                for (const auto& inner : v) self(self, inner);
        };
        count(count, j);
        if (!has_more_values(repaired, 10)) must(values <= 10, "values are not counted too low", repaired);
    }
    bool deep = false;
    const auto acceptable = acceptable_json(repaired, 16, deep);
    if (deep) return 0;
    const json before = json::parse(repaired, nullptr, false), after = json::parse(acceptable, nullptr, false);
    if (!before.is_discarded()) {
        must(!after.is_discarded(), "what parses still parses", repaired);
        must(before == after, "and means the same", repaired);
    }
    if (after.is_discarded()) return 0;
    bool again = false;
    must(acceptable_json(acceptable, 16, again) == acceptable && !again, "acceptable text stays as it is", acceptable);

    const auto canonical = canonical_json(after);
    must(is_utf8(canonical), "canonical text is UTF-8");
    const json back = json::parse(canonical, nullptr, false);
    must(!back.is_discarded(), "canonical text is JSON", canonical);
    must(canonical_json(back) == canonical, "canonical text is a fixed point", canonical);
    return 0;
}
