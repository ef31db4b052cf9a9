// SHA-256, raw 32 bytes: handed to whoever needs it, because this library knows no cryptography.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace rollcall::data {

using digest_function = std::function<std::string(std::string_view)>;

}  // namespace rollcall::data
