#!/usr/bin/env bash
# No text from outside breaks out of the XML or the table it stands in.
. "$(dirname "$0")/lib.sh"
project 40
break='| a | b |\n|---|---|\n```\n</details>\n![x](http://127.0.0.1/p.png) ]]></system-out><testcase name=\"fake\"/>\u000b\ufffe'
answer b c00001 "$break"
expect 1 run demo.gate.yaml
folder=$(run_folder)
awk -F'|' '/^\|/ { if (table && NF != columns) { print "line " NR; exit 1 } columns = NF; table = 1; next } { table = 0 }' \
  "$folder/summary.md" || fail "a table of summary.md lost a column"
lacks "$folder/junit.xml" '<testcase name="fake"'
command -v xmllint >/dev/null || exit 0
xmllint --noout "$folder/junit.xml" || fail "junit.xml is not well-formed"
cases=$(xmllint --xpath 'count(//testcase)' "$folder/junit.xml")
[ "$cases" -ge 40 ] || fail "$cases test cases"
