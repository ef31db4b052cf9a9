// The files of one folder, together.
#include "data/config/config.hpp"

#include <fstream>
#include <sstream>

namespace rollcall::data {
namespace {

constexpr std::uintmax_t largest_file = 16u << 20;

std::string read_file(const std::filesystem::path& path)
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw config_error(path.string() + ": a directory, expected a file");
    if (const auto size = std::filesystem::file_size(path, error); !error && size > largest_file)
        throw config_error(path.string() + ": " + std::to_string(size) + " bytes, expected at most " +
                           std::to_string(largest_file));
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || in.bad()) throw config_error(path.string() + ": cannot be read");
    return std::move(text).str();
}

// Nothing where there is no such file; a file that is there and cannot be read is an error, not an absence.
std::optional<std::string> read_if_there(const std::filesystem::path& path)
{
    std::error_code error;
    if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) return {};
    return read_file(path);
}

}  // namespace

configuration load_configuration(const std::filesystem::path& rollcall_json)
{
    configuration c;
    c.folder = rollcall_json.parent_path();
    c.rollcall = parse_settings(read_file(rollcall_json), rollcall_json.string());
    const auto beside = [&](const char* name, auto parse, auto& out) {
        const auto path = c.folder / name;
        const auto text = read_if_there(path);
        if (text) out = parse(*text, path.string());
    };
    c.regions = {region_source{}};
    c.regions.front().id = "local";
    beside("registries.json", parse_registries, c.registries);
    beside("regions.json", parse_regions, c.regions);
    beside("platforms.json", parse_platforms, c.platforms);
    beside("owners.json", parse_owners, c.owners);
    beside("opt-out.txt", parse_opt_out, c.opt_out);
    return c;
}

}  // namespace rollcall::data
