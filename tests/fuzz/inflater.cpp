// Compressed bodies. The first line: a letter for the encoding, a number for the cap, then the slices. What follows
// is what a server sends; with a capital letter it is compressed first, and must come back as it was.
#include "audit/net/inflater.hpp"
#include "tests/fuzz/input.hpp"

#include <zlib.h>

using namespace rollcall::audit;
using namespace rollcall::fuzz;

namespace {

std::string packed(std::string_view text, int window_bits)
{
    z_stream z{};
    must(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY) == Z_OK, "zlib starts");
    std::string input(text), out(deflateBound(&z, static_cast<uLong>(text.size())) + 32, '\0');
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    must(deflate(&z, Z_FINISH) == Z_STREAM_END, "zlib ends");
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

struct encoding { char letter; std::string_view name; int window_bits; };
constexpr encoding encodings[] = {{'g', "gzip", 31}, {'x', "X-GZIP ", 31}, {'z', "deflate", 15}, {'r', "deflate", -15}, {'i', "identity", 0}};

struct undone {
    inflater::status how = inflater::status::ok;
    std::string text;
};

undone undo(std::string_view name, std::size_t cap, std::string_view slices, std::string_view bytes)
{
    undone u;
    inflater decode(name, cap);
    in_slices(slices, bytes, [&](std::string_view piece) {
        u.how = decode.feed(piece, u.text);
        return u.how == inflater::status::ok;
    });
    return u;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto bytes = text_of(data, size);
    auto choices = take_line(bytes);
    if (choices.empty()) return 0;
    const char letter = choices.front();
    choices.remove_prefix(1);
    const bool ours = letter >= 'A' && letter <= 'Z';
    const auto* as = &encodings[0];
    for (const auto& e : encodings)
        if (e.letter == (ours ? letter - 'A' + 'a' : letter)) as = &e;
    const std::size_t repeated = ours ? take_number(choices, 2000) : 1;
    const std::size_t cap = take_number(choices, 4u << 20);

    std::string sent(bytes), meant;
    if (ours) {
        for (std::size_t i = 0; i < repeated && meant.size() < (1u << 20); ++i) meant += bytes;
        sent = as->window_bits ? packed(meant, as->window_bits) : meant;
    }
    const auto whole = undo(as->name, cap, "", sent), sliced = undo(as->name, cap, choices, sent);
    must(whole.how == sliced.how, "slices: the same end");
    if (whole.how == inflater::status::ok) must(whole.text == sliced.text, "slices: the same text");
    constexpr std::size_t step = 16384;
    for (const auto* u : {&whole, &sliced}) {
        must(u->text.size() <= cap + std::max(step, sent.size()), "the cap holds");
        must((u->how == inflater::status::too_large) == (u->text.size() > cap), "too large is what is above the cap");
    }
    if (ours && meant.size() <= cap) {
        must(whole.how == inflater::status::ok, "what was compressed well is undone");
        must(whole.text == meant, "what was compressed comes back whole");
    }
    return 0;
}
