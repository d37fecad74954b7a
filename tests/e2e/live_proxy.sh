#!/usr/bin/env bash
# Proxies come from the environment: one that refuses is told apart from the server behind it, one that works is used,
# and no_proxy leaves it out.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || exit 77
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
printf 'profiles: {a: {text: "yes"}, b: {text: "yes"}}\n' > provider.yaml
start_provider provider.yaml
cases 30; suite; gate
for arm in a b; do http_route "$arm" 'limits: {in_flight: 8}'; done
port=$(closed_port)
http_proxy=http://127.0.0.1:$port expect 2 run demo.gate.yaml
has err "cannot connect to the proxy 127.0.0.1:$port on the way to ${PROVIDER_URL#http://}: Connection refused"
[ "$(provider_stats .requests)" = 0 ] || fail "the proxy was left out"
http_proxy=http://127.0.0.1:$port expect 4 doctor demo.gate.yaml; has out "cannot connect to the proxy 127.0.0.1:$port"
# The same run, past the proxy.
no_proxy=127.0.0.1 http_proxy=http://127.0.0.1:$port expect 0 run demo.gate.yaml --retry-errors
[ "$(provider_stats '"\(.requests) \(.through_proxy)"')" = '60 0' ] || fail "$(provider_stats)"
# A name that only the proxy knows.
sed -i 's|^endpoint: http://[^/]*|endpoint: http://model.invalid|' a.yaml b.yaml
expect 2 run demo.gate.yaml --again; has err 'no address is known for model.invalid'
http_proxy=$PROVIDER_URL expect 0 run demo.gate.yaml --again
[ "$(provider_stats .through_proxy)" = 60 ] || fail "$(provider_stats .through_proxy) requests through the proxy"
# A proxy's password reaches neither disk nor screen.
http_proxy=http://ana:sk-proxy-123456@127.0.0.1:$port expect 2 run demo.gate.yaml --again
! grep -rqF sk-proxy reports out err || fail "the proxy's password was written down"
