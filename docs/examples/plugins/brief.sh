#!/usr/bin/env bash
# A plugin: is the reply brief? One question in, one verdict out: `mode: per_case` starts it anew for each.
jq -c '(.reply.text | [scan("\\S+")] | length) as $words
  | {pass: ($words <= .options.words), reason: "\($words) words, \(.options.words) are allowed"}'
