#!/usr/bin/env bash
# Whichever way one asks about a kind of grader, the answer is the same.
. "$(dirname "$0")/lib.sh"
expect 0 graders number; cp out asked
has asked tolerance
expect 0 graders --help number; same out asked
expect 0 graders number --help; same out asked
expect 0 graders not_number -h; same out asked
expect 0 help graders number; same out asked
expect 0 graders --help; has out 'Exit status'
expect 3 graders --help nubmer; has err "did you mean 'number'?"
