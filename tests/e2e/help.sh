#!/usr/bin/env bash
# Every verb has help with an example and the exit statuses.
. "$(dirname "$0")/lib.sh"
expect 0 --help
verbs=$(sed -n 's/^  \([a-z]\+\( [a-z]\+\)\?\)  .*/\1/p' out | sort -u)
[ "$(wc -l <<<"$verbs")" -ge 9 ] || fail "too few verbs"
while read -r verb; do
  expect 0 $verb --help
  has out Example; has out 'Exit status'; has out "headgate $verb"; has out --json
done <<<"$verbs"
expect 0 --version; cp out long
expect 0 version; same out long
expect 0 version --json; has out '"version"'
expect 0 graders; has out contains
expect 0 graders number --json; has out '"example"'
expect 3 graders nubmer; has err "did you mean 'number'?"
