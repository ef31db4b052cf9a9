#include "data/store/tool_names.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace rollcall::data {
namespace {

// Hears a document read out. A name is a text under "name" in an object of the outermost list.
class listener final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit listener(std::size_t most) : most_(most) {}

    std::vector<std::string> take(bool whole) { return whole ? std::move(names_) : std::vector<std::string>(); }

    bool null() override { return other(); }
    bool boolean(bool) override { return other(); }
    bool number_integer(number_integer_t) override { return other(); }
    bool number_unsigned(number_unsigned_t) override { return other(); }
    bool number_float(number_float_t, const string_t&) override { return other(); }
    bool binary(binary_t&) override { return other(); }
    bool string(string_t& text) override
    {
        if (is_name()) name_ = std::move(text);
        return depth_ > 0;
    }
    bool start_object(std::size_t) override
    {
        if (is_name()) name_.reset();
        return depth_++ > 0;
    }
    bool key(string_t& key) override
    {
        if (depth_ == 2) named_ = key == "name";
        return true;
    }
    bool end_object() override
    {
        if (--depth_ == 1 && name_ && names_.size() < most_) names_.push_back(std::move(*name_));
        if (depth_ == 1) name_.reset(), named_ = false;
        return true;
    }
    bool start_array(std::size_t) override
    {
        if (is_name()) name_.reset();
        ++depth_;
        return true;
    }
    bool end_array() override
    {
        --depth_;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

private:
    bool is_name() const { return depth_ == 2 && named_; }
    // A value that is no text; where it is the whole document, that is no list.
    bool other()
    {
        if (is_name()) name_.reset();
        return depth_ > 0;
    }

    std::size_t most_, depth_ = 0;
    bool named_ = false;
    std::optional<std::string> name_;
    std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> tool_names(std::string_view json, std::size_t most)
{
    listener l(most);
    const bool whole = nlohmann::json::sax_parse(json, &l);
    return l.take(whole);
}

}  // namespace rollcall::data
