// Tool lists: the first line is the era, each further line the result of one page.
#include "audit/mcp/contract.hpp"
#include "audit/mcp/tools.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

using namespace rollcall;
using namespace rollcall::audit::mcp;
using namespace rollcall::fuzz;
using nlohmann::json;

namespace {

constexpr tool_list::caps caps{4, 12};

// What a list promises does not depend on its order, nor on what stands beside the promise.
void check_contract(const std::vector<json>& tools)
{
    const auto c = contract_of(tools);
    for (const auto* hash : {&c.contract_hash, &c.full_hash})
        must(hash->size() == 64 && hash->find_first_not_of("0123456789abcdef") == std::string::npos, "a hash is 64 digits", *hash);
    must(sha256_hex(c.manifest) == c.full_hash, "the full hash is that of the manifest");
    const json manifest = json::parse(c.manifest, nullptr, false);
    must(manifest.is_array() && manifest.size() == tools.size(), "the manifest has every tool", c.manifest);
    must(canonical_json(manifest) == c.manifest, "the manifest is canonical", c.manifest);

    auto turned = tools;
    std::ranges::reverse(turned);
    if (turned.size() > 2) std::swap(turned[0], turned[turned.size() / 2]);
    for (auto& tool : turned) {
        tool["_meta"] = {{"turned", true}};
        tool["icons"] = json::array();
    }
    const auto again = contract_of(turned);
    must(again.contract_hash == c.contract_hash && again.manifest == c.manifest, "order and decoration do not count", c.manifest);

    const auto from_manifest = contract_of(manifest.get<std::vector<json>>());
    must(from_manifest.contract_hash == c.contract_hash && from_manifest.full_hash == c.full_hash, "a manifest stands for its list", c.manifest);

    if (turned.empty()) return;
    turned.front()["description"] = "something that nobody else says";
    const auto described = contract_of(turned);
    must(described.contract_hash == c.contract_hash, "a description is no contract");
    must(described.full_hash != c.full_hash, "but a part of the whole");
    turned.front()["inputSchema"]["x-something-new"] = 1;
    must(contract_of(turned).contract_hash != c.contract_hash, "a schema is a contract");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto when = take_line(text) == "modern" ? data::era::modern : data::era::legacy;
    tool_list list(when, caps);
    auto then = tool_list::after::ask_next;
    std::size_t given = 0;
    while (then == tool_list::after::ask_next && !text.empty()) {
        const json page = json::parse(take_line(text), nullptr, false);
        if (!page.is_object()) continue;
        ++given;
        then = list.add_page(page);
        must(list.pages() == given, "pages are counted");
        must(given < caps.pages || then != tool_list::after::ask_next, "no page is asked for beyond the cap");
    }
    must(list.tools().size() <= caps.tools, "no more tools than allowed");
    auto warnings = list.warnings();
    std::ranges::sort(warnings);
    must(std::ranges::adjacent_find(warnings) == warnings.end(), "each warning once");
    if (then == tool_list::after::refused) {
        must(data::class_of(list.problem().why) == data::cell_class::malformed, "a list is refused for what is in it");
        must_be_one_line(list.problem().detail, 300, "a refusal is told in a line");
    }
    for (const auto& tool : list.tools()) {
        must(tool.is_object() && tool["name"].is_string(), "every tool has a name");
        must(!tool_fault(tool, when), "no tool that clients refuse is kept");
        look_into_schema(tool["inputSchema"]);
    }
    check_contract(list.tools());
    return 0;
}
