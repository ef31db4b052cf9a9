// Answers in place of the server's own: status in the first line, fields until an empty line, then the body.
#include "audit/classify/ascii.hpp"
#include "audit/classify/auth_words.hpp"
#include "audit/classify/classify.hpp"
#include "audit/classify/page_signs.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::fuzz;
using data::cell_class;
using data::reason;

namespace {

std::string upper(std::string text)
{
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// What the status alone says.
bool fits(unsigned status, reason why)
{
    switch (why) {
        case reason::auth_challenge:
        case reason::auth_bare: return status == 401;
        case reason::auth_forbidden: return status == 403;
        case reason::payment: return status == 402;
        case reason::http_404: return status == 404;
        case reason::http_405: return status == 405;
        case reason::http_410: return status == 410;
        case reason::http_5xx: return status >= 500;
        case reason::http_4xx: return status >= 300 && status < 500;
        case reason::http_garbage: return status < 200;
        case reason::empty:
        case reason::html:
        case reason::not_json: return status >= 200 && status < 300;
        case reason::host_rejected: return status == 403 || status == 421;
        case reason::legal_block: return status == 451;
        case reason::host_reaped: return status >= 400;
        case reason::geo_block: return status >= 400;
        case reason::rate_limited: return status >= 400;  // 429, or Cloudflare's 1015
        case reason::waf_block: return status >= 400;
        case reason::challenge_page: return true;
        default: return false;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    auto first = take_line(text);
    http_answer answer{take_number(first, 999), {}, {}};
    while (!text.empty() && !text.starts_with('\n')) {
        auto field = take_line(text);
        const auto name = take_to(field, ":");
        answer.headers.emplace_back(lower(trim(name)), std::string(trim(field)));
    }
    take_line(text);
    answer.body = text;

    const auto instead = classify_wall_or_platform(answer);
    const auto found = classify_http(answer);
    if (instead) must(*instead == found, "what stands in place of the answer decides");
    must(fits(answer.status, found.why), "the reason fits the status", data::code_of(found.why));
    must(found.detail.size() <= 300, "a detail is short", found.detail);

    // Nobody writes a page's letters the same way twice.
    http_answer loud = answer;
    loud.body = upper(answer.body);
    must(classify_http(loud).why == found.why, "the letter case of a page does not count");
    // What a program says in JSON is no wall, whatever words are in it.
    if (answer.body.starts_with('{')) must(recognise_wall(answer) == recognise_wall({answer.status, answer.headers, "{}"}), "a wall is a page or a header");
    // A good answer is a wall only by a header, or as Imperva's small page.
    if (answer.status < 300 && instead && answer.body.find('<') == std::string::npos)
        must(recognise_wall({answer.status, answer.headers, {}}).has_value(), "a good status without a page is no wall");

    must(speaks_of_auth(answer.body) == speaks_of_auth(loud.body), "the letter case of words does not count");
    must(!speaks_of_auth("session " + answer.body), "a session is no credential");
    return 0;
}
