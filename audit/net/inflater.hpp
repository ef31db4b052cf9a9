// Undoes gzip and deflate (RFC 1952, 1950, 1951) piece by piece, under a cap.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rollcall::audit {

class inflater {
public:
    // The value of Content-Encoding. Empty or "identity": bytes pass through.
    explicit inflater(std::string_view encoding, std::size_t cap);
    ~inflater();
    inflater(inflater&&) noexcept;

    // We cannot undo this encoding (br, zstd, several at once).
    bool unknown() const;

    // Compressed bytes have come, and their end has not: what was decoded is not the whole.
    bool unfinished() const;

    enum class status { ok, damaged, too_large };
    // Appends the decoded bytes to `out`.
    status feed(std::string_view bytes, std::string& out);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace rollcall::audit
