// How a page is asked for: one request at a time, never faster than the pace, patient with a server that says "later",
// again after a connection that broke, and not beyond the time of the whole. Neither socket nor clock of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rollcall::audit {

// By what a server can say that a page has not changed (RFC 9110 section 13.1).
struct page_marks {
    std::string etag, last_modified;
    bool empty() const { return etag.empty() && last_modified.empty(); }
};

struct page_error { std::string problem; };  // one line

struct page {
    std::string text;
    page_marks marks;
    bool unchanged = false;  // 304: the text is the one that had the marks we sent
};

// What one GET gave: an answer, or the words for why there was none.
struct page_answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names lower-case
    std::string body;
};
struct page_failure {
    std::string problem;   // one line
    bool lasting = false;  // asking again would give the same: too large, led elsewhere
};
using page_request = std::function<std::variant<page_answer, page_failure>(
    const std::string& location, const std::vector<std::pair<std::string, std::string>>& headers, std::chrono::milliseconds at_most)>;

struct page_manners {
    std::chrono::milliseconds pace{1000};            // from the begin of a request to the begin of the next
    std::chrono::milliseconds whole{10 * 60 * 1000}; // of a registry
    std::chrono::milliseconds first_wait{2000};      // where the server says nothing; doubled each time
    std::chrono::milliseconds most_patience{15 * 60 * 1000};
};

// The passing of time: the machine's, or a test's.
struct passing_time {
    std::function<std::chrono::steady_clock::time_point()> now;
    std::function<void(std::chrono::milliseconds)> wait;
};
passing_time real_time();

// Four further tries after 429 and 503, with what Retry-After says or 2, 4, 8, 16 s; two after another 5xx and after a
// connection that broke.
class polite_pages {
public:
    polite_pages(page_request ask, page_manners manners, passing_time time = real_time());

    std::variant<page, page_error> get(const std::string& location, const page_marks& known);

    // Since the first request.
    std::chrono::milliseconds elapsed() const;

private:
    std::chrono::milliseconds left() const;
    void keep_pace();

    page_request ask_;
    page_manners manners_;
    passing_time time_;
    bool asked_ = false;
    std::chrono::steady_clock::time_point begun_{}, last_{};
};

}  // namespace rollcall::audit
