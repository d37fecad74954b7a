# Compiles a program with its tests, or alone, runs it, and tells the verdict over a channel that it closes before.
#
# Tests share a process with the program, as C++ tests do. That they came to their end is told by what stands around
# their main(): a program that exits early, whatever it prints and with whatever status, has not passed. `io` needs none
# of this: what was written is handed on, and compared outside.
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/judge.XXXXXX") || exit 125
cd "$work" || exit 125
runs=0
: >program >prepend >setup >tests >entry_point

# Fields of stdin, each: name, size, newline, bytes, newline.
while read -r name size; do
  case $name in
    nonce) nonce=$(head -c "$size") ;;
    mode) mode=$(head -c "$size") ;;
    time_ms) time_ms=$(head -c "$size") ;;
    output_bytes) output_bytes=$(head -c "$size") ;;
    program | prepend | setup | entry_point) head -c "$size" >"$name" ;;
    tests) head -c "$size" >>tests && echo >>tests ;;
    input) runs=$((runs + 1)) && head -c "$size" >"in.$runs" ;;
    *) head -c "$size" >/dev/null ;;
  esac
  read -r _
done
exec </dev/null
echo started >&3

say() {
  { printf '%s ' "$nonce" "$1" && printf '%s' "$2" | tr '\n\r' '  ' | head -c 2000 && echo; } >&3
  exit 0
}

now_ms() { echo $(($(date +%s%N) / 1000000)); }

compile() { # SOURCE… : whether it compiles; what is wrong is in `wrong`
  timeout -k 1 60 g++ -std=c++20 -O1 -w -o program.run "$@" >wrong 2>&1 3>&-
  compiled=$?
  [ "$compiled" -ne 124 ] && [ "$compiled" -ne 137 ] || say timed_out "while it was compiled"
  return "$compiled"
}

first_error() { grep -m 1 -E 'error:|undefined reference|multiple definition' wrong || head -n 1 wrong; }

# The program as it stands, or behind what is to be prepended where it compiles that way.
with_prepended() { # COMMAND…
  if [ -s prepend ]; then
    { cat prepend && echo && cat program; } >both
    mv program alone && mv both program
    "$@" && return 0
    mv wrong wrong.both && mv alone program
    "$@" && return 0
    mv wrong.both wrong
    return 1
  fi
  "$@"
}

# Runs the program, held to its time. `status`, and `late` where it took too long.
run() {
  began=$(now_ms)
  timeout -k 0.2 "$((time_ms / 1000)).$(printf '%03d' $((time_ms % 1000)))" ./program.run 2>err 3>&-
  status=$?
  late=no
  case $status in
    124 | 137) [ $(($(now_ms) - began)) -lt "$time_ms" ] || late=yes ;;
  esac
  tail -c 4096 err >&2
}

if [ "$mode" = io ]; then
  whole() { cp program program.cpp && compile program.cpp; }
  with_prepended whole || say not_compiled "$(first_error)"
  i=0
  while [ "$i" -lt "$runs" ]; do
    i=$((i + 1))
    run <"in.$i" >out
    [ "$late" = no ] || say timed_out "run $i of $runs"
    [ "$(wc -c <out)" -le "$output_bytes" ] || say too_much_output "run $i of $runs wrote more than $output_bytes bytes"
    { printf '%s ran %s ' "$nonce" "$status" && od -An -v -tx1 out | tr -d ' \n' && echo; } >&3
  done
  echo "$nonce done" >&3
  exit 0
fi

# Macros of the program must not change what the tests mean, as far as that can be had in one text.
cat >before.hpp <<'END'
#define main main_of_the_program
END
cat >between.hpp <<'END'
#undef main
#undef NDEBUG
#undef assert
#undef if
#undef return
#include <cassert>
END
# Around main(): says that it came to its end.
cat >around.cpp <<'END'
#include <unistd.h>
extern "C" int __real_main(int, char**, char**);
extern "C" int __wrap_main(int count, char** words, char** environment) {
  const int status = __real_main(count, words, environment);
  char token[32];
  const ssize_t got = ::read(8, token, sizeof token);
  if (got > 0 && ::write(9, token, static_cast<size_t>(got)) != got) return 1;
  return status;
}
END

entry=$(cat entry_point)
tested() {
  {
    echo '#include "before.hpp"'
    echo '#line 1 "program.cpp"'
    cat program
    echo
    echo '#include "between.hpp"'
    echo '#line 1 "setup.cpp"'
    cat setup
    if grep -qE '(^|[^A-Za-z0-9_])main[[:space:]]*\(' tests; then
      echo '#line 1 "tests.cpp"'
      cat tests
    elif [ -n "$entry" ]; then
      echo '#line 1 "tests.cpp"'
      cat tests
      echo "int main() { check($entry); return 0; }"
    else
      echo 'int main() {'
      echo '#line 1 "tests.cpp"'
      cat tests
      echo 'return 0; }'
    fi
  } >tested.cpp
  compile tested.cpp around.cpp -Wl,--wrap=main
}

with_prepended tested || say not_compiled "$(first_error)"
token=$(od -An -N 12 -tx1 /dev/urandom | tr -d ' \n')
printf '%s' "$token" >token
: >ended
# What is left here tells a program nothing that it could use.
rm -f tested.cpp setup tests around.cpp
exec 8<token 9>ended
rm token
run
[ "$late" = no ] || say timed_out ""
why=$(grep -m 1 'Assertion' err)
[ -z "$why" ] || [ "$status" -ne 134 ] || say failed "${why#program.run: }"
why=$(tr '\n' ' ' <err | tail -c 300)
case $why in
  *std::bad_alloc*) [ "$status" -ne 134 ] || say out_of_memory "" ;;
  *'terminate called'*) [ "$status" -ne 134 ] || say exception "$why" ;;
esac
[ "$status" -le 128 ] || say exception "it was ended by signal $((status - 128))"
[ "$(cat ended)" = "$token" ] || say exited "with status $status"
[ "$status" -eq 0 ] || say failed "the tests ended with status $status"
say passed ""
