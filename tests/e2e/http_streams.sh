#!/usr/bin/env bash
# A streamed reply is the same reply: same text, same grades, the same decision to the byte, and the time to its first
# token besides. Whatever a stream may look like is read; one that breaks off, or says an error midway, is no reply.
. "$(dirname "$0")/lib.sh"
export A_KEY=sk-rehearsal-0123456789
cases 32; suite; replies a 32; route a; gate
sed -i 's/^graders:/&\n  - {kind: not_contains, value: forbidden}/' eval_suites/demo/suite.yaml

profile() { echo "  $1: {text: \"yes\", usage: {input_tokens: 9, output_tokens: 3}, table: {question 5: \"no\", question 12: yes and no, question 20: \"\\u00fcber \\U0001F600\"}, $2}"; }
faulty() { profile "$1" "rules: [{when: {equals: question 1}, text: this is not said to the end, $2}]"; }
{
  echo 'profiles:'
  profile plain 'delay_ms: 0'
  profile tiny 'stream: {piece: 1}'
  profile odd 'stream: {comments: true, crlf: true, bom: true, tight: true}'
  profile lines 'stream: {multi_line: true, comments: true}'
  profile packed 'compress: gzip, stream: {piece: 2}'
  faulty error 'stream: {piece: 4, error: {after: 3, message: Overloaded}}'
  faulty cut 'stream: {piece: 4}, cut: {in: events, after: 3}'
  faulty ended 'stream: {piece: 4}, cut: {in: events, after: 3, how: finish}'
  faulty rst 'stream: {piece: 4}, cut: {in: events, after: 3, how: reset}'
  faulty filtered 'finish: content_filter'
  faulty length 'finish: length'
} > streams.yaml
start_provider streams.yaml

kinds=("openai" "openai responses" "anthropic")
route_lines() { # KIND [API]: what tells the languages apart
  FILE_LINES=(); [ -z "${2:-}" ] || FILE_LINES+=("api: $2")
  [ "$1" != anthropic ] || FILE_LINES+=('params: {max_tokens: 64}')
}
# speak NAME PROFILE KIND [API] [stream]: a run in the background.
speak() {
  local name=$1 profile=$2 stream=$3; shift 3
  route_lines "$@"; [ "$stream" != stream ] || FILE_LINES+=('stream: true')
  live "$name" "$profile" "${FILE_LINES[@]}"
  sed -i "s/^kind: .*/kind: $1/; s/^route: .*/route: demo_b/" "$name.yaml"
  sed "s/^candidate: .*/candidate: $name.yaml/" demo.gate.yaml > "$name.gate.yaml"
  local code=0
  hg run "$name.gate.yaml" --reports "$name" --no-progress > "$name.out" 2> "$name.err" || code=$?
  echo "$code" > "$name.code"
}
decision() { local to=$1; cp "$(run_folder demo "$1")/decision.json" "$to.json"; }

for kind in "${kinds[@]}"; do
  id=${kind// /_}
  speak "$id-plain" plain plain $kind & all=($!)
  for profile in plain tiny odd lines packed error cut ended rst filtered length; do
    speak "$id-$profile-stream" "$profile" stream $kind & all+=($!)
    [ ${#all[@]} -lt 6 ] || { wait "${all[0]}"; all=("${all[@]:1}"); }
  done
  wait "${all[@]}"

  ended "$id-plain" 0; decision "$id-plain"
  matches out 'candidate +demo_b +32 +29 +3'
  [ "$(recorded 'select(has("first_token_ms")) | .case' "$id-plain")" = "" ] || fail "a plain reply has a first token"
  for profile in plain tiny odd lines packed; do
    ended "$id-$profile-stream" 0; decision "$id-$profile-stream"
    same "$id-plain.json" "$id-$profile-stream.json"
    [ "$(recorded 'select(.t == "result" and .arm == "candidate" and .first_token_ms >= 0 and .first_token_ms <= .latency_ms) | .case' \
      "$id-$profile-stream" | wc -l)" = 32 ] || fail "$id, $profile: not every reply has a time to its first token"
    has out 'first token'
  done
  midway=error_in_reply; [ $id != anthropic ] || midway=overloaded  # it says so in its own words
  while read -r profile what; do
    ended "$id-$profile-stream" 2
    [ "$(how_ended c00001 "$id-$profile-stream")" = "$what" ] || fail "$id, $profile: $(how_ended c00001 "$id-$profile-stream")"
    [ "$(recorded 'select(.t == "grade") | .cell' "$id-$profile-stream" | wc -l)" = 63 ] || fail "$id, $profile: an error was graded"
  done <<END
error provider_error $midway 3
cut route_error truncated 3
ended route_error truncated 3
rst route_error truncated 3
filtered route_error content_filter 1
length route_error truncated 1
END
done
