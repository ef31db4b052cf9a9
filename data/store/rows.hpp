// From stored integers and columns back to values; shared by the two faces of the store.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/verdict.hpp"
#include "data/store/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data::rows {

// Each throws store_error for an integer that no version of the program wrote.
reason to_reason(std::int64_t stored);
state to_state(std::int64_t stored);
bucket to_bucket(std::int64_t stored);

// Space separated words.
std::string join(const std::vector<std::string>& words);
std::vector<std::string> split(std::string_view text);

// Rows of `answer`, `path` and `auth` by their numbers.
class facts_reader {
public:
    explicit facts_reader(connection& db);
    answer_facts answer(std::int64_t id);
    path_facts path(std::int64_t id);
    auth_facts auth(std::int64_t id);

private:
    statement answer_, path_, auth_;
};

}  // namespace rollcall::data::rows
