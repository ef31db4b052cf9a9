#include "audit/probe/transcript.hpp"

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

std::string quoted(std::string_view text)
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

}  // namespace

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
    for (const auto& [name, value] : head.headers) line("< ", name + ": " + mask_header(name, std::string_view(value).substr(0, most_field)));
}

void transcript::body(std::string_view text)
{
    if (text.empty()) return;
    const bool cut = text.size() > most_body;
    auto shown = visible(mask(text.substr(0, most_body)));
    std::string_view rest = shown;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        line("< ", rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (cut) line("< ", "... (" + std::to_string(text.size()) + " bytes in all)");
}

void transcript::note(std::string_view text) { line("* ", text); }

std::string curl_command(std::string_view scheme, const http_request& request)
{
    std::string out = "curl -sS -i --max-time 15";
    if (request.method != "POST" && request.method != "GET") out += " -X " + request.method;
    for (const auto& [name, value] : request.headers)
        if (name != "User-Agent" && name != "Accept-Encoding") out += " -H " + quoted(name + ": " + mask_header(name, value));
    if (!request.body.empty()) out += " --data-raw " + quoted(request.body);
    return out + " " + quoted(std::string(scheme) + "://" + request.host + request.target);
}

}  // namespace rollcall::audit
