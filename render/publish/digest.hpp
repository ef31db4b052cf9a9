// SHA-256 by Nettle: small, well kept, in every distribution; this side of the house has no use for TLS.
#pragma once

#include <nettle/sha2.h>

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace rollcall::render {

using digest = std::array<unsigned char, SHA256_DIGEST_SIZE>;

class hasher {
public:
    hasher() { nettle_sha256_init(&context_); }
    void add(std::string_view bytes);
    // A word and its end: "ab", "c" is not "a", "bc".
    void add_word(std::string_view word);
    // False if the file cannot be read to its end.
    bool add_file(const std::filesystem::path& file);
    digest done();

private:
    sha256_ctx context_;
};

digest digest_of(std::string_view bytes);
// The same as 32 raw bytes, as the store wants it.
std::string sha256(std::string_view bytes);

std::string hex(const digest& d);
// False if the text is not 64 lower-case hex digits.
bool read_hex(std::string_view text, digest& out);

}  // namespace rollcall::render
