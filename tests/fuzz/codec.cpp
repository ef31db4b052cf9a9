// What the store packs: anything packed comes back, and damaged bytes are refused, never guessed at.
#include "data/store/codec.hpp"
#include "data/store/sqlite.hpp"
#include "tests/fuzz/input.hpp"

#include <cstring>

using namespace rollcall::data;
using namespace rollcall::fuzz;

namespace {

void times(std::string_view bytes)
{
    step_times ms;
    for (std::size_t i = 0; i < ms.size() && bytes.size() >= 5; ++i) {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data() + 1, 4);
        if (bytes[0] & 1) ms[i] = value >> (static_cast<unsigned char>(bytes[0]) >> 3);
        bytes.remove_prefix(5);
    }
    must(unpack_times(pack_times(ms)) == ms, "times come back");
}

void damaged_times(std::string_view bytes)
{
    try {
        must(pack_times(unpack_times(bytes)) == bytes, "only what we write is read");
    } catch (const store_error&) {
    }
}

void compressed(std::string_view bytes)
{
    const auto packed = deflate(bytes);
    must(inflate(packed) == bytes, "a text comes back");
    must(inflate(packed, bytes.size()) == bytes, "also when it is just as long as the cap");
    try {
        if (!bytes.empty()) {
            inflate(packed, bytes.size() - 1);
            must(false, "a text above the cap is refused");
        }
    } catch (const store_error&) {
    }
    try {
        must(inflate(bytes, 100'000).size() <= 100'000, "the cap holds");
    } catch (const store_error&) {
    }
}

void hexadecimal(std::string_view bytes)
{
    must(from_hex(to_hex(bytes)) == bytes, "bytes come back");
    if (const auto back = from_hex(bytes); !back.empty()) must(to_hex(back) == bytes, "only what we write is read");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = text_of(data, size);
    times(bytes);
    damaged_times(bytes);
    compressed(bytes);
    hexadecimal(bytes);
    return 0;
}
