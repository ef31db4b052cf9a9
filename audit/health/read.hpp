// One tolerant reader of health documents: whatever its shape, a state and a list of components.
//
// Pure: HTTP status, content type and text in, a value out. The same bytes give the same report, and no bytes make it
// throw. It doubts in favour of the server: what it does not understand is unknown, never down.
#pragma once

#include "audit/classify/http_answer.hpp"
#include "audit/health/report.hpp"

#include <string>
#include <string_view>

namespace rollcall::audit::health {

// `subject` names the component of a document that names none. Status 0: the text came without HTTP (a file, a tool).
report read_health(const http_answer& answer, std::string_view subject = "service");

// There was no document to read. `code` and `words` say why; `evidence`: because of the server, and so it is down.
report without_document(std::string_view subject, std::string_view code, std::string_view words, bool evidence);

// What a document at this path is about: "/health/postgres" -> postgres, "/health" and "/healthz" -> service.
std::string subject_of_path(std::string_view path);

}  // namespace rollcall::audit::health
