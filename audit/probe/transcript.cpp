#include "audit/probe/transcript.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/probe/mask.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit {
namespace {

constexpr std::size_t most = 16 * 1024, most_body = 2048, most_field = 512;

// Control characters would let a server paint on somebody's terminal.
std::string visible(std::string_view text)
{
    std::string out(text);
    std::ranges::replace_if(out, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; }, ' ');
    return out;
}

}  // namespace

std::string shell_quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out.push_back(c);
    }
    return out + "'";
}

void transcript::line(std::string_view mark, std::string_view text)
{
    if (text_.size() >= most) return;
    text_ += mark;
    text_ += visible(text);
    text_ += '\n';
    if (text_.size() >= most) text_ += "... (the rest was cut)\n";
}

void transcript::sent(std::string_view scheme, const http_request& request)
{
    line("> ", request.method + " " + std::string(scheme) + "://" + request.host + mask(request.target));
    for (const auto& [name, value] : request.headers) line("> ", name + ": " + mask_header(name, value));
    if (!request.body.empty()) line("> ", mask(request.body));
}

void transcript::heard(const http_answer& head)
{
    line("< ", "HTTP " + std::to_string(head.status));
    for (const auto& [name, value] : head.headers) line("< ", name + ": " + mask_header(name, whole_words(value, most_field)));
}

void transcript::body(std::string_view text, std::size_t whole)
{
    whole = std::max(whole, text.size());
    if (text.empty()) return;
    const bool cut = whole > most_body;
    auto shown = visible(mask(whole_words(text, most_body)));
    std::string_view rest = shown;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        line("< ", rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (cut) line("< ", "... (" + std::to_string(whole) + " bytes in all)");
}

void transcript::note(std::string_view text) { line("* ", text); }

namespace {

std::string curl_arguments(std::string_view scheme, const http_request& request)
{
    std::string out = " --max-time 15";
    if (request.method != "POST" && request.method != "GET") out += " -X " + request.method;
    for (const auto& field : request.headers) {
        const auto& [name, value] = field;
        if (name == "User-Agent" || name == "Accept-Encoding") continue;
        out += is_session_header(field) ? " -H \"" + name + ": $SESSION\"" : " -H " + shell_quoted(name + ": " + mask_header(name, value));
    }
    if (!request.body.empty()) out += " --data-raw " + shell_quoted(request.body);
    return out + " " + shell_quoted(std::string(scheme) + "://" + request.host + request.target);
}

}  // namespace

bool is_session_header(const std::pair<std::string, std::string>& field)
{
    return lower(field.first) == "mcp-session-id";
}

std::string curl_command(std::string_view scheme, const http_request& request) { return "curl -sS -i" + curl_arguments(scheme, request); }

std::string session_commands(std::string_view scheme, const http_request& open, const http_request& request)
{
    return "SESSION=$(curl -sS -D - -o /dev/null" + curl_arguments(scheme, open) +
           " | sed -n 's/^mcp-session-id: *//Ip' | tr -d '\\r')\n  " + curl_command(scheme, request);
}

}  // namespace rollcall::audit
