# Shared by scripts/quickstart and scripts/test: what must be installed, and how a preset is built. Sourced, not run.

# Debian 12 packages headgate is built with; cmake/dependencies.cmake finds them.
build_packages=(
  g++ cmake ninja-build pkg-config ccache mold
  libboost-dev nlohmann-json3-dev libtbb-dev libfmt-dev libspdlog-dev libyaml-cpp-dev libcli11-dev
  libssl-dev zlib1g-dev libcurl4-openssl-dev libsqlite3-dev ca-certificates libre2-dev libutf8proc-dev libexpected-dev libsimdjson-dev
  libxml2-dev libcld2-dev libseccomp-dev bubblewrap
)
# What only the tests need: the test framework, and programs that check our output from outside.
test_packages=(catch2 libxml2-utils json-schema-test-suite python3 python3-jsonschema jq faketime)

say() { printf '\n== %s\n' "$*"; }

# Installs those of the named packages that are missing; does nothing, and needs no root, when none is.
ensure_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "packages: all $# are installed"
    return
  fi
  say "packages: installing ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "error: not root and no sudo; install these packages yourself: ${missing[*]}" >&2; exit 4; }
    as_root=(sudo)
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build_preset PRESET [TARGET…]: configures and builds; quick when nothing changed.
build_preset() {
  local preset=$1
  shift
  say "building (preset $preset)"
  local configured
  configured=$(cmake --preset "$preset" 2>&1) || { echo "$configured"; exit 4; }
  cmake --build --preset "$preset" -- "$@"
}
