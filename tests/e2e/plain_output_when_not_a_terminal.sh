#!/usr/bin/env bash
# Without a terminal there is no escape sequence, unless colour is forced; --quiet says two lines.
. "$(dirname "$0")/lib.sh"
project 40
expect 0 run demo.gate.yaml
! grep -q $'\x1b' out err || fail "escape sequences"
expect 0 show --color always
grep -q $'\x1b' out || fail "no colour though asked for"
expect 0 run demo.gate.yaml --again --quiet
[ "$(wc -l < out)" = 2 ] && [ ! -s err ] || fail "--quiet is not quiet"
