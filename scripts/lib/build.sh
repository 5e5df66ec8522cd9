# Sourced by the other scripts: how a preset is configured and built.

# Configures only where that was not done yet: ninja notices by itself when a CMake file has changed.
configureAndBuild() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    cmake --preset "$preset" -Wno-dev >"build-$preset.log" 2>&1 || { cat "build-$preset.log" >&2; rm -f "build-$preset.log"; return 1; }
    mkdir -p "build/$preset" && mv "build-$preset.log" "build/$preset/configure.log"
  fi
  cmake --build "build/$preset" "$@" >&2
}
