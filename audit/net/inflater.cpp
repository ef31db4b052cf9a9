#include "audit/net/inflater.hpp"

#include "audit/classify/ascii.hpp"

#include <zlib.h>

#include <array>

namespace rollcall::audit {

struct inflater::state {
    enum class mode { pass, undo, unknown } how = mode::pass;
    bool raw_tried = false, deflate = false, any_output = false;
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
    state_->deflate = name == "deflate";
    // 32: zlib or gzip, whichever the header shows.
    state_->how = inflateInit2(&state_->z, 15 + 32) == Z_OK ? state::mode::undo : state::mode::unknown;
}

inflater::~inflater() = default;
inflater::inflater(inflater&&) noexcept = default;

bool inflater::unknown() const { return state_->how == state::mode::unknown; }

inflater::status inflater::feed(std::string_view bytes, std::string& out)
{
    auto& s = *state_;
    if (s.how != state::mode::undo) {
        s.produced += bytes.size();
        out += bytes;
        return s.produced > s.cap ? status::too_large : status::ok;
    }
    std::string input(bytes);
    s.z.next_in = reinterpret_cast<Bytef*>(input.data());
    s.z.avail_in = static_cast<uInt>(input.size());
    while (s.z.avail_in > 0) {
        std::array<char, 16384> piece;
        s.z.next_out = reinterpret_cast<Bytef*>(piece.data());
        s.z.avail_out = piece.size();
        const int rc = inflate(&s.z, Z_NO_FLUSH);
        const auto made = piece.size() - s.z.avail_out;
        out.append(piece.data(), made);
        s.produced += made;
        s.any_output |= made > 0;
        if (s.produced > s.cap) return status::too_large;
        if (rc == Z_STREAM_END) return status::ok;
        if (rc == Z_DATA_ERROR && s.deflate && !s.any_output && !s.raw_tried) {
            // Some servers mean raw deflate by "deflate"; browsers accept both.
            s.raw_tried = true;
            inflateReset2(&s.z, -15);
            s.z.next_in = reinterpret_cast<Bytef*>(input.data());
            s.z.avail_in = static_cast<uInt>(input.size());
            continue;
        }
        if (rc != Z_OK && rc != Z_BUF_ERROR) return status::damaged;
        if (rc == Z_BUF_ERROR && made == 0) break;
    }
    return status::ok;
}

}  // namespace rollcall::audit
