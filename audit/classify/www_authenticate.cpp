#include "audit/classify/www_authenticate.hpp"

#include "audit/classify/ascii.hpp"

namespace rollcall::audit {
namespace {

// More than any honest server sends; a field beyond is a flood.
constexpr std::size_t longest_field = 16 * 1024;
constexpr std::size_t most_challenges = 32;
constexpr std::size_t most_params = 64;

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_token_char(char c) { return is_alnum(c) || token_marks.find(c) != std::string_view::npos; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

class cursor {
public:
    explicit cursor(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    void skip(std::size_t n = 1) { rest_.remove_prefix(std::min(n, rest_.size())); }
    void skip_blanks()
    {
        while (!rest_.empty() && is_blank(rest_.front())) skip();
    }
    void skip_blanks_and_commas()
    {
        while (!rest_.empty() && (is_blank(rest_.front()) || rest_.front() == ',')) skip();
    }

    std::string_view token()
    {
        std::size_t n = 0;
        while (n < rest_.size() && is_token_char(rest_[n])) ++n;
        const auto t = rest_.substr(0, n);
        skip(n);
        return t;
    }

    // Up to the next comma or blank: a token68, or a value that should have been quoted.
    std::string_view bare()
    {
        const auto n = std::min(rest_.find_first_of(", \t"), rest_.size());
        const auto t = rest_.substr(0, n);
        skip(n);
        return t;
    }

    // After the opening quote. A missing closing quote ends with the field.
    std::string quoted()
    {
        std::string out;
        skip();
        while (!rest_.empty() && rest_.front() != '"') {
            if (rest_.front() == '\\' && rest_.size() > 1) skip();
            out += rest_.front();
            skip();
        }
        skip();
        return out;
    }

    // Is a `name =` here? A token68 such as `abc==` is not: its `=` is followed by nothing but `=`.
    bool at_param() const
    {
        std::size_t n = 0;
        while (n < rest_.size() && is_token_char(rest_[n])) ++n;
        if (n == 0) return false;
        while (n < rest_.size() && is_blank(rest_[n])) ++n;
        if (n == rest_.size() || rest_[n] != '=') return false;
        ++n;
        while (n < rest_.size() && is_blank(rest_[n])) ++n;
        return n < rest_.size() && rest_[n] != ',' && rest_[n] != '=';
    }

private:
    std::string_view rest_;
};

void read_param(cursor& at, challenge& into)
{
    std::string name = lower(at.token());
    at.skip_blanks();
    at.skip();  // the '='
    at.skip_blanks();
    std::string value = at.peek() == '"' ? at.quoted() : std::string(at.bare());
    if (into.params.size() < most_params) into.params.emplace_back(std::move(name), std::move(value));
}

}  // namespace

std::string_view challenge::param(std::string_view name) const
{
    for (const auto& [key, value] : params)
        if (key == name) return value;
    return {};
}

std::vector<challenge> parse_challenges(std::string_view field)
{
    std::vector<challenge> found;
    cursor at(field.substr(0, longest_field));
    for (at.skip_blanks_and_commas(); !at.at_end(); at.skip_blanks_and_commas()) {
        if (!found.empty() && at.at_param()) {
            read_param(at, found.back());
            continue;
        }
        const auto scheme = at.token();
        if (scheme.empty()) {  // not a challenge: go on behind the next comma
            if (at.peek() == '"') at.quoted();
            else if (at.bare().empty()) at.skip();
            continue;
        }
        if (found.size() == most_challenges) break;
        found.push_back({lower(scheme), {}, {}});
        at.skip_blanks();
        if (!at.at_end() && at.peek() != ',' && !at.at_param()) found.back().token68 = at.bare();
    }
    return found;
}

std::vector<challenge> challenges_of(const http_answer& answer)
{
    std::vector<challenge> all;
    for (const auto& [name, value] : answer.headers) {
        if (name != "www-authenticate") continue;
        for (auto& c : parse_challenges(value))
            if (all.size() < most_challenges) all.push_back(std::move(c));
    }
    return all;
}

std::string resource_metadata_of(const http_answer& answer)
{
    for (const auto& c : challenges_of(answer)) {
        if (c.scheme != "bearer") continue;
        const auto url = c.param("resource_metadata");
        for (const std::string_view scheme : {"https://", "http://"}) {
            if (url.size() <= scheme.size() || lower(url.substr(0, scheme.size())) != scheme) continue;
            // An authority must follow: "https:///x" names no place.
            if (const char next = url[scheme.size()]; is_alnum(next) || next == '[') return std::string(url);
        }
    }
    return {};
}

}  // namespace rollcall::audit
