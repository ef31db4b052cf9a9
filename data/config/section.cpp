#include "data/config/section.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace rollcall::data::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_dump = 80;

std::string shortened(std::string text)
{
    if (text.size() <= longest_dump) return text;
    std::size_t end = longest_dump - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

std::string dump(const json& value)
{
    return shortened(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

// Levenshtein's distance of two short words.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

// Watches the keys while the document is read: the tree itself would keep the last of two without a word.
class key_watch {
public:
    explicit key_watch(const std::string& file) : file_(file) {}
    bool operator()(int depth, json::parse_event_t event, json& parsed)
    {
        if (depth > 32) throw config_error(file_ + ": nested deeper than 32 levels");
        if (event == json::parse_event_t::object_start) open_.emplace_back();
        if (event == json::parse_event_t::object_end) open_.pop_back();
        if (event == json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second)
            throw config_error(file_ + ": the key " + dump(parsed) + " stands twice in one object");
        return true;
    }

private:
    std::string file_;
    std::vector<std::set<std::string>> open_;
};

}  // namespace

place place::at(std::string_view key) const
{
    std::string token;
    for (const char c : key) {
        if (c == '~')
            token += "~0";
        else if (c == '/')
            token += "~1";
        else
            token += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
    return {file, pointer + "/" + shortened(token)};
}

place place::at(std::size_t index) const
{
    return {file, pointer + "/" + std::to_string(index)};
}

void place::fail(const std::string& problem) const
{
    throw config_error(file + ": " + (pointer.empty() ? "/" : pointer) + ": " + problem);
}

void place::expected(const json& found, std::string_view what) const
{
    fail(dump(found) + ", expected " + std::string(what));
}

json parse_json(std::string_view text, const std::string& file)
try {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        throw config_error(file + ": empty, expected a JSON object");
    key_watch watch(file);
    return json::parse(text, std::ref(watch));
} catch (const json::exception& e) {
    // "[json.exception.parse_error.101] parse error at line 2, column 5: ..." without the number
    std::string what = e.what();
    what = what.substr(std::min(what.find("] ") + 2, what.size()));
    std::replace_if(
        what.begin(), what.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    throw config_error(file + ": " + what.substr(0, 240));
}

section::section(const json& object, place where) : object_(&object), where_(std::move(where))
{
    if (!object.is_object()) where_.expected(object, "an object");
}

const json* section::find(const char* key)
{
    known_.emplace_back(key);
    const auto it = object_->find(key);
    return it == object_->end() ? nullptr : &*it;
}

std::optional<std::int64_t> section::number(const char* key, std::int64_t low, std::int64_t high)
{
    const json* value = find(key);
    if (!value) return {};
    const bool fits =
        value->is_number_integer() &&
        (!value->is_number_unsigned() || value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
    if (!fits || value->get<std::int64_t>() < low || value->get<std::int64_t>() > high)
        where_.at(key).expected(*value, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return value->get<std::int64_t>();
}

void section::time(const char* key, milliseconds& out, milliseconds low, milliseconds high)
{
    std::int64_t n = out.count();
    whole<std::int64_t>(key, n, low.count(), high.count());
    out = milliseconds(n);
}

void section::real(const char* key, std::optional<double>& out, double low, double high)
{
    const json* value = find(key);
    if (!value) return;
    if (!value->is_number() || !(value->get<double>() >= low && value->get<double>() <= high))
        where_.at(key).expected(*value, "a number from " + json(low).dump() + " to " + json(high).dump());
    out = value->get<double>();
}

void section::real(const char* key, double& out, double low, double high)
{
    std::optional<double> value;
    real(key, value, low, high);
    out = value.value_or(out);
}

void section::flag(const char* key, bool& out)
{
    const json* value = find(key);
    if (!value) return;
    if (!value->is_boolean()) where_.at(key).expected(*value, "true or false");
    out = value->get<bool>();
}

void section::text(const char* key, std::string& out, std::string_view what, const check& is_right)
{
    const json* value = find(key);
    if (!value) return;
    if (!value->is_string()) where_.at(key).expected(*value, what);
    const auto& found = value->get_ref<const std::string&>();
    const bool clean = found.size() <= 2000 && std::none_of(found.begin(), found.end(), [](char c) {
                           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                       });
    if (!clean) where_.at(key).expected(*value, "one line of at most 2000 bytes");
    if (is_right && !is_right(found)) where_.at(key).expected(*value, what);
    out = found;
}

void section::required(const char* key, std::string& out, std::string_view what, const check& is_right)
{
    if (!object_->contains(key)) where_.at(key).fail("missing, expected " + std::string(what));
    text(key, out, what, is_right);
    if (out.empty()) where_.at(key).expected("", what);
}

void section::variable(const char* key, std::string& out)
{
    const json* value = find(key);
    if (!value) return;
    constexpr std::string_view what = ", expected the NAME of an environment variable, like ROLLCALL_KEY";
    if (!value->is_string())
        where_.at(key).fail("a value of type " + std::string(value->type_name()) + std::string(what));
    const auto& name = value->get_ref<const std::string&>();
    const auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    const bool right = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed) &&
                       !(name[0] >= '0' && name[0] <= '9');
    if (!right) {
        const std::string start =
            name.size() > 12 ? json(name.substr(0, 3)).dump(-1, ' ', true, json::error_handler_t::replace) : "";
        where_.at(key).fail((start.empty() ? "a text" : start + "...") + " of " + std::to_string(name.size()) +
                            " characters" + std::string(what));
    }
    out = name;
}

section section::child(const char* key)
{
    static const json none = json::object();
    const json* value = find(key);
    return section(value ? *value : none, where_.at(key));
}

void section::each(const char* key, bool needed, const std::function<void(const json&, const place&)>& element)
{
    const json* value = find(key);
    const place here = where_.at(key);
    if (!value) {
        if (needed) here.fail("missing, expected a list");
        return;
    }
    if (!value->is_array()) here.expected(*value, "a list");
    for (std::size_t i = 0; i < value->size(); ++i) element((*value)[i], here.at(i));
}

void section::end() const
{
    for (const auto& [key, value] : object_->items()) {
        if (key == "$schema" && where_.pointer.empty()) continue;
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        const std::string* nearest = nullptr;
        std::size_t best = key.size() <= 40 ? 3 : 0;  // more than two slips of the finger are another word
        std::string all;
        for (const std::string& known : known_) {
            const std::size_t d = best > 0 ? distance(key, known) : 1;
            if (d < best && d < known.size()) nearest = &known, best = d;
            all += (all.empty() ? "" : ", ") + known;
        }
        where_.at(key).fail(nearest ? "unknown key, did you mean \"" + *nearest + "\"?"
                                    : "unknown key, expected one of " + all);
    }
}

bool is_id(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool is_http_url(std::string_view text) noexcept
{
    const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    if (scheme == 0 || text.find_first_of(" \"<>\\^`{|}\x7f") != std::string_view::npos) return false;
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) return false;
    const std::string_view authority = text.substr(scheme, text.find_first_of("/?#", scheme) - scheme);
    return !authority.empty() && authority.find('@') == std::string_view::npos;
}

}  // namespace rollcall::data::detail
