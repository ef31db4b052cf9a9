#include "audit/intake/manners.hpp"

#include "audit/classify/retry_after.hpp"

#include <algorithm>
#include <string_view>
#include <thread>

namespace rollcall::audit {
namespace {

using std::chrono::milliseconds;

constexpr unsigned tries_when_throttled = 4, tries_when_broken = 2;
constexpr std::size_t longest_mark = 1000;

std::string field(const page_answer& answer, std::string_view name)
{
    for (const auto& [key, value] : answer.headers)
        if (key == name) return value;
    return {};
}

// Only what can go back into a request as it came.
std::string mark(const page_answer& answer, std::string_view name)
{
    auto value = field(answer, name);
    const bool fits = value.size() <= longest_mark && std::ranges::all_of(value, [](char c) { return c >= 0x20 && c < 0x7f; });
    return fits ? value : std::string();
}

std::string words_for(milliseconds t)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(t).count();
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds >= 7200) return std::to_string((seconds + 1800) / 3600) + " h";
    return std::to_string((seconds + 30) / 60) + " min";
}

// What the server asked for, if it did.
std::optional<milliseconds> asked_for(const page_answer& answer)
{
    http_answer read;
    read.status = answer.status;
    read.headers = answer.headers;
    if (const auto seconds = patience_asked_for(read)) return *seconds;
    return std::nullopt;
}

}  // namespace

passing_time real_time()
{
    return {[] { return std::chrono::steady_clock::now(); }, [](milliseconds t) { std::this_thread::sleep_for(t); }};
}

polite_pages::polite_pages(page_request ask, page_manners manners, passing_time time) : ask_(std::move(ask)), manners_(manners), time_(std::move(time)) {}

milliseconds polite_pages::elapsed() const
{
    return asked_ ? std::chrono::duration_cast<milliseconds>(time_.now() - begun_) : milliseconds(0);
}

milliseconds polite_pages::left() const { return manners_.whole - elapsed(); }

void polite_pages::keep_pace()
{
    const auto now = time_.now();
    if (!asked_) {
        begun_ = now;
    } else if (const auto since = now - last_; since < manners_.pace) {
        time_.wait(std::chrono::ceil<milliseconds>(manners_.pace - since));
    }
    asked_ = true;
    last_ = time_.now();
}

std::variant<page, page_error> polite_pages::get(const std::string& location, const page_marks& known)
{
    std::vector<std::pair<std::string, std::string>> headers;
    if (!known.etag.empty()) headers.emplace_back("If-None-Match", known.etag);
    // The date only where there is no ETag: a server must not look at it beside one.
    else if (!known.last_modified.empty()) headers.emplace_back("If-Modified-Since", known.last_modified);

    auto wait = manners_.first_wait;
    for (unsigned tries = 1;; ++tries, wait *= 2) {
        keep_pace();
        if (left() <= milliseconds(0)) return page_error{"the time for this registry, " + words_for(manners_.whole) + ", is over"};
        auto got = ask_(location, headers, left());

        std::string problem;
        auto patience = wait;
        unsigned most = tries_when_broken;
        if (const auto* failure = std::get_if<page_failure>(&got)) {
            if (failure->lasting) return page_error{failure->problem};
            problem = failure->problem;
        } else {
            auto& answer = std::get<page_answer>(got);
            if (answer.status == 200) return page{std::move(answer.body), {mark(answer, "etag"), mark(answer, "last-modified")}};
            if (answer.status == 304 && !headers.empty()) return page{{}, known, true};
            problem = "HTTP " + std::to_string(answer.status);
            const bool later = answer.status == 429 || answer.status == 503;
            if (!later && answer.status < 500) return page_error{problem};
            if (later) {
                most = tries_when_throttled;
                if (const auto asked = asked_for(answer)) {
                    problem += ", asks us to wait " + words_for(*asked);
                    patience = std::min(*asked, manners_.most_patience);
                }
            }
        }
        if (tries > most) return page_error{problem + (most > 0 ? ", also at the " + std::to_string(tries) + (tries == 3 ? "rd" : "th") + " try" : "")};
        // Waiting in vain helps nobody.
        if (patience >= left()) return page_error{problem + ", longer than the " + words_for(std::max(left(), milliseconds(0))) + " that are left for this registry"};
        time_.wait(patience);
    }
}

}  // namespace rollcall::audit
