// The bytes of a health document as what they are: JSON, text, a page, or nothing.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace rollcall::audit::health {

using json = nlohmann::ordered_json;  // what is read is told in the document's order

enum class substance { structure, text, page, empty, unreadable };

struct document {
    substance is = substance::empty;
    json value;              // json
    std::string text;        // text
    std::string problem;     // unreadable: a code, e.g. too_deep
    std::string said_before; // the word before JSON that was thrown as an error: "health_check_failed: {...}"
    bool duplicate_key = false;
    bool is_error = false;   // an MCP tool's result that calls itself an error
};

// Never throws, whatever the bytes. JSON is JSON whatever its declared type; NaN and Infinity are taken for null. A
// tool's result is opened, so that its text can be saved and read as it came.
document open_document(std::string_view bytes);

}  // namespace rollcall::audit::health
