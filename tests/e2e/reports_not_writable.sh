#!/usr/bin/env bash
# A reports directory that cannot be written is said before the first cell, with path and reason.
. "$(dirname "$0")/lib.sh"
project 40
touch taken
expect 4 run demo.gate.yaml --reports taken
has err taken; matches err 'error: .*(directory|exists)'
expect 4 run demo.gate.yaml --reports /proc/headgate
has err /proc/headgate
if [ "$(id -u)" = 0 ]; then
  command -v setpriv >/dev/null || exit 0
  chmod 755 "$work"; chmod -R a+rX .; mkdir locked; chmod 555 locked
  code=0; setpriv --reuid 65534 --regid 65534 --clear-groups "$HEADGATE" run demo.gate.yaml --reports locked/x >out 2>err || code=$?
  [ $code != 126 ] && [ $code != 127 ] || exit 0  # that user cannot even read the program
else
  mkdir locked; chmod 555 locked
  code=0; hg run demo.gate.yaml --reports locked/x >out 2>err || code=$?
fi
[ $code = 4 ] || fail "ended with $code"
has err 'ermission denied'
