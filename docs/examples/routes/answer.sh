#!/bin/sh
# One question on stdin, its answer on stdout, exit status 0. Anything else is an error of this case, never a reply.
numbers=$(tr -cs '0-9' ' ')
set -- $numbers
if [ $# -lt 2 ]; then
  echo "no two numbers in the question" >&2
  exit 1
fi
echo "That makes $(($1 + $2))."
