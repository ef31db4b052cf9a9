#include "audit/commands/baseline.hpp"

#include "audit/commands/commands.hpp"
#include "audit/drift/review.hpp"
#include "audit/drift/show.hpp"
#include "audit/mcp/contract.hpp"
#include "audit/mcp/text.hpp"
#include "data/config/config.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace rollcall::audit::commands {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr int version = 1;
constexpr const char* mark = "rollcall_baseline";
constexpr std::size_t largest = 64u << 20;
constexpr int deepest = 80;  // a list of tools within 64 levels, and what stands around it

// A file that a person may have edited or mistaken: each complaint says where, what stood there, and what is expected.
class reader {
public:
    reader(const json& doc, const std::string& file) : doc_(doc), file_(file) {}

    [[noreturn]] void refuse(const std::string& place, const std::string& stood, const std::string& expected) const
    {
        throw data::config_error(fmt::format("{}: {}{}, expected {}", file_, place.empty() ? "" : place + ": ", stood, expected));
    }

    const json& at(const char* pointer, const char* expected) const
    {
        const json::json_pointer p(pointer);
        if (!doc_.contains(p)) refuse(pointer, "absent", expected);
        return doc_.at(p);
    }

    std::string text(const char* pointer, const char* expected = "a text") const
    {
        const auto& v = at(pointer, expected);
        if (!v.is_string()) refuse(pointer, shown(v), expected);
        return v.get<std::string>();
    }

    std::string hash(const char* pointer) const
    {
        constexpr const char* expected = "64 hexadecimal digits";
        const auto h = text(pointer, expected);
        const bool good = h.size() == 64 && std::ranges::all_of(h, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
        if (!good) refuse(pointer, shown(h), expected);
        return h;
    }

    static std::string shown(const json& v)
    {
        const auto text = v.is_structured() ? std::string(v.type_name()) : v.dump(-1, ' ', false, json::error_handler_t::replace);
        return mcp::one_line(text, 80);
    }

private:
    const json& doc_;
    const std::string& file_;
};

std::vector<json> tools_of(const reader& r)
{
    const auto& list = r.at("/tools", "an array of tools");
    if (!list.is_array()) r.refuse("/tools", reader::shown(list), "an array of tools");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto place = fmt::format("/tools/{}", i);
        if (!list[i].is_object()) r.refuse(place, reader::shown(list[i]), "a tool");
        const auto name = list[i].find("name");
        if (name == list[i].end()) r.refuse(place + "/name", "absent", "a text");
        if (!name->is_string()) r.refuse(place + "/name", reader::shown(*name), "a text");
    }
    return list.get<std::vector<json>>();
}

std::string whole_file(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in || fs::is_directory(file)) throw data::config_error(file.string() + ": cannot be read, expected a file written by `check --save`");
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (text.size() > largest) throw data::config_error(fmt::format("{}: {} bytes, expected at most {}", file.string(), text.size(), largest));
    return text;
}

bool is_truncated(const data::cell& c) { return std::ranges::find(c.answer.warnings, data::warning::list_truncated) != c.answer.warnings.end(); }

// Written out to the disk before it takes the other's name.
void write_through(const fs::path& file, std::string_view text)
{
    const auto fail = [&] { throw std::runtime_error(file.string() + ": " + std::strerror(errno)); };
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) fail();
    bool good = true;
    while (good && !text.empty()) {
        const auto n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        good = n > 0;
        if (good) text.remove_prefix(static_cast<std::size_t>(n));
    }
    good = good && ::fsync(fd) == 0;
    const int why = errno;
    ::close(fd);
    if (good) return;
    ::unlink(file.c_str());
    errno = why;
    fail();
}

ordered_json text_or_null(const std::string& text) { return text.empty() ? ordered_json() : ordered_json(text); }

}  // namespace

baseline baseline_of(const std::string& url, data::time_point at, const data::cell& c)
{
    if (c.manifest.empty()) throw std::runtime_error("not saved: no tool list was read");
    if (is_truncated(c)) throw std::runtime_error("not saved: the tool list was longer than is read, and a part of it cannot be compared with anything");
    const auto& a = c.answer;
    return {url, at, a.era, a.protocol_version, a.server_name, a.server_version, a.contract_hash, a.full_hash, c.manifest};
}

