# Writes OUT: the texts of FILES, in order, as rollcall::data::migrations().
set(rows "")
set(count 0)
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  string(APPEND rows "        R\"sql(${text})sql\",\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "#include \"data/store/migrate.hpp\"\n\n#include <array>\n\nnamespace rollcall::data {\n\n"
  "std::span<const std::string_view> migrations()\n{\n    static constexpr std::array<std::string_view, ${count}> all{\n${rows}    };\n    return all;\n}\n\n}  // namespace rollcall::data\n")
