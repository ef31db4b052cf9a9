// Redirects: the first line is where we are, the second a status and how many were followed, then what Location says.
#include "audit/probe/redirect.hpp"
#include "tests/fuzz/input.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    auto from = split_url(take_line(text));
    if (!from) from = split_url("https://mcp.example.org/mcp");
    auto numbers = take_line(text);
    const unsigned status = take_number(numbers, 999), hops = take_number(numbers, 9);
    constexpr unsigned most = 5;

    const auto r = read_redirect(status, text, *from, hops, most);
    if (!r) return 0;
    must(status >= 301 && status <= 308, "only a redirect redirects");
    if (const auto* f = std::get_if<finding>(&*r)) {
        const auto c = data::class_of(f->why);
        must(c == data::cell_class::http || c == data::cell_class::auth, "a redirect is HTTP, or asks to log in");
        must(f->detail.find('@') == std::string::npos || f->detail.find('?') == std::string::npos, "no query is shown", f->detail);
        for (const char ch : f->detail) must(ch >= ' ' && ch <= '~', "a detail is one plain line", f->detail);
        return 0;
    }
    const auto& go = std::get<follow>(*r);
    must(hops < most, "redirects end");
    must(go.target.scheme == "https" || from->scheme == "http", "never from https to http", go.target.text);
    must(site_of(go.target.host) == site_of(from->host), "never off the site", go.target.text);
    must(is_login_path(from->target) || !is_login_path(go.target.target), "never to a log-in", go.target.text);
    must(go.method_lost == (status < 307), "301 to 303 lose the method");
    must(go.warn == data::warning::redirect_host || from->host == go.target.host, "another host is worth a warning");
    must(split_url(go.target.text) == go.target, "the target is a URL");
    return 0;
}
