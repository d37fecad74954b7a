#!/usr/bin/env bash
# The checker itself: a clean copy of the rules is clean, and each planted defect is found.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{src/gate,include/headgate/gate}
echo 'project(headgate VERSION 9.8.7 LANGUAGES CXX)' > "$work/CMakeLists.txt"
for i in $(seq 60); do printf '// A file.\n#include "headgate/base/text.hpp"\n' > "$work/src/gate/f$i.cpp"; done
python3 "$here/tidy.py" "$work" >/dev/null || { echo "clean files are complained about"; exit 1; }
finds() {  # WHAT PATH CONTENT
  printf "$3" > "$work/$2"
  python3 "$here/tidy.py" "$work" > "$work/out" && { echo "not found: $1"; exit 1; }
  grep -qF -- "$1" "$work/out" || { cat "$work/out"; echo "wrong complaint for: $1"; exit 1; }
  rm "$work/$2"
}
finds 'room gate may not use run' src/gate/x.cpp '#include "headgate/run/drive.hpp"\n'
finds 'heavy include' include/headgate/gate/x.hpp '// X.\n#pragma once\n#include <nlohmann/json.hpp>\n'
finds 'no #pragma once' include/headgate/gate/x.hpp '// X.\n'
finds 'begins with a comment' include/headgate/gate/x.hpp '#pragma once\nint x;\n'
finds 'only src/cli/options.cpp' src/gate/x.cpp '#include <CLI/CLI.hpp>\n'
finds 'stray word: TODO' src/gate/x.cpp '// TODO later\n'
finds 'absolute path' src/gate/x.cpp 'auto p = "/home/me/x";\n'
finds 'written again' src/gate/x.cpp 'auto v = "9.8.7";\n'
finds 'more than 500' src/gate/x.cpp "$(printf '//\\n%.0s' $(seq 520))"
