#!/usr/bin/env bash
# Certificates are always verified: one that is not signed by a root that we know, is over or is somebody else's, and a
# server without TLS, get no request; with its root in ca_file a good one does.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
cases 30; suite; gate
export A_KEY=sk-live-0123456789
# serve CERTIFICATE: sets PROVIDER_URL; root.pem is there where it has a root.
serve() {
  printf 'tls: {certificate: %s}\ntext: "yes"\n' "$1" > tls.yaml
  rm -f listening root.pem
  local ca=(--ca root.pem); [ "$1" != self_signed ] || ca=()
  "$HEADGATE" fake-provider --script tls.yaml --once-idle 300 "${ca[@]}" > listening 2>provider.err &
  PROVIDER_PID=$!
  until [ -s listening ]; do kill -0 $! || fail "no provider"; sleep 0.01; done
  PROVIDER_URL=$(head -n 1 listening)
}
routes() { for arm in a b; do http_route "$arm" 'limits: {in_flight: 8}' 'key: env:A_KEY' "$@"; done; }
refused() { # TEXT
  rm -rf reports
  expect 2 run demo.gate.yaml
  matches err 'calls to demo_[ab] all failed: no trusted connection to '; has err "$1"
  jq -s -e '[.[] | select(.t == "try" or .error) | .error] | length >= 10 and all(. == "tls")' "$(run_folder)/journal.jsonl" >/dev/null ||
    fail "other errors than tls"
  jq -s -e '[.[] | select(.t == "intent")] | group_by(.call) | all(length <= 2)' "$(run_folder)/journal.jsonl" >/dev/null ||
    fail "TLS was tried more than twice"
  expect 4 doctor demo.gate.yaml; has out "$1"; has out 'ca_file names further roots'
  expect 2 try demo.gate.yaml c00001; has out "$1"
}
serve good
routes 'ca_file: root.pem'
expect 0 run demo.gate.yaml; has out 'ELIGIBLE for internal'
[ "$(provider_stats .requests)" = 60 ] || fail "$(provider_stats .requests) requests"
expect 0 doctor demo.gate.yaml; has out 'its certificate holds'
routes; refused 'unable to get local issuer certificate'
[ "$(provider_stats .requests)" = 60 ] || fail "a request went to a server that nobody trusts"
for each in 'expired certificate has expired' 'wrong_host subject name' 'self_signed self-signed certificate'; do
  kill "$PROVIDER_PID"
  serve "${each%% *}"
  if [ -e root.pem ]; then routes 'ca_file: root.pem'; else routes; fi
  refused "${each#* }"
  [ "$(provider_stats .requests)" = 0 ] || fail "a request went to a server with a bad certificate"
done
# Nobody there speaks TLS.
kill "$PROVIDER_PID"; printf 'text: "yes"\n' > plain.yaml
start_provider plain.yaml; routes; sed -i 's|http://|https://|' a.yaml b.yaml
refused 'does not speak TLS (is it http:// instead of https://?)'
grep -rqF sk-live reports && fail "a key reached the disk" || true
