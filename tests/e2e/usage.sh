#!/usr/bin/env bash
# What is typed wrong is answered with what was meant, exit 3, and nothing on stdout.
. "$(dirname "$0")/lib.sh"
for words in '' 'rnu x' 'run' 'run a b' 'run a --tirals 2' 'run a --trials zero' 'run a --color sometimes' '--frob' 'admit x' 'suite' 'suite frob'; do
  expect 3 $words
  [ ! -s out ] || fail "'$words' wrote to stdout"
  has err 'error: '; has err 'hint: '
done
expect 3 run nowhere.gate.yaml
has err nowhere.gate.yaml
expect 3 run a --tirals 2
has err "did you mean '--trials'?"
expect 3 admit x
has err 'not in this version'
# An empty word of a script's unset variable stands for nothing.
for words in 'run a --reports' 'run a --resume' 'show' 'decide' 'check'; do
  expect 3 $words ''
  matches err 'needs a value|empty word'
done
expect 3 decide nowhere
expect 3 show
