#!/usr/bin/env bash
# The schemas are listed and printed; what does not go together is refused.
. "$(dirname "$0")/lib.sh"
expect 0 schema; cp out list
for name in gate route reply suite include case lock script plugin_question plugin_answer grader; do
  grep -q "^$name " list || fail "$name is not listed"
  expect 0 schema "$name"; cp out plain
  has out "\"\$id\": \"urn:headgate:schema:$name\""
  expect 0 schema "$name" --json; same out plain
  expect 0 schema "$name" --markdown; [ "$(head -c 2 out)" = '# ' ] || fail "no page for $name"
done
[ "$(wc -l < list)" = 11 ] || fail "a schema that this script does not know"
expect 3 schema sute; has err "did you mean 'suite'?"
expect 3 schema nothing_like_it; has err 'there are gate, route'
expect 3 schema --markdown; has err 'goes with a NAME'
expect 3 schema gate --markdown --json; has err 'exclude each other'
expect 3 schema gate route
