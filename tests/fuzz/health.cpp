// Health documents: status and content type in the first line, then the text; "$S" is where a secret stands.
#include "audit/health/read.hpp"
#include "audit/health/saved_answer.hpp"
#include "audit/health/verdict.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::audit::health;
using namespace rollcall::fuzz;

namespace {

constexpr std::string_view secret = "Zq7xW3kP9vR2mT5nB8cD4fG6";

void must_be_code(std::string_view text, const char* what)
{
    must(text.size() <= 100, what, text);
    for (const char c : text) must((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_', what, text);
}

void check(const report& r, bool planted)
{
    must(r.is != state::gated, "no document is gated");
    must_be_code(r.reason, "a reason is a code");
    must(r.components.size() <= 128, "few components");
    auto odd = r.oddities;
    std::ranges::sort(odd);
    must(std::ranges::adjacent_find(odd) == odd.end(), "each oddity once");
    must(r.recognised.size() <= 20 && r.unrecognised.size() <= 20, "few places");
    const auto safe = [&](std::string_view text, std::size_t most, const char* what) {
        must_be_one_line(text, most, what);
        if (planted) must(text.find(secret) == std::string_view::npos, "a secret does not survive", text);
    };
    for (const auto* list : {&r.recognised, &r.unrecognised})
        for (const auto& place : *list) safe(place, 400, "a place is one line");
    for (const auto& c : r.components) {
        must(c.is != state::gated, "no component is gated");
        must_be_code(c.reason, "a component's reason is a code");
        safe(c.name, 9 * 81, "a component's name is one line, each step of its path short");
        safe(c.note, 200, "a note is one line");
        must(c.metrics.size() <= 16, "few metrics");
        for (const auto& m : c.metrics) {
            must_be_code(m.name, "a metric's name is a code");
            safe(m.unit, 80, "a unit is one line");
        }
    }
    for (const auto s : {state::up, state::degraded, state::down, state::gated, state::unknown}) {
        const auto e = effect_on(s, r);
        must(!e.degrades || (s == state::up && (r.is == state::degraded || r.is == state::down)), "only what is up is degraded, and only by what was understood");
        safe(e.words, 600, "an effect is one line");
        must_be_code(e.reason, "an effect's reason is a code");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto input = text_of(data, size);
    auto type = take_line(input);
    http_answer answer{take_number(type, 999), {}, std::string(input)};
    bool planted = false;
    for (auto at = answer.body.find("$S"); at != std::string::npos; at = answer.body.find("$S", at + secret.size())) {
        // Within a longer word it may be anything; a dotted one has the shape of a host.
        const auto plain = [&](std::size_t i) { return i >= answer.body.size() || std::string_view(" \"',;{}()[]\n\t<>").find(answer.body[i]) != std::string_view::npos; };
        if ((at > 0 && !plain(at - 1)) || !plain(at + 2)) return 0;
        answer.body.replace(at, 2, secret);
        planted = true;
    }
    if (!type.empty()) answer.headers.emplace_back("content-type", std::string(type));

    const auto r = read_health(answer, "service");
    check(r, planted);
    const auto again = read_health(answer, "service");
    must(again.is == r.is && again.reason == r.reason && again.components.size() == r.components.size(), "the same bytes give the same report");
    check(read_health(saved_answer(input)), false);
    return 0;
}
