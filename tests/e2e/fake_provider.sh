#!/usr/bin/env bash
# The fake provider as a program: it says where it listens, does as its script says, and ends when it is told to.
. "$(dirname "$0")/lib.sh"
provider_post() { # PATH BODY [CA FILE]: prints the status and the body, or why there is none
  python3 -c 'import ssl, sys, urllib.error, urllib.request as web
url, body, ca = sys.argv[1], sys.argv[2].encode(), sys.argv[3] if len(sys.argv) > 3 else None
web.install_opener(web.build_opener(web.ProxyHandler({}), web.HTTPSHandler(context=ssl.create_default_context(cafile=ca))))
try:
    answer = web.urlopen(web.Request(url, body, {"Content-Type": "application/json"}), timeout=60)
    print(answer.status, answer.read().decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
except OSError as error:
    print("no answer:", error)' "$PROVIDER_URL$1" "${@:2}"
}
question() { printf '{"model":"m","messages":[{"role":"user","content":"%s"}]}' "$1"; }

# Without a script it repeats what stands between [[ and ]].
start_provider
matches provider.1.out '^http://127\.0\.0\.1:[0-9]+$'
provider_post /v1/chat/completions "$(question 'is it [[so]]?')" > out
[ "$(sed 's/^200 //' out | jq -r '.choices[0].message.content')" = so ] || fail "no echo"
provider_post /v1/messages "$(question 'is it [[so]]?')" > out; has out '"stop_reason":"end_turn"'
[ "$(provider_stats .requests)" = 2 ] || fail "not two requests"
provider_get '/stats?each_body=1' > out; has out '"input": "is it [[so]]?"'
kill -INT "$PROVIDER_PID"; wait "$PROVIDER_PID" || fail "ended with $?"
has provider.1.err '2 requests of 2 different bodies, 2 answered, 0 rejected, 0 repeats'

# A script in YAML, files beside it.
mkdir scripts
printf '<html>down</html>' > scripts/down.html
cat > scripts/outage.yaml <<'YAML'
rules:
  - {when: {first: 1}, status: 503, body_file: down.html, content_type: text/html}
profiles:
  limited:
    limits: [{kind: bucket, amount: 0.01, burst: 1, retry_after: "7"}]
YAML
start_provider scripts/outage.yaml
provider_post /v1/responses '{"model":"m","input":"x"}' > out; same out <(echo '503 <html>down</html>')
provider_post /v1/responses '{"model":"m","input":"x"}' > out; has out '200 {'
provider_post /limited/v1/messages "$(question x)" > out; has out '200 {'
provider_post /limited/v1/messages "$(question x)" > out; has out '429 {'
provider_get /log | jq -e '.log | map(.status) == [503, 200, 200, 429]' > /dev/null || fail "the log"
kill -TERM "$PROVIDER_PID"; wait "$PROVIDER_PID" || fail "ended with $?"

# Alone for so long, it ends.
hg fake-provider --once-idle 1 --json > out 2> err || fail "ended with $?"
jq -e '.format == "headgate/fake-provider/1" and .port > 0 and .ca_file == null' out > /dev/null || fail "no JSON"
has err '0 requests'

# Certificates: a good one is trusted by its root alone, the others by nobody.
for certificate in good expired wrong_host self_signed; do
  printf 'tls: {certificate: %s}\n' "$certificate" > tls.yaml
  ca=(--ca root.pem); [ "$certificate" != self_signed ] || ca=()
  rm -f listening root.pem
  "$HEADGATE" fake-provider --script tls.yaml --once-idle 300 "${ca[@]}" > listening 2>err & pid=$!
  until [ -s listening ]; do kill -0 $pid || fail "no provider"; sleep 0.01; done
  PROVIDER_URL=$(head -n 1 listening)
  matches listening '^https://localhost:[0-9]+$'
  [ -e root.pem ] && ca=(root.pem) || ca=()
  provider_post /v1/messages "$(question x)" "${ca[@]}" > "$certificate"
  provider_post /v1/messages "$(question x)" > untrusted; has untrusted 'no answer'
  kill $pid; wait $pid || fail "ended with $?"
done
has good '200 {'
has expired 'certificate has expired'
matches wrong_host "mismatch|doesn't match"
matches self_signed 'self[- ]signed certificate'

# What is wrong is said before anything listens.
printf 'text: x\nstatsu: 500\nlimits: [{kind: bukcet, amount: 1}]\n' > bad.yaml
expect 3 fake-provider --script bad.yaml
has err 'bad.yaml:2:1: error: '; has err "did you mean 'status'?"; matches err '^bad.yaml:3:[0-9]+: error: '
[ ! -s out ] || fail "something on stdout"
expect 3 fake-provider --script nowhere.yaml
expect 3 fake-provider --port 70000
expect 3 fake-provider --ca root.pem --once-idle 1; has err 'tls'
start_provider
expect 4 fake-provider --port "${PROVIDER_URL##*:}"; has err 'cannot listen on 127.0.0.1:'
expect 0 schema script; has out '"urn:headgate:schema:script"'
