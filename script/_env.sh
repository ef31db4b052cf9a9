# Sourced by the other scripts: where things are, which compiler builds the tests, how many jobs.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT
cd "$ROOT" || exit 1

JOBS=${JOBS:-$(nproc)}
export JOBS

# What bootstrap may only just have installed: looked for again after it.
find_tools() {
  local candidate folder
  # Clang 14 cannot build coroutines with the undefined behaviour sanitizer; these can.
  for candidate in clang++-18 clang++-17 clang++-16; do
    if [ -z "${ROLLCALL_CLANG:-}" ] && command -v "$candidate" >/dev/null 2>&1; then
      export ROLLCALL_CLANG=$candidate
    fi
  done
  # The npm packages of the tests need a newer Node.js than Debian 12 has: one comes with them.
  for folder in "$ROOT"/tests/node_modules/node-linux-*/bin; do
    if [ -x "$folder/node" ] && [[ :$PATH: != *":$folder:"* ]]; then
      export PATH=$folder:$PATH
    fi
  done
}
find_tools

# bootstrap [MODE]: script/bootstrap, and then what it brought is found.
bootstrap() {
  script/bootstrap "$@" || exit 1
  find_tools
}

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false

# build PRESET TARGET...: configures if need be and builds, quietly.
build() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    cmake --preset "$preset" >"build/$preset-configure.log" 2>&1 || { cat "build/$preset-configure.log"; return 1; }
  fi
  cmake --build --preset "$preset" -j "$JOBS" --target "$@" >"build/$preset-build.log" 2>&1 || {
    grep -anE 'error:|FAILED|undefined reference|CMake Error' "build/$preset-build.log" | head -40
    echo "the build failed; the whole log is in build/$preset-build.log"
    return 1
  }
}
mkdir -p "$ROOT/build"
