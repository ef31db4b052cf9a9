#include "audit/registry/json_page.hpp"

#include "audit/registry/surrogates.hpp"
#include "audit/registry/text.hpp"

#include <algorithm>
#include <vector>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

// Builds the tree as nlohmann's own builder does, but knows where it is, skips members, and stops at the bounds.
// (The library's filtering callback looks through the whole parent after each element: quadratic for long arrays.)
class tree_builder {
public:
    explicit tree_builder(std::span<const std::string_view> skipped) : skipped_(skipped) {}
    tree_builder(std::span<const std::string_view> skipped, std::span<const rows_place> rows, const row_sink& sink)
        : skipped_(skipped), rows_(rows), sink_(&sink)
    {
    }

    bool null() { return add(nullptr) != stopped; }
    bool boolean(bool value) { return add(value) != stopped; }
    bool number_integer(json::number_integer_t value) { return add(value) != stopped; }
    bool number_unsigned(json::number_unsigned_t value) { return add(value) != stopped; }
    bool number_float(json::number_float_t value, const std::string&) { return add(value) != stopped; }
    bool string(std::string& value) { return add(std::move(value)) != stopped; }
    bool binary(json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(json::object(), '{'); }
    bool start_array(std::size_t) { return open(json::array(), '['); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(std::string& name)
    {
        frame& f = frames_.back();
        // The key of a row is a name that somebody chose, whatever it is.
        f.skip = !f.rows && std::find(skipped_.begin(), skipped_.end(), name) != skipped_.end();
        f.key = std::move(name);
        f.begun = true;
        return true;
    }

    template <class Exception>
    bool parse_error(std::size_t, const std::string&, const Exception& e)
    {
        // "[json.exception.parse_error.101] parse error at line 2, column 5: syntax error ...; last read: '...'"
        std::string what = e.what();
        what = what.substr(std::min(what.find("] ") + 2, what.size()));
        what = capped(what.substr(0, what.find("; last read")), 160);
        std::replace_if(
            what.begin(), what.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
        return fail(what);
    }

    json root;
    std::string error;
    bool enough = false;  // the sink wanted no more

private:
    struct frame {
        json* node;  // none: inside something that is skipped
        std::string key;
        std::size_t index = 0;
        bool skip = false, begun = false;
        bool rows = false;  // its values go to the sink
    };
    enum outcome : std::uint8_t { kept, dropped, stopped };

    template <class T>
    outcome add(T&& value)
    {
        json* where = nullptr;
        const outcome got = put(json(std::forward<T>(value)), where);
        return got == kept && ends_row() && !emit() ? stopped : got;
    }

    bool ends_row() const { return !frames_.empty() && frames_.back().rows && !frames_.back().skip; }

    bool emit()
    {
        const frame& f = frames_.back();
        const bool array = f.node->is_array();
        enough = !(*sink_)(place(), array ? std::string() : f.key, row_);
        row_ = nullptr;
        return !enough;
    }

    // Of a list or an object that has just begun: does it hold the rows?
    bool holds_rows(char opens, bool& twice)
    {
        if (rows_.empty() || frames_.size() > 2) return false;
        std::string pointer;
        for (const frame& f : frames_) {
            if (f.node == nullptr || f.node->is_array()) return false;
            (pointer += '/') += f.key;
        }
        for (const rows_place& r : rows_) {
            if (r.pointer != pointer || r.opens != opens) continue;
            twice = std::find(seen_.begin(), seen_.end(), pointer) != seen_.end();
            seen_.push_back(pointer);
            return true;
        }
        return false;
    }

    outcome put(json&& value, json*& where)
    {
        if (frames_.empty()) {
            root = std::move(value);
            where = &root;
            return kept;
        }
        frame& f = frames_.back();
        const bool array = f.node != nullptr && f.node->is_array();
        if (array) ++f.index, f.begun = true;
        if (f.node == nullptr || f.skip) return dropped;
        if (++count_ > most_json_values)
            return fail("more than " + std::to_string(most_json_values) + " values"), stopped;
        if (f.rows) {
            row_ = std::move(value);
            where = &row_;
        } else if (array) {
            f.node->push_back(std::move(value));
            where = &f.node->back();
        } else {
            where = &(*f.node)[f.key];
            *where = std::move(value);
        }
        return kept;
    }

    bool open(json&& value, char opens)
    {
        if (frames_.size() >= deepest_json)
            return fail("nested deeper than " + std::to_string(deepest_json) + " levels");
        bool twice = false;
        json* where = nullptr;
        const outcome got = put(std::move(value), where);
        if (got == stopped) return false;
        const bool rows = got == kept && holds_rows(opens, twice);
        if (twice) return fail("stands there twice");
        frames_.push_back({where, {}, 0, false, false, rows});
        return true;
    }

    bool close()
    {
        frames_.pop_back();
        return !ends_row() || emit();
    }

    std::string place() const
    {
        std::string out;
        for (const frame& f : frames_) {
            if (f.node == nullptr || !f.begun) break;
            out += '/' + (f.node->is_array() ? std::to_string(f.index - 1) : pointer_token(f.key));
        }
        return out;
    }

    bool fail(const std::string& what)
    {
        const std::string where = place();
        error = (where.empty() ? "/" : capped(where, 300)) + ": " + what;
        return false;
    }

    std::span<const std::string_view> skipped_;
    std::span<const rows_place> rows_;
    const row_sink* sink_ = nullptr;
    json row_;                       // the one under way
    std::vector<std::string> seen_;  // places of rows that were met
    std::vector<frame> frames_;
    std::size_t count_ = 0;
};

std::variant<json, format_error> run(tree_builder& builder, std::string_view text, bool comments)
{
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return format_error{"/: nothing, expected JSON"};
    if (text[start] == '<')
        return format_error{"/: HTML or XML (\"" + excerpt(text.substr(start)) + "\"), expected JSON"};
    if (text.starts_with("\x1f\x8b")) return format_error{"/: compressed bytes (gzip), expected JSON"};
    const auto mended = without_lone_surrogates(text);
    if (mended) text = *mended;
    const bool whole =
        json::sax_parse(text.begin(), text.end(), &builder, nlohmann::detail::input_format_t::json, true, comments);
    if (!whole && !builder.enough) return format_error{builder.error.empty() ? "/: no JSON" : builder.error};
    return std::move(builder.root);
}

}  // namespace

std::variant<json, format_error> read_json(std::string_view text, std::span<const std::string_view> skipped,
                                           bool comments)
{
    tree_builder builder(skipped);
    return run(builder, text, comments);
}

std::variant<json, format_error> read_json_rows(std::string_view text, std::span<const std::string_view> skipped,
                                                std::span<const rows_place> rows, const row_sink& sink, bool comments)
{
    tree_builder builder(skipped, rows, sink);
    return run(builder, text, comments);
}

std::string shown(const json& value)
{
    if (value.is_object()) {
        std::string keys;
        for (const auto& [key, member] : value.items()) {
            if (keys.size() > 60) return "an object (" + keys + ", ...)";
            keys += (keys.empty() ? "" : ", ") + excerpt(key);
        }
        return keys.empty() ? "an empty object" : "an object (" + keys + ")";
    }
    if (value.is_array()) return "a list of " + std::to_string(value.size());
    if (value.is_string()) return '"' + excerpt(value.get_ref<const std::string&>()) + '"';
    return value.dump();
}

std::string pointer_token(std::string_view name)
{
    std::string out;
    for (const char c : excerpt(name)) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

}  // namespace rollcall::audit::detail
