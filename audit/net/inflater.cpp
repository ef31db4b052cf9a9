#include "audit/net/inflater.hpp"

#include "audit/classify/ascii.hpp"

#include <zlib.h>

#include <array>
#include <utility>

namespace rollcall::audit {
namespace {

// Some servers mean raw deflate by "deflate"; browsers accept both. The header of zlib (RFC 1950 section 2.2) or gzip?
bool has_header(std::string_view start)
{
    const auto first = static_cast<unsigned char>(start[0]), second = static_cast<unsigned char>(start[1]);
    return ((first & 0x0f) == 8 && (first * 256 + second) % 31 == 0) || (first == 0x1f && second == 0x8b);
}

}  // namespace

struct inflater::state {
    enum class mode { pass, undo, unknown } how = mode::pass;
    bool maybe_raw = false;  // "deflate", and its first two bytes have not come
    std::string held;        // the first of them
    bool ended = false;      // a whole member of gzip, or the whole text
    bool over = false;       // and what came behind is no other member
    std::size_t cap, produced = 0;
    z_stream z{};

    ~state()
    {
        if (how == mode::undo) inflateEnd(&z);
    }
};

inflater::inflater(std::string_view encoding, std::size_t cap) : state_(std::make_unique<state>())
{
    state_->cap = cap;
    const auto name = lower(trim(encoding));
    if (name.empty() || name == "identity") return;
    if (name != "gzip" && name != "x-gzip" && name != "deflate") {
        state_->how = state::mode::unknown;
        return;
    }
    state_->maybe_raw = name == "deflate";
    // 32: zlib or gzip, whichever the header shows.
    state_->how = inflateInit2(&state_->z, 15 + 32) == Z_OK ? state::mode::undo : state::mode::unknown;
}

inflater::~inflater() = default;
inflater::inflater(inflater&&) noexcept = default;

bool inflater::unknown() const { return state_->how == state::mode::unknown; }

bool inflater::unfinished() const
{
    return state_->how == state::mode::undo && !state_->ended && (state_->z.total_in > 0 || !state_->held.empty());
}

inflater::status inflater::feed(std::string_view bytes, std::string& out)
{
    auto& s = *state_;
    if (s.how != state::mode::undo) {
        s.produced += bytes.size();
        out += bytes;
        return s.produced > s.cap ? status::too_large : status::ok;
    }
    std::string input = std::exchange(s.held, {});
    input += bytes;
    if (s.maybe_raw) {
        if (input.size() < 2) {
            s.held = std::move(input);
            return status::ok;
        }
        s.maybe_raw = false;
        if (!has_header(input) && inflateReset2(&s.z, -15) != Z_OK) return status::damaged;
    }
    s.z.next_in = reinterpret_cast<Bytef*>(input.data());
    s.z.avail_in = static_cast<uInt>(input.size());
    // A full piece may leave more inside zlib, also when all of the input was taken.
    for (bool full = false; full || s.z.avail_in > 0;) {
        if (s.ended) {
            // Gzip may go on with another member (RFC 1952 section 2.2); what else follows is nothing of ours.
            s.over = s.over || *s.z.next_in != 0x1f || inflateReset2(&s.z, 15 + 16) != Z_OK;
            if (s.over) return status::ok;
            s.ended = false;
        }
        std::array<char, 16384> piece;
        s.z.next_out = reinterpret_cast<Bytef*>(piece.data());
        s.z.avail_out = piece.size();
        const int rc = inflate(&s.z, Z_NO_FLUSH);
        const auto made = piece.size() - s.z.avail_out;
        out.append(piece.data(), made);
        s.produced += made;
        if (s.produced > s.cap) return status::too_large;
        full = s.z.avail_out == 0;
        if (rc == Z_STREAM_END) {
            s.ended = true;
            full = false;
            continue;
        }
        if (rc != Z_OK && rc != Z_BUF_ERROR) return status::damaged;
        if (rc == Z_BUF_ERROR && made == 0) break;
    }
    return status::ok;
}

}  // namespace rollcall::audit
