// What was said and heard in one probe, for people: masked and capped.
#pragma once

#include "audit/classify/http_answer.hpp"
#include "audit/net/link.hpp"

#include <string>
#include <string_view>

namespace rollcall::audit {

class transcript {
public:
    void sent(std::string_view scheme, const http_request& request);
    void heard(const http_answer& head);
    void body(std::string_view text, std::size_t whole = 0);  // `whole`: its length, where the text is only its beginning
    void note(std::string_view line);     // "connection refused"

    const std::string& text() const { return text_; }

private:
    void line(std::string_view mark, std::string_view text);

    std::string text_;
};

// A text as one word of a POSIX shell.
std::string shell_quoted(std::string_view text);

// The field that names a session, in any letter case.
bool is_session_header(const std::pair<std::string, std::string>& field);

// Two commands: the first opens a session with `open` and keeps its id, the second sends `request` in it.
std::string session_commands(std::string_view scheme, const http_request& open, const http_request& request);

// The command with which anybody repeats a request: curl with exactly our header fields and body.
std::string curl_command(std::string_view scheme, const http_request& request);

}  // namespace rollcall::audit