std::string to_text(const baseline& b)
{
    ordered_json doc;
    doc[mark] = version;
    doc["url"] = b.url;
    doc["at"] = data::to_rfc3339(b.at);
    doc["era"] = data::code_of(b.era);
    doc["protocol_version"] = b.protocol_version;
    doc["server"] = {{"name", b.server_name}, {"version", b.server_version}};
    doc["contract_hash"] = b.contract_hash;
    doc["full_hash"] = b.full_hash;
    doc["tools"] = ordered_json::parse(b.manifest);
    return doc.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

baseline parse_baseline(std::string_view text, const std::string& file)
{
    bool too_deep = false;
    const auto acceptable = mcp::acceptable_json(text, deepest, too_deep);
    const auto doc = too_deep ? json() : json::parse(acceptable, nullptr, /*allow_exceptions=*/false);
    const reader r(doc, file);
    constexpr const char* ours = "a file written by `check --save`";
    if (doc.is_discarded() || !doc.is_object() || !doc.contains(mark)) r.refuse("", too_deep ? "nested too deep" : doc.is_discarded() ? "not JSON" : "not a baseline", ours);
    if (doc[mark] != version) r.refuse(std::string("/") + mark, reader::shown(doc[mark]), std::to_string(version) + ", the only version that this program reads");

    baseline b;
    b.url = r.text("/url", "a URL");
    const auto at = r.text("/at", "a time such as 2026-11-21T02:30:00Z");
    if (const auto t = data::parse_time(at)) b.at = *t;
    else r.refuse("/at", reader::shown(at), "a time such as 2026-11-21T02:30:00Z");
    const auto era = r.text("/era", "\"legacy\" or \"modern\"");
    if (era == data::code_of(data::era::legacy)) b.era = data::era::legacy;
    else if (era == data::code_of(data::era::modern)) b.era = data::era::modern;
    else r.refuse("/era", reader::shown(era), "\"legacy\" or \"modern\"");
    b.protocol_version = r.text("/protocol_version");
    b.server_name = r.text("/server/name");
    b.server_version = r.text("/server/version");
    b.contract_hash = r.hash("/contract_hash");
    b.full_hash = r.hash("/full_hash");

    auto c = mcp::contract_of(tools_of(r));
    constexpr const char* untouched = ", which the tools give: they were changed after they were saved";
    if (c.full_hash != b.full_hash) r.refuse("/full_hash", b.full_hash, c.full_hash + untouched);
    if (c.contract_hash != b.contract_hash) r.refuse("/contract_hash", b.contract_hash, c.contract_hash + untouched);
    b.manifest = std::move(c.manifest);
    return b;
}

baseline load_baseline(const fs::path& file) { return parse_baseline(whole_file(file), file.string()); }

void save_baseline(const fs::path& file, const baseline& b)
{
    // A link stays a link; what it leads to is replaced.
    const auto target = fs::weakly_canonical(file);
    if (fs::exists(target)) {
        const auto there = fs::is_regular_file(target) ? json::parse(whole_file(target), nullptr, /*allow_exceptions=*/false) : json();
        if (!there.is_object() || !there.contains(mark))
            throw data::config_error(file.string() + ": another kind of file stands there, expected none, or one written by `check --save`");
    }
    auto temporary = target;
    temporary += fmt::format(".{}.part", ::getpid());
    write_through(temporary, to_text(b));
    std::error_code failed;
    fs::rename(temporary, target, failed);
    if (!failed) return;
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw std::runtime_error(file.string() + ": " + failed.message());
}

against compare_with(const baseline& before, const std::string& file, const data::cell& today)
{
    against a{before, file, std::nullopt, "", false};
    if (today.manifest.empty()) {
        a.why_not = "the server gave no tool list";
        a.no_list = true;
    } else if (today.answer.era != before.era) {
        a.why_not = fmt::format("the baseline is of the {} protocol and the server now answers in the {} one, which gives other lists; save a new baseline",
                                data::code_of(before.era), data::code_of(today.answer.era));
    } else if (is_truncated(today)) {
        a.why_not = "the tool list was longer than is read, and a part of it cannot be compared";
    } else {
        a.changes = drift::compare_manifests(before.manifest, today.manifest);
        if (a.changes->problem.empty()) return a;
        a.why_not = a.changes->problem;
        a.changes.reset();
    }
    return a;
}

std::string as_text(const against& a, bool colour)
{
    const std::string_view bold = colour ? "\x1b[1m" : "", off = colour ? "\x1b[0m" : "", tint = colour ? "\x1b[31m" : "";
    auto out = fmt::format("\n  {}Tools against the baseline of {}{}\n", bold, data::to_words(a.before.at), off);
    if (!a.changes) return out + fmt::format("  {}Not compared:{} {}.\n", tint, off, a.why_not);
    const auto worst = a.changes->worst();
    const std::string_view dim = colour ? "\x1b[2m" : "";
    out += fmt::format("  {}{}{}: {}\n", dim, drift::safe_to_show(a.file), off, drift::counts_of(*a.changes));
    if (worst) out += "\n" + drift::as_text(*a.changes, colour);
    if (a.changes->for_review > 0)
        out += fmt::format("\n  {}For a human eye:{} read what is marked with ! before a model does.\n", bold, off);
    return out;
}

ordered_json as_json(const against& a)
{
    ordered_json doc;
    doc["baseline"] = {{"file", a.file}, {"url", a.before.url}, {"at", data::to_rfc3339(a.before.at)}, {"era", data::code_of(a.before.era)},
                       {"contract_hash", a.before.contract_hash}, {"full_hash", a.before.full_hash}};
    doc["compared"] = a.changes.has_value();
    doc["why_not"] = text_or_null(a.why_not);
    if (a.changes) doc.update(drift::as_json(*a.changes));
    return doc;
}

int code_of(const against& a)
{
    if (!a.changes) return a.no_list ? finding : failed;
    return a.changes->worst() == drift::grade::breaking ? finding : ok;
}

}  // namespace rollcall::audit::commands
