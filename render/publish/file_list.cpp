#include "render/publish/file_list.hpp"

#include "render/publish/files.hpp"

#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <charconv>

namespace rollcall::render {
namespace {

namespace fs = std::filesystem;
constexpr const char* list_name = ".rollcall-files";
constexpr const char* earlier_name = ".rollcall-files.json";
constexpr const char* new_name = ".rollcall-files.new";
constexpr std::string_view opening = "rollcall-files 2 ";

[[noreturn]] void damaged(const fs::path& file) { throw publish_error(file.string() + ": damaged; remove the folder and render it anew"); }

// The text before `end`, which is taken off with it; empty if there is no `end`.
std::string_view next(std::string_view& rest, char end)
{
    const auto at = rest.find(end);
    if (at == std::string_view::npos) return {};
    const auto word = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return word;
}

template <class Number>
bool read_number(std::string_view text, Number& out)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

file_list parsed(std::string_view text, const fs::path& file)
{
    if (!text.starts_with(opening)) damaged(file);
    text.remove_prefix(opening.size());
    file_list out;
    const auto inputs = next(text, ' ');
    if (inputs != "-") out.inputs = inputs;
    std::size_t count = 0;
    if (!read_number(next(text, '\n'), count)) damaged(file);
    while (!text.empty()) {
        file_record r;
        if (!read_hex(next(text, ' '), r.content) || !read_number(next(text, ' '), r.size) || !read_number(next(text, ' '), r.modified)) damaged(file);
        const auto path = next(text, '\n');
        if (path.empty() || count-- == 0) damaged(file);
        if (is_publishable(path)) out.files.emplace_hint(out.files.end(), path, r);
    }
    // A list that lost its end would make strangers of our own files.
    if (count != 0) damaged(file);
    return out;
}

file_list parsed_earlier(const std::string& text, const fs::path& file)
{
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_object() || !list.contains("files") || !list["files"].is_array()) damaged(file);
    file_list out;
    for (const auto& f : list["files"])
        if (f.is_string() && is_publishable(f.get_ref<const std::string&>())) out.files.emplace(f.get<std::string>(), file_record{});
    return out;
}

}  // namespace

bool is_own_name(const std::string& name) { return name.starts_with(".rollcall-"); }

std::optional<file_list> read_list(const fs::path& folder)
{
    if (const auto text = read_file(folder / list_name)) return parsed(*text, folder / list_name);
    if (const auto text = read_file(folder / earlier_name)) return parsed_earlier(*text, folder / earlier_name);
    return std::nullopt;
}

void write_list(const fs::path& folder, const file_list& list)
{
    auto text = std::string(opening) + (list.inputs.empty() ? "-" : list.inputs) + " " + std::to_string(list.files.size()) + "\n";
    for (const auto& [path, r] : list.files) text += hex(r.content) + " " + std::to_string(r.size) + " " + std::to_string(r.modified) + " " + path + "\n";
    std::error_code ec;
    fs::remove(folder / new_name, ec);
    write_new_file(folder / new_name, text);
    fs::rename(folder / new_name, folder / list_name);
    fs::remove(folder / earlier_name, ec);
}

std::optional<file_stamp> stamp_of(const fs::path& path)
{
    struct stat s {};
    if (::lstat(path.c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
    return file_stamp{static_cast<std::uint64_t>(s.st_size), s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec};
}

bool matches(const file_record& r, const std::optional<file_stamp>& there) { return there && r.modified >= 0 && r.size == there->size && r.modified == there->modified; }

}  // namespace rollcall::render
