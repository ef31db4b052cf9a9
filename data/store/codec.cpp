#include "data/store/codec.hpp"

#include "data/store/sqlite.hpp"

#include <nlohmann/json.hpp>
#include <zlib.h>

#include <algorithm>

namespace rollcall::data {

std::string pack_times(const step_times& ms)
{
    std::string out;
    for (const auto& m : ms) {
        std::uint64_t value = m ? std::uint64_t{*m} + 1 : 0;
        do {
            const auto group = static_cast<unsigned char>(value & 0x7f);
            value >>= 7;
            out.push_back(static_cast<char>(value ? group | 0x80 : group));
        } while (value);
    }
    return out;
}

step_times unpack_times(std::string_view bytes)
{
    const auto damaged = [] { return store_error("cell: damaged times", SQLITE_CORRUPT); };
    step_times out;
    std::size_t at = 0;
    for (auto& m : out) {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            if (at >= bytes.size() || shift > 28) throw damaged();
            const auto group = static_cast<unsigned char>(bytes[at++]);
            value |= std::uint64_t{group & 0x7fu} << shift;
            if (group & 0x80) continue;
            if (group == 0 && shift > 0) throw damaged();  // longer than need be
            break;
        }
        if (value > std::uint64_t{UINT32_MAX} + 1) throw damaged();
        if (value) m = static_cast<std::uint32_t>(value - 1);
    }
    if (at != bytes.size()) throw damaged();
    return out;
}

namespace {

using nlohmann::json;

std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

// An array of arrays of `columns` values, those of `texts` texts; anything else is damage.
json rows_of(std::string_view stored, const char* what, std::size_t columns, std::initializer_list<std::size_t> texts)
{
    auto rows = json::parse(stored, nullptr, /*allow_exceptions=*/false);
    const auto right = [&](const json& row) {
        return row.is_array() && row.size() == columns && std::ranges::all_of(texts, [&](std::size_t i) { return row[i].is_string(); });
    };
    if (!rows.is_array() || !std::ranges::all_of(rows, right)) throw store_error(std::string("store: damaged ") + what, SQLITE_CORRUPT);
    return rows;
}

}  // namespace

std::string pack_rungs(const std::vector<rung_outcome>& rungs)
{
    auto out = json::array();
    for (const auto& r : rungs) out.push_back({row_of(r.rung).code, code_of(r.state), r.detail});
    return text_of(out);
}

std::vector<rung_outcome> unpack_rungs(std::string_view text)
{
    std::vector<rung_outcome> out;
    for (const auto& row : rows_of(text, "ladder", 3, {0, 1, 2})) {
        const auto code = parse_rung(row[0].get_ref<const std::string&>());
        const auto& state = row[1].get_ref<const std::string&>();
        if (code) out.push_back({*code, state == "yes" ? rung_state::yes : state == "no" ? rung_state::no : rung_state::not_reached, row[2].get<std::string>()});
    }
    return out;
}

std::string pack_steps(const std::vector<owner_step_result>& steps)
{
    auto out = json::array();
    for (const auto& s : steps) out.push_back({code_of(s.step), code_of(s.state), s.ms ? json(*s.ms) : json(), s.detail});
    return text_of(out);
}

std::vector<owner_step_result> unpack_steps(std::string_view text)
{
    std::vector<owner_step_result> out;
    for (const auto& row : rows_of(text, "steps", 4, {0, 1, 3})) {
        const auto code = parse_owner_step(row[0].get_ref<const std::string&>());
        const auto& state = row[1].get_ref<const std::string&>();
        if (!code) continue;
        out.push_back({*code, state == "passed" ? step_state::passed : state == "failed" ? step_state::failed : step_state::skipped, {}, row[3].get<std::string>()});
        if (row[2].is_number_unsigned()) out.back().ms = row[2].get<std::uint32_t>();
    }
    return out;
}

std::string pack_health(const std::vector<health_line>& lines)
{
    auto out = json::array();
    for (const auto& l : lines) out.push_back({l.component, l.state, l.reason});
    return text_of(out);
}

std::vector<health_line> unpack_health(std::string_view text)
{
    std::vector<health_line> out;
    for (const auto& row : rows_of(text, "health lines", 3, {0, 1, 2})) out.push_back({row[0].get<std::string>(), row[1].get<std::string>(), row[2].get<std::string>()});
    return out;
}

std::string deflate(std::string_view text)
{
    uLongf size = compressBound(static_cast<uLong>(text.size()));
    std::string out(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                  static_cast<uLong>(text.size()), 9) != Z_OK)
        throw store_error("zlib: cannot compress", SQLITE_ERROR);
    out.resize(size);
    return out;
}

std::string inflate(std::string_view bytes, std::size_t cap)
{
    std::string out;
    z_stream z{};
    if (inflateInit(&z) != Z_OK) throw store_error("zlib: cannot start", SQLITE_ERROR);
    std::string input(bytes);
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    int rc = Z_OK;
    while (rc == Z_OK && out.size() <= cap) {
        char piece[16384];
        z.next_out = reinterpret_cast<Bytef*>(piece);
        z.avail_out = sizeof piece;
        rc = ::inflate(&z, Z_NO_FLUSH);
        out.append(piece, sizeof piece - z.avail_out);
        if (rc == Z_BUF_ERROR) break;
    }
    inflateEnd(&z);
    if (rc != Z_STREAM_END || out.size() > cap) throw store_error("store: damaged compressed text", SQLITE_CORRUPT);
    return out;
}

std::string to_hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        out.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    return out;
}

std::string from_hex(std::string_view text)
{
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    if (text.size() % 2) return {};
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0) return {};
        out.push_back(static_cast<char>(high * 16 + low));
    }
    return out;
}

}  // namespace rollcall::data
