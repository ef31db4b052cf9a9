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
  # CCACHE_DEPEND: what a file reads is known from its .d file, so a file that is new to the cache is not preprocessed
  # before it is compiled; that took up to two seconds a file.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE})
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

# Asio and Beast as all of us use them: compiled once, in audit/net.
add_library(rollcall_asio INTERFACE)
target_link_libraries(rollcall_asio INTERFACE Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(rollcall_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)

# rollcall_headers(NAME LIBRARY... HEADERS HEADER...): headers that take seconds to read, read once for everybody who
# says target_precompile_headers(... REUSE_FROM NAME).
function(rollcall_headers name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" HEADERS)
  set(empty ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${empty} CONTENT "")
  add_library(${name} STATIC ${empty})
  target_link_libraries(${name} PUBLIC rollcall_options ${arg_UNPARSED_ARGUMENTS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

set(json_headers <nlohmann/json.hpp>)
set(asio_headers <boost/asio.hpp> <boost/asio/ssl.hpp> <boost/beast/core.hpp> <boost/beast/http.hpp>)
rollcall_headers(json_read nlohmann_json::nlohmann_json HEADERS ${json_headers})
# g++ 12 takes longer to load these than to read what a file needs of them.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  rollcall_headers(asio_read nlohmann_json::nlohmann_json rollcall_asio CLI11::CLI11 HEADERS ${json_headers} ${asio_headers} <CLI/CLI.hpp>)
endif()

# rollcall_library(NAME DEPENDENCY...): the .cpp files of this folder (not below it) as a library. What it may
# use is what it names here, and that is the architecture: render names neither Asio nor OpenSSL.
function(rollcall_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC rollcall_options ${ARGN})
    if(TARGET asio_read AND "rollcall_asio" IN_LIST ARGN)
      target_precompile_headers(${name} REUSE_FROM asio_read)
    elseif("nlohmann_json::nlohmann_json" IN_LIST ARGN)
      target_precompile_headers(${name} REUSE_FROM json_read)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE rollcall_options ${ARGN})
  endif()
endfunction()
