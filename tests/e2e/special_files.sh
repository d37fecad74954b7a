#!/usr/bin/env bash
# A FIFO, a folder or a device instead of a file is refused at once.
. "$(dirname "$0")/lib.sh"
project 40
for kind in fifo folder zero; do
  rm -rf eval_suites/demo/cases.jsonl
  case $kind in
    fifo) mkfifo eval_suites/demo/cases.jsonl ;;
    folder) mkdir eval_suites/demo/cases.jsonl ;;
    zero) ln -s /dev/zero eval_suites/demo/cases.jsonl ;;
  esac
  expect 3 run demo.gate.yaml
  matches err 'not a regular file|leaves the suite'
done
mkfifo pipe.yaml
expect 3 run pipe.yaml
has err 'not a regular file'
expect 3 run /dev/zero
has err 'not a regular file'
