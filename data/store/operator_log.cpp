#include "data/store/operator_log.hpp"

#include "data/store/sqlite.hpp"

#include <optional>

namespace rollcall::data {
namespace {

constexpr std::size_t longest_detail = 500;

std::string one_line(std::string_view text)
{
    std::string out(text.substr(0, longest_detail));
    // Never half a character of UTF-8.
    if (text.size() > longest_detail) {
        auto start = out.size();
        while (start > 0 && (static_cast<unsigned char>(out[start - 1]) & 0xc0) == 0x80) --start;
        if (start > 0 && (static_cast<unsigned char>(out[start - 1]) & 0x80)) out.resize(start - 1);
    }
    for (auto& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return out;
}

std::string link(const digest_function& sha256, const std::string& before, std::int64_t at, std::string_view what, std::string_view detail)
{
    return sha256(before + '\n' + std::to_string(at) + '\n' + std::string(what) + '\n' + std::string(detail));
}

const std::string nothing_before(32, '\0');

}  // namespace

operator_log::operator_log(connection& db, digest_function sha256) : db_(db), sha256_(std::move(sha256)) {}

void operator_log::append(time_point at, std::string_view what, std::string_view detail)
{
    const auto text = one_line(detail);
    const auto last = db_.prepare("SELECT id, hash FROM operator_log ORDER BY id DESC LIMIT 1").row<std::int64_t, blob>();
    const auto seconds = static_cast<std::int64_t>(at.time_since_epoch().count());
    const auto hash = link(sha256_, last ? std::get<1>(*last).bytes : nothing_before, seconds, what, text);
    db_.prepare("INSERT INTO operator_log (id, at, what, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5)")
        .execute(last ? std::get<0>(*last) + 1 : 1, seconds, what, text, blob{hash});
}

void operator_log::append_once(time_point at, std::string_view what, std::string_view detail)
{
    const auto same = db_.prepare("SELECT 1 FROM operator_log WHERE id = (SELECT max(id) FROM operator_log) AND at = ?1 AND what = ?2 AND detail = ?3")
                          .row<std::int64_t>(static_cast<std::int64_t>(at.time_since_epoch().count()), what, one_line(detail));
    if (!same) append(at, what, detail);
}

std::vector<operator_line> operator_log::lines()
{
    std::vector<operator_line> out;
    auto s = db_.prepare("SELECT id, at, what, detail FROM operator_log ORDER BY id");
    for (auto [id, at, what, detail] : s.rows<std::int64_t, std::int64_t, std::string, std::string>())
        out.push_back({id, time_point(std::chrono::seconds(at)), what, detail});
    return out;
}

std::int64_t operator_log::first_broken()
{
    auto before = nothing_before;
    std::int64_t expected = 1;
    auto s = db_.prepare("SELECT id, at, what, detail, hash FROM operator_log ORDER BY id");
    for (auto [id, at, what, detail, hash] : s.rows<std::int64_t, std::int64_t, std::string, std::string, blob>()) {
        before = link(sha256_, before, at, what, detail);
        if (id != expected++ || hash.bytes != before) return id;
    }
    return 0;
}

}  // namespace rollcall::data
