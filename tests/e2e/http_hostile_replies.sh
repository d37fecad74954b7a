#!/usr/bin/env bash
# Replies larger than anybody may send, slower than anybody can wait for, and with bytes that no text should hold: each ends
# in bounded time and memory, and nothing but a reply is graded.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
export A_KEY=sk-rehearsal-0123456789
cases 32; suite; replies a 32; route a; gate
sed -i 's/{kind: equals.*/{kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml

profile() { echo "  $1: {text: \"yes\", rules: [{when: {equals: question 1}, $2}]}"; }
{ echo 'profiles:'
  profile huge 'huge: 1073741824'
  profile bomb 'bomb: 1073741824'
  profile long-headers "headers: {X-Long: \"$(head -c 300000 /dev/zero | tr '\0' x)\"}"
  profile drip 'drip: {bytes: 1, every_ms: 100}, content_length: 1000000'
  profile never 'instead: never'
  profile deep "body: \"$(head -c 100000 /dev/zero | tr '\0' '[')\""
  profile bad-utf8 'text: "a reply in pieces", garble: bad_utf8'
  profile nul 'text: "a reply in pieces", garble: nul'
  profile surrogate 'text: "a reply in pieces", garble: surrogate'
  profile escapes 'text: "\e[31mred\e[0m\n::error::x"'
  profile noise 'raw: "this is no HTTP at all\r\n\r\n"'
  profile deaf 'text: "ok", finish: unknown'
  profile half 'text: "good", cut: {in: head, after: 20}'
} > hostile.yaml
start_provider hostile.yaml

peak() { # FILE WORDS…: runs headgate, and writes the most memory it held, in MiB, and its exit status
  python3 -c 'import resource, subprocess, sys
with open(sys.argv[1] + ".out", "wb") as out, open(sys.argv[1] + ".err", "wb") as err:
    code = subprocess.run(sys.argv[2:], stdout=out, stderr=err, timeout=120).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, code)' "$1" "$HEADGATE" "${@:2}" > "$1.peak"
}
for profile in huge bomb; do
  live $profile $profile
  sed "s/^candidate: .*/candidate: $profile.yaml/" demo.gate.yaml > $profile.gate.yaml
  peak $profile run $profile.gate.yaml --reports $profile --no-progress
  read -r most code < $profile.peak
  cp $profile.out out; cp $profile.err err
  [ "$code" = 2 ] || fail "$profile: ended with $code"
  case $HEADGATE in *san*) ;; *) [ "$most" -lt 300 ] || fail "$profile: $most MiB" ;; esac
  [ "$(how_ended c00001 $profile)" = 'route_error too_large 1' ] || fail "$profile: $(how_ended c00001 $profile)"
  expect 0 explain c00001 --reports $profile; has out 'is larger than 16777216 bytes'
done

LIMITS='{in_flight: 8, timeout: 1s}' live_run drip &
LIMITS='{in_flight: 8, timeout: 1s}' live_run never &
for profile in long-headers deep bad-utf8 nul surrogate escapes noise deaf half; do live_run $profile & done
wait $(jobs -p | grep -vx "$PROVIDER_PID")

errs() { ended "$1" 2; [ "$(how_ended c00001 "$1")" = "$2" ] || fail "$1: $(how_ended c00001 "$1")"
  [ "$(recorded 'select(.t == "grade") | .cell' "$1" | wc -l)" = 63 ] || fail "$1: an error was graded"; }
errs drip 'route_error timeout 2'
errs never 'route_error timeout 2'
errs long-headers 'route_error too_large 1'
errs deep 'route_error malformed_reply 3'
errs noise 'route_error malformed_reply 3'
errs half 'provider_error reset 4'

text_is() { ended "$1" 0
  recorded 'select(.t == "result" and .arm == "candidate" and .case == "c00001") | .output' "$1" > said
  printf "$2\n" > wanted; same said wanted; }
text_is deaf ok
text_is escapes '\033[31mred\033[0m\n::error::x'
expect 0 explain c00001 --reports escapes; ! grep -qP '\x1b' out || fail "an escape reached the terminal"
! grep -q '^::' out || fail "a line begins as a command of a build server"
for garbled in bad-utf8 nul surrogate; do
  ended $garbled 0
  iconv -f UTF-8 -t UTF-8 "$(run_folder demo $garbled)/journal.jsonl" > /dev/null || fail "$garbled: the journal is not UTF-8"
  [ "$(recorded 'select(.t == "result" and .arm == "candidate" and .case == "c00001") | .output | test("^a repl.+pieces$"; "s")' \
    $garbled)" = true ] || fail "$garbled: the text around it is gone"
  expect 0 explain c00001 --reports $garbled
  iconv -f UTF-8 -t UTF-8 out > /dev/null || fail "$garbled: shown as it came"
  ! grep -qaP '\x00' out || fail "$garbled: a NUL reached the terminal"
done
