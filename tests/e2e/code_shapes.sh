# Suites of programming problems as their authors publish them, with the shapes that replies have.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/code_lib.sh"

# HumanEval's own lines: a prompt that the reply goes on with, or writes again.
code_project
cat > eval_suites/demo/suite.yaml <<'YAML'
suite: demo
version: 1.0.0
cases: HumanEval.jsonl
fields: {id: task_id, input: prompt, expected: test, vars: {entry_point: entry_point}}
graders:
  - {kind: code, language: python, prepend: "{{case.input}}", tests: "{{case.expected}}", entry_point: "{{case.vars.entry_point}}"}
YAML
problem() {
  jq -cn --arg id "$1" '{task_id: $id, prompt: "from typing import List\n\n\ndef total(xs: List[int]) -> int:\n    \"\"\" The sum of xs.\n    >>> total([1, 2])\n    3\n    \"\"\"\n",
    entry_point: "total", canonical_solution: "    return sum(xs)\n",
    test: "\n\nMETADATA = {\n    '"'author': 'x'"'\n}\n\n\ndef check(candidate):\n    assert candidate([1, 2]) == 3\n    assert candidate([]) == 0\n"}' >> eval_suites/demo/HumanEval.jsonl
  jq -cn --arg id "$1" --arg text "$(cat; echo .)" '{case_id: $id, trial: 0, output: ($text | rtrimstr("."))}' >> a.jsonl
}
problem HumanEval/1 <<< '    return sum(xs)'
problem HumanEval/2 <<< $'def total(xs: List[int]) -> int:\n    return sum(xs)'
problem HumanEval/3 <<< $'Here it is:\n```python\ndef total(xs):\n    return sum(xs)\n```\nIt adds.'
problem HumanEval/4 <<< $'```\n    return sum(xs)\n```'
problem HumanEval/5 <<< '    return sum(xs) + 1'
problem HumanEval/6 <<< $'```bash\npip install sum\n```'
problem HumanEval/7 <<< 'I cannot do that.'
run_programs
for i in 1 2 3 4; do says HumanEval/$i "pass: passes its tests"; done
says HumanEval/5 "fail: failed assertion: assert candidate([1, 2]) == 3; called with ([1, 2]) it gave 4"
says HumanEval/6 "fail: "
says HumanEval/7 "fail: does not compile"

# MBPP's: lists of asserts, a setup that may use the program's own classes, further tests.
code_project
cat > eval_suites/demo/suite.yaml <<'YAML'
suite: demo
version: 1.0.0
cases: mbpp.jsonl
fields: {id: task_id, input: text, expected: test_list, vars: {setup: test_setup_code, more: challenge_test_list}}
graders:
  - {kind: code, language: python, setup: "{{case.vars.setup}}", tests: ["{{case.expected}}", "{{case.vars.more}}"]}
YAML
task() { # ID SETUP TEST MORE
  jq -cn --argjson id "$1" --arg setup "$2" --arg test "$3" --argjson more "$4" '{text: "Write it.", code: "…", task_id: $id, test_setup_code: $setup,
    test_list: [$test], challenge_test_list: $more}' >> eval_suites/demo/mbpp.jsonl
  jq -cn --arg id "$1" --arg text "$(cat)" '{case_id: $id, trial: 0, output: $text}' >> a.jsonl
}
tree=$'class Node:\r\n    def __init__(self, data):\r\n        self.data = data\r\n        self.left = None\r\ndef height(node):\r\n    return 0 if node is None else 1 + height(node.left)'
task 1 $'root = Node(1)\r\nroot.left = Node(2)' 'assert height(root) == 2' '["assert height(None) == 0"]' <<< "$tree"
task 2 "" 'assert f([3, 1]) == [1, 3]' '["assert f([]) == [0]"]' <<< 'def f(xs): return sorted(xs)'
task 3 "" 'assert set(f("aab")) == {"a", "b"}' '[]' <<< 'def f(s): return (c for c in s)'
task 4 "" $'try:\n    f(0)\n    assert False\nexcept ValueError as e:\n    assert str(e) == "no"' '[]' <<< $'class Refused(ValueError): pass\ndef f(x): raise Refused("no")'
task 5 "" $'xs = [2, 1]\nf(xs)\nassert xs == [1, 2]' '[]' <<< 'def f(xs): xs.sort()'
task 6 "" 'assert f(lambda x: x * x, [1, 2]) == [1, 4]' '[]' <<< 'def f(g, xs): return [g(x) for x in xs]'
task 7 "" 'assert True' '[]' <<< 'def f(x): return x'
task 8 "" 'assert f(1) ==' '[]' <<< 'def f(x): return x'
run_programs
for i in 1 3 4 5 6; do says $i "pass: passes its tests"; done
says 2 "fail: failed assertion: assert f([]) == [0]"
grep -qE '^7 ungraded' verdicts || fail "tests that never call the program count"
grep -qE '^8 ungraded' verdicts || fail "tests that do not compile count"

# Whole programs, compared outside.
code_project python 'io: "{{case.expected}}", time_ms: 3000'
whole() { program "$1" ''; jq -c '.expected = [{input: "3\n", output: "9"}, {input: "0\n", output: "0\n"}]' eval_suites/demo/cases.jsonl > new; mv new eval_suites/demo/cases.jsonl; }
whole squares <<< 'print(int(input()) ** 2)'
whole cubes <<< 'print(int(input()) ** 3)'
whole talks <<< 'print("PASSED", int(input()) ** 2)'
whole fails <<< $'n = int(input())\nprint(n * n)\nexit(n)'
whole stops <<< 'while True: pass'
whole floods <<< $'while True: print("x" * 60000)'
run_programs
says squares "pass: writes what is expected in 2 runs"
says cubes 'fail: wrong output: run 1 of 2: line 1 is "27", expected "9"'
says talks "fail: wrong output: run 1 of 2"
says fails "fail: run 1 of 2 ended with status 3"
says stops "fail: timed out after 3000 ms: run 1 of 2"
says floods "fail: "

if ! command -v g++ >/dev/null; then echo "no g++: C++ is not tried"; exit 0; fi
code_project cpp 'tests: "{{case.expected}}", time_ms: 20000'
cpp() { program "$1" 'assert(f(1) == 2);'; }
cpp good <<< 'int f(int x) { return x + 1; }'
cpp bad <<< 'int f(int x) { return x; }'
cpp broken <<< 'int f(int x) { return x + 1'
cpp exits <<< $'#include <unistd.h>\nstruct Early { Early() { _exit(0); } } early;\nint f(int x) { return 7; }'
cpp silences <<< $'#define NDEBUG\n#include <cassert>\n#define assert(x)\nint f(int x) { return 7; }'
cpp throws <<< $'#include <stdexcept>\nint f(int x) { throw std::runtime_error("no"); }'
cpp crashes <<< 'int f(int x) { return *static_cast<volatile int*>(nullptr); }'
cpp own_main <<< $'#include <iostream>\nint f(int x) { return x + 1; }\nint main() { std::cout << "PASSED"; }'
run_programs
says good "pass: "
says own_main "pass: "
says bad "fail: failed assertion: tests.cpp:1: int main(): Assertion \`f(1) == 2' failed."
says broken "fail: does not compile: program.cpp:1"
says exits "fail: the program ended before its tests were done"
says silences "fail: failed assertion"
says throws "fail: exception"
says crashes "fail: exception: it was ended by signal 11"
