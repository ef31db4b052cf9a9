#include "audit/health/verdict.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/probe/mask.hpp"

#include <algorithm>

namespace rollcall::audit::health {
namespace {

// Words like "postgres" or "table/orders". A dot or a colon makes a host, many digits an account or an instance.
bool fit_for_strangers(std::string_view name)
{
    const auto plain = [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == ' ' || c == '/' || c == '#'; };
    return !name.empty() && name.size() <= 60 && std::ranges::all_of(name, plain) && std::ranges::count_if(name, is_digit) <= 4 && mask(name) == name;
}

std::string in_words(std::string_view reason)
{
    if (reason.empty() || reason == "unspecified") return "no reason given";
    if (reason.starts_with("http_") && reason.size() == 8 && is_digit(reason[5])) return "HTTP " + std::string(reason.substr(5));
    std::string out(reason);
    std::ranges::replace(out, '_', ' ');
    return out;
}

}  // namespace

effect effect_on(state endpoint, const report& document)
{
    if (endpoint != state::up || (document.is != state::degraded && document.is != state::down)) return {};
    const component* worst = nullptr;
    std::size_t bad = 0;
    for (const auto& c : document.components) {
        if (c.is != state::degraded && c.is != state::down) continue;
        ++bad;
        // A part says more than the whole that repeats it.
        const bool whole = worst && worst->name == document.subject && worst->reason == "unspecified" && c.is == worst->is;
        if (!worst || worse(c.is, worst->is) || whole) worst = &c;
    }
    effect e{true, document.subject, document.reason, {}};
    auto is = document.is;
    if (worst) {
        e.component = worst->name;
        e.reason = worst->reason;
        is = worst->is;
    }
    if (!fit_for_strangers(e.component)) e.component = "a component";
    e.words = e.component + " is " + std::string(data::code_of(is)) + " (" + in_words(e.reason) + ")";
    if (bad > 1) e.words += ", and " + std::to_string(bad - 1) + (bad == 2 ? " more component" : " more components");
    return e;
}

}  // namespace rollcall::audit::health
