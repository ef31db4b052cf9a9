// What was done to a store as a whole, line by line: merged, judged, pruned, forgotten.
//
// Lines are only ever added (the schema refuses the rest), and each holds a digest over itself and the line before it:
// a line that was changed, taken out or slipped in is found by whoever reads the file.
#pragma once

#include "data/model/time.hpp"
#include "data/store/digest.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

class connection;

struct operator_line {
    std::int64_t id;
    time_point at;
    std::string what;    // one word: "merge", "forget", "prune", "judge"
    std::string detail;  // one line of text; never a secret, and nothing of what was forgotten
};

class operator_log {
public:
    // The store must be migrated.
    operator_log(connection& db, digest_function sha256);

    // Call inside the transaction whose deed it tells, so that both are stored or neither. `detail` becomes one line
    // of at most 500 bytes.
    void append(time_point at, std::string_view what, std::string_view detail);

    // The same, unless the newest line says just this: for deeds that may be repeated without any effect.
    void append_once(time_point at, std::string_view what, std::string_view detail);

    std::vector<operator_line> lines();

    // The number of the first line that does not fit the one before it; 0 if all do.
    std::int64_t first_broken();

private:
    connection& db_;
    digest_function sha256_;
};

}  // namespace rollcall::data
