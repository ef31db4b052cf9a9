# What every target shares: libraries, warnings, compiler cache, and the function that makes a folder a library.

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(psl REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(cmark REQUIRED IMPORTED_TARGET libcmark)
pkg_check_modules(ctemplate REQUIRED IMPORTED_TARGET libctemplate)
pkg_check_modules(nettle REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(xml2 REQUIRED IMPORTED_TARGET libxml-2.0)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(rollcall_options INTERFACE)
target_include_directories(rollcall_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(rollcall_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror
  # False alarms of g++ 12 with optimisation: coroutine frames; std::optional; "..." + std::string (gcc bugs 105329, 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete;-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>
  $<$<CXX_COMPILER_ID:Clang>:-fpch-instantiate-templates>
  # ccache knows a precompiled header by its content, not by its time.
  "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
target_compile_definitions(rollcall_options INTERFACE ROLLCALL_VERSION="${PROJECT_VERSION}")
if(ROLLCALL_SANITIZE)
  target_compile_options(rollcall_options INTERFACE -fsanitize=${ROLLCALL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(rollcall_options INTERFACE -fsanitize=${ROLLCALL_SANITIZE})
endif()

# rollcall_library(NAME DEPENDENCY...): the .cpp files of this folder (not below it) as a library. What it may
# use is what it names here, and that is the architecture: render names neither Asio nor OpenSSL.
function(rollcall_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC rollcall_options ${ARGN})
    # Reading nlohmann's header costs six seconds a file; worth a precompiled one from the third file on.
    list(LENGTH sources count)
    if(count GREATER 2 AND "nlohmann_json::nlohmann_json" IN_LIST ARGN)
      target_precompile_headers(${name} PRIVATE <nlohmann/json.hpp>)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE rollcall_options ${ARGN})
  endif()
endfunction()
