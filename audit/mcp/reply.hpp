// Reads the body of one HTTP reply as MCP does: JSON or an event stream, whichever it really is.
//
// A value that is fed bytes in any slices and says when the wanted response is whole; it never sees a socket.
#pragma once

#include "audit/classify/http_answer.hpp"
#include "data/model/reason.hpp"
#include "data/model/warning.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::mcp {

// Caps of one reply. Sizes are bytes after decompression.
struct reply_limits {
    std::size_t body = 4u << 20;
    std::size_t line = 1u << 20;
    std::size_t events = 1000;
    int depth = 64;
};

// How the body ended.
enum class ending {
    whole,      // the HTTP message was complete
    enough,     // we stopped: the wanted response was there
    cut_off,    // the connection closed or was reset in the middle
    timed_out,  // our deadline
    too_large,  // a cap
};

// What a reply amounted to.
struct reply {
    std::optional<std::string> response;   // the JSON-RPC response object to our id, as text; already valid JSON
    bool streamed = false;                 // it came as an event stream
    std::optional<data::reason> problem;   // why there is no usable response; empty if there is one
    std::string detail;                    // beside the problem
    std::string endpoint_event;            // data of the first `endpoint` event (HTTP+SSE)
    std::string last_event_id;             // of the newest event with an id
    std::optional<std::chrono::milliseconds> retry;
    std::vector<data::warning> warnings;
    std::size_t other_messages = 0;        // notifications and requests beside the response
    bool server_request = false;           // one of them was a request to us
};

// What the reader is waiting for.
enum class awaits {
    response,        // the JSON-RPC response with our id
    endpoint_event,  // HTTP+SSE: the event that names where to POST
    nothing,         // a notification's or a DELETE's reply: any body will do
};

class reply_reader {
public:
    // `content_type` as received (may be empty or wrong: the body is sniffed for the diagnosis). `id` is the
    // number of our request; ignored unless a response is awaited.
    reply_reader(unsigned status, std::string_view content_type, awaits what, int id, const reply_limits& limits = {});
    ~reply_reader();
    reply_reader(reply_reader&&) noexcept;
    reply_reader& operator=(reply_reader&&) noexcept;

    // Takes decoded body bytes. True: nothing more is needed (the response is whole, or a cap was reached).
    bool feed(std::string_view bytes);

    // For an HTTP+SSE stream that serves several requests: wait for another response on the same stream.
    void expect(int id);

    // All bytes fed so far, for the transcript and for classification; at most the cap.
    const std::string& seen() const;

    // Bytes came that were not comments.
    bool heard_something() const;

    // Ends the reading and says what it amounted to. May be called once per expect().
    reply finish(ending how);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace rollcall::audit::mcp
