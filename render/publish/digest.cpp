#include "render/publish/digest.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

namespace rollcall::render {

void hasher::add(std::string_view bytes)
{
    // A char may be read as a byte; uint8_t is what the library calls one.
    nettle_sha256_update(&context_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

void hasher::add_word(std::string_view word)
{
    add(std::to_string(word.size()) + ":");
    add(word);
}

bool hasher::add_file(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::vector<char> some(1u << 18);
    while (in.read(some.data(), static_cast<std::streamsize>(some.size())) || in.gcount() > 0) add({some.data(), static_cast<std::size_t>(in.gcount())});
    return in.eof() && !in.bad();
}

digest hasher::done()
{
    digest out{};
    nettle_sha256_digest(&context_, out.size(), out.data());
    return out;
}

digest digest_of(std::string_view bytes)
{
    hasher h;
    h.add(bytes);
    return h.done();
}

std::string sha256(std::string_view bytes)
{
    const auto d = digest_of(bytes);
    return {d.begin(), d.end()};
}

std::string hex(const digest& d)
{
    constexpr const char* digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * d.size());
    for (const auto byte : d) (out += digits[byte >> 4]) += digits[byte & 15];
    return out;
}

bool read_hex(std::string_view text, digest& out)
{
    constexpr std::string_view digits = "0123456789abcdef";
    if (text.size() != 2 * out.size()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto high = digits.find(text[2 * i]), low = digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        out[i] = static_cast<unsigned char>(high << 4 | low);
    }
    return true;
}

}  // namespace rollcall::render
