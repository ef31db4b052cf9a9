// The opt-out list, as its owner writes it: every line that is taken must keep us away.
#include "audit/intake/opt_out.hpp"
#include "audit/url/url.hpp"
#include "data/config/config.hpp"
#include "tests/fuzz/input.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = text_of(data, size);
    std::vector<std::string> list;
    try {
        list = data::parse_opt_out(text, "opt-out.txt");
    } catch (const data::config_error& e) {
        const std::string_view told = e.what();
        must(told.starts_with("opt-out.txt: line "), "a refusal names the line", told);
        must(told.size() < 300 && told.find('\n') == std::string_view::npos, "a refusal is one line", told);
        return 0;
    }
    for (const auto& entry : list) {
        must(!entry.empty() && entry.find_first_of(" \t\r\n") == std::string::npos, "an entry is one word", entry);
        const bool url = entry.find("://") != std::string::npos;
        const auto meant = canonicalise(url ? entry : "https://" + entry + "/mcp", true).url;
        if (meant.text.empty()) continue;  // nothing could ever be probed there
        must(opt_out_list(list).covers(meant.text, meant.host), "who is listed is left alone", entry);
        // The same endpoint, listed in another spelling by a registry.
        if (const auto other = canonicalise(meant.text + "#x", true).url; !other.text.empty())
            must(opt_out_list({entry}).covers(other.text, other.host), "in any spelling", entry);
        if (!url && meant.host.find_first_not_of("0123456789.") != std::string::npos && !meant.host.starts_with('['))
            must(opt_out_list({entry}).covers("https://a." + meant.host + "/", "a." + meant.host), "with what is below", entry);
    }
    must(!opt_out_list({}).covers("https://mcp.example.org/", "mcp.example.org"), "an empty list keeps nobody away");
    return 0;
}
