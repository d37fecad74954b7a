#!/usr/bin/env bash
# reference_pages.sh HEADGATE SOURCE: the generated pages of docs/ are what this program generates. HEADGATE_APPROVE=1
# writes them anew.
set -euo pipefail
headgate=$1 docs=$2/docs
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT

for name in $("$headgate" schema | cut -d' ' -f1); do
  page=$("$headgate" schema "$name" --markdown; echo .)  # the dot keeps the last newline
  title=$(head -n 1 <<<"$page")
  file=$(tr 'A-Z ' 'a-z-' <<<"${title#\# }").md
  printf '%s' "${page%.}" > "$pages/$file"
  [ "${HEADGATE_APPROVE:-}" = "" ] || cp "$pages/$file" "$docs/$file"
  diff -u "$docs/$file" "$pages/$file" >&2 || {
    echo "docs/$file is not what \`headgate schema $name --markdown\` prints; read the difference, then: HEADGATE_APPROVE=1 $0 $*" >&2
    exit 1
  }
done
[ "$(ls "$pages" | wc -l)" -ge 4 ] || { echo "so few pages cannot be the reference" >&2; exit 1; }
