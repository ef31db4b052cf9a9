// The challenges of WWW-Authenticate: each line of the input is one field.
#include "audit/classify/ascii.hpp"
#include "audit/classify/www_authenticate.hpp"
#include "tests/fuzz/input.hpp"

using namespace rollcall::audit;
using namespace rollcall::fuzz;

namespace {

std::string in_quotes(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

// The challenges as an honest server would write them.
std::string written(const std::vector<challenge>& all)
{
    std::string out;
    for (const auto& c : all) {
        out += (out.empty() ? "" : ", ") + c.scheme;
        if (!c.token68.empty()) out += " " + c.token68;
        for (std::size_t i = 0; i < c.params.size(); ++i)
            out += (i == 0 && c.token68.empty() ? " " : ", ") + c.params[i].first + "=" + in_quotes(c.params[i].second);
    }
    return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    http_answer answer{401, {}, {}};
    while (!text.empty()) {
        const auto field = take_line(text);
        answer.headers.emplace_back("www-authenticate", std::string(field));
        const auto found = parse_challenges(field);
        must(found.size() <= 32, "few challenges");
        for (const auto& c : found) {
            must(!c.scheme.empty() && c.scheme == lower(c.scheme), "a scheme is in small letters", c.scheme);
            must(c.params.size() <= 64, "few parameters");
            for (const auto& [name, value] : c.params) {
                must(!name.empty() && name == lower(name), "a parameter's name is in small letters", name);
                must(value.size() <= field.size(), "nothing is added");
            }
        }
        // Read, written cleanly, read again. A token68 that our reader takes need not be one that can be written.
        bool plain = field.size() < 4000;
        for (const auto& c : found) plain = plain && c.token68.empty();
        if (plain) must(parse_challenges(written(found)) == found, "what was read reads the same", written(found));
    }
    const auto url = resource_metadata_of(answer);
    if (!url.empty()) must(begins_with(url, "https://") || begins_with(url, "http://"), "metadata is at an http(s) URL", url);
    must(challenges_of(answer).size() <= 32, "few challenges in all");
    return 0;
}
