// Health reports for people and for machines. Pure: values in, text out.
#pragma once

#include "audit/health/report.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace rollcall::audit::health {

struct titled {
    std::string source;  // as it was named: a file or a URL
    report read;
};

struct look {
    bool colour = false;
    std::size_t width = 0;  // of the terminal; 0: lines are as long as they are
};

// One table, a heading for each document; the columns of all of them are as wide.
std::string as_table(std::span<const titled> documents, look how);

// {"documents": [...]}
std::string as_json(std::span<const titled> documents);

// "latency_ms 41, pool_waiting 4"
std::string in_words(std::span<const metric> metrics);

}  // namespace rollcall::audit::health
