#!/usr/bin/env bash
# Run folders are their owner's, whatever the umask.
. "$(dirname "$0")/lib.sh"
project 40
umask 000
expect 0 run demo.gate.yaml
[ -z "$(find reports -type f ! -perm 600)" ] || fail "$(find reports -type f ! -perm 600 -printf '%m %p\n')"
[ -z "$(find reports -type d ! -perm 700)" ] || fail "$(find reports -type d ! -perm 700 -printf '%m %p\n')"
