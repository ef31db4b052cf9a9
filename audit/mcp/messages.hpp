// The exact bytes of every request that is sent to strangers, and the versions of the protocol that we know.
#pragma once

#include "audit/mcp/dialogue.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::mcp {

inline constexpr std::string_view modern_version = "2026-07-28";
inline constexpr std::string_view newest_legacy = "2025-11-25";

bool is_legacy_version(std::string_view version);
// The newest legacy version in the list; empty if there is none.
std::string newest_legacy_of(const std::vector<std::string>& versions);
// The newest legacy version that the text names, other than `except`; empty if there is none.
std::string legacy_version_in(std::string_view text, std::string_view except);

// Where and how the messages of a legacy conversation go.
struct channel {
    std::string version;      // as negotiated; empty before
    std::string session;      // empty if none was given
    std::string url;          // of HTTP+SSE's message endpoint; else empty
    bool on_stream = false;   // HTTP+SSE: responses come on the stream
};

// 2026-07-28: every request stands alone.
ask modern_discover(dialogue& talk);
ask modern_tools_list(dialogue& talk, const std::optional<std::string>& cursor);

// Up to 2025-11-25.
ask legacy_initialize(dialogue& talk, std::string_view version, const channel& through);
ask legacy_initialized(const channel& through);
ask legacy_tools_list(dialogue& talk, const std::optional<std::string>& cursor, const channel& through);
// The canary call. `mirrored` are the header fields that repeat arguments; the older eras have none.
ask modern_tools_call(dialogue& talk, const canary_call& call, const std::vector<std::pair<std::string, std::string>>& mirrored);
ask legacy_tools_call(dialogue& talk, const canary_call& call, const channel& through);
ask end_of_session(const channel& through);
// The GET that asks for the rest of a stream that broke off, waiting as the server wished (at most 3 s).
ask resume_stream(const ask& original, const reply& broken, const channel& through);

// 2024-11-05: the GET whose first event says where to POST.
ask open_event_stream();

// The session of an answer to `initialize`: empty if there is none, or none that a header may carry.
std::string session_of(const http_answer& answer);

}  // namespace rollcall::audit::mcp
