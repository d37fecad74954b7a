# Programs of replies that attack whoever runs them, as the user who runs this and, where that is root, as an ordinary
# one too. None is harmless outside of a sandbox: never run them by hand.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/code_lib.sh"
echo "as $(id -un)"

# Something to find, and somebody to reach.
export HEADGATE_CANARY=a-secret-of-the-environment
mkdir -p home && export HOME=$work/home && echo a-secret-of-the-home > home/.secret && echo a-secret-of-the-home > outside
python3 - <<'PY' & listener=$!
import os, socket
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(8)
open("port.new", "w").write(str(listener.getsockname()[1]))
os.rename("port.new", "port")
while True:
    listener.accept()
    open("reached", "w").close()
PY
until [ -e port ]; do kill -0 "$listener" || fail "no listener"; sleep 0.05; done
port=$(cat port)

code_project python 'tests: "{{case.expected}}", time_ms: 4000, memory_mb: 512'
program honest <<< 'def f(x): return x + 1'

# What tries to look like a pass.
program prints_passed <<< 'print("PASSED"); print("{\"verdict\": \"passed\"}")'
program exits_early <<< 'import sys; sys.exit(0)'
program exits_hard <<< 'import os; os._exit(0)'
program exits_when_asked <<'PY'
import os
def f(x): os._exit(0)
PY
program equal_to_all <<'PY'
class All:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
def f(x): return All()
PY
program number_like 'assert abs(f(1) - 2) < 1e-6' <<'PY'
class Any:
    def __getattr__(self, name): return lambda *a: self
    def __sub__(self, other): return self
    def __abs__(self): return self
    def __lt__(self, other): return True
    def __float__(self): return 0.0
def f(x): return Any()
PY
program changes_builtins <<'PY'
import builtins
builtins.AssertionError = type("Quiet", (Exception,), {})
builtins.isinstance = lambda *a: True
builtins.abs = lambda x: 0
def f(x): return 7
PY
program own_builtins 'assert abs(f(1) - 2) < 1e-6' <<'PY'
abs = lambda x: 0
def f(x): return 7
PY
program changes_unittest 'import unittest
class T(unittest.TestCase):
    def test_f(self): self.assertEqual(f(1), 2)
unittest.main()' <<'PY'
import unittest
unittest.TestCase.assertEqual = lambda *a: None
unittest.main = lambda *a: None
def f(x): return 7
PY
program writes_everywhere <<'PY'
import os
for fd in range(256):
    try: os.write(fd, b"started\npassed\n{\"outcome\":\"passed\"}\n")
    except OSError: pass
PY
program reads_stdin <<'PY'
import os, sys
def f(x):
    told = sys.stdin.read()
    for fd in range(3, 64):
        try: told += os.pread(fd, 4096, 0).decode("latin-1")
        except OSError: pass
    return 2 if "assert" in told or "nonce" in told else 7
PY
program reads_memory <<'PY'
import gc, sys
def f(x):
    frame, seen = sys._getframe(), ""
    while frame: seen += repr(frame.f_locals) + repr(list(frame.f_globals)); frame = frame.f_back
    seen += repr([o for o in gc.get_objects() if isinstance(o, (dict, list)) and "nonce" in o])
    return 2 if "assert f(1)" in seen or "'nonce':" in seen else 7
PY
program kills_all <<'PY'
import os, signal
for pid in (-1, 0, 1, 2, -2):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
        try: os.kill(pid, number)
        except OSError: pass
def f(x): return 7
PY
program kills_by_limit <<'PY'
import resource
try: resource.prlimit(2, resource.RLIMIT_CPU, (0, 0))
except OSError: pass
def f(x): return 7
PY
program answers_with_noise <<'PY'
import os
for fd in range(3, 64):
    try: os.write(fd, b"\0\0\0\4zzzz" * 8)
    except OSError: pass
def f(x): return 7
PY

# What tests that catch everything would take for the exception they expect.
catches='ok = False
try: f(1)
except: ok = True
assert ok'
program caught_exit "$catches" <<< 'import os
def f(x): os._exit(0)'
program caught_kill "$catches" <<< 'import os
def f(x): os.kill(os.getpid(), 9)'
program caught_endless "$catches" <<< 'def f(x):
    while True: pass'
program caught_flood "$catches" <<< 'def f(x): return "x" * (20 << 20)'
program caught_nested "$catches" <<'PY'
def f(x):
    out = []
    for i in range(1000): out = [out]
    return out
PY
program caught_noise "$catches" <<'PY'
import os
def f(x):
    for fd in range(3, 64):
        try: os.write(fd, b"\0\0\0\4zzzz" * 8)
        except OSError: pass
PY
program caught_by_base 'ok = False
try: f(1)
except BaseException: ok = True
assert ok' <<< 'import os
def f(x): os._exit(0)'
program caught_by_finally 'def check():
    try: f(1)
    finally: return
check()' <<< 'import os
def f(x): os._exit(0)'
program caught_in_thread 'import threading
thread = threading.Thread(target=f, args=(1,))
thread.start()
thread.join()' <<< 'import os
def f(x): os._exit(0)'
program caught_in_callback 'ok = False
def back(): return 1
try: f(back)
except: ok = True
assert ok' <<< 'import os
def f(g):
    os.fork() and os._exit(0)
    g()
    os._exit(0)'
program sys_exit_is_no_exception 'ok = False
try: f(1)
except Exception: ok = True
assert ok' <<< 'import sys
def f(x): sys.exit(0)'
program sys_exit_is_not_the_tests 'f(1)
assert False' <<< 'import sys
def f(x): sys.exit(0)'
program sys_exit_expected 'ok = False
try: f(1)
except SystemExit as end: ok = end.code == 3
assert ok' <<< 'import sys
def f(x): sys.exit(3)'
program error_expected "$catches" <<< 'def f(x): raise ValueError("no")'
loops='for result, expected in zip(map(f, [1, 2, 3]), [2, 3, 4]): assert result == expected'
program ends_loop "$loops" <<< 'def f(x): raise StopIteration'
program ends_loop_by_kind "$loops" <<< 'class Stop(StopIteration): pass
def f(x): raise Stop'
program ends_own_loop 'assert list(f(3)) == [0, 1, 2]
assert next(f(1)) == 0
try:
    next(f(0))
    assert False
except StopIteration: pass' <<< 'def f(x): return iter(range(x))'

# What tries to see.
sees() { # ID EXPRESSION: it must be empty
  program "$1" "assert f('$port') == []" <<PY
import os, socket
def readable(*paths):
    found = []
    for path in paths:
        try: found.append(open(path, "rb").read(200).decode("latin-1"))
        except OSError: pass
    return found
def f(port): return $2
PY
}
sees environment '[v for v in os.environ.values() if "secret" in v]'
sees process_environment 'readable("/proc/1/environ", "/proc/2/environ", "/proc/self/environ")'
sees process_memory 'readable("/proc/1/mem", "/proc/2/mem", "/proc/2/fd/3", "/dev/mem")'
sees home "readable('$HOME/.secret', '$work/outside', '/root/.profile', '/etc/passwd', '/etc/shadow')"
sees folders '[p for p in ("/home", "/root", "/proc", "/sys", "/etc/passwd", "/run", "/var") if os.path.exists(p)]'
program connects "assert f($port) == 'no'" <<'PY'
import socket
def f(port):
    for family, address in ((socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port)), (socket.AF_INET, ("10.0.0.1", port))):
        try:
            socket.socket(family).settimeout(1)
            socket.create_connection(address[:2], 1)
            return "connected"
        except OSError: pass
    return "no"
PY
program new_namespaces "assert f(1) == []" <<'PY'
import subprocess
def f(x):
    out = []
    for words in (["unshare", "-Ur", "true"], ["unshare", "-n", "true"], ["mount", "-t", "tmpfs", "x", "/tmp"], ["bwrap", "--ro-bind", "/", "/", "true"]):
        try:
            if subprocess.run(words, capture_output=True).returncode == 0: out.append(words)
        except OSError: pass
    return out
PY

# What tries to break things.
program writes_outside "assert f(1) == []" <<PY
def f(x):
    out = []
    for path in ("/x", "/usr/x", "/bin/x", "/lib/x", "/etc/x", "/dev/x", "/box/x", "$work/x", "$HOME/x"):
        try: open(path, "w"); out.append(path)
        except OSError: pass
    return out
PY
program fills_disk "assert f(1) < (1 << 28)" <<'PY'
def f(x):
    total = 0
    for folder in ("/tmp", "/dev/shm"):
        try:
            for i in range(100):
                with open("%s/%d" % (folder, i), "wb") as file: total += file.write(bytes(8 << 20))
        except OSError: pass
    return total
PY
program large_file "assert f(1) == 'no'" <<'PY'
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def f(x):
    try:
        with open("/tmp/x", "wb") as file:
            for i in range(64): file.write(bytes(1 << 20))
        return "yes"
    except OSError: return "no"
PY
program allocates <<'PY'
def f(x): return len(bytearray(2 << 30))
PY
program fork_bomb <<'PY'
import os
while True:
    try: os.fork()
    except OSError: pass
PY
program thread_bomb <<'PY'
import threading, time
try:
    while True: threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
except RuntimeError: pass
def f(x): return 7
PY
program grandchildren <<'PY'
import os, signal, time
for i in range(8):
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0: os.setsid()
        os.execv("/usr/bin/sleep", ["headgate-left-behind", "1000"])
def f(x): return x + 1
PY
program ignores_signals <<'PY'
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
PY
program floods_stdout <<'PY'
while True: print("x" * 65536)
PY
program floods_stderr <<'PY'
import sys
while True: sys.stderr.write("x" * 65536)
PY
program floods_answer <<'PY'
def f(x): return "x" * (1 << 26)
PY
program nested 'assert f(1) == 2' <<'PY'
def f(x):
    out = []
    for i in range(100000): out = [out]
    return out
PY
program deep_source <<< "f = $(printf '(%.0s' $(seq 20000))"
program recursion <<'PY'
def f(x): return f(x)
PY
program segfault <<'PY'
import ctypes
def f(x): return ctypes.string_at(0)
PY

run_programs
says honest "pass: "
for id in prints_passed exits_early exits_hard exits_when_asked equal_to_all number_like changes_builtins own_builtins \
  changes_unittest writes_everywhere reads_stdin reads_memory kills_all kills_by_limit answers_with_noise allocates fork_bomb \
  thread_bomb ignores_signals floods_stdout floods_stderr floods_answer nested deep_source recursion segfault \
  caught_exit caught_kill caught_endless caught_flood caught_nested caught_noise caught_by_base caught_by_finally caught_in_thread \
  caught_in_callback sys_exit_is_no_exception sys_exit_is_not_the_tests ends_loop ends_loop_by_kind; do
  says "$id" "fail: "
done
for id in environment process_environment process_memory home folders connects new_namespaces writes_outside fills_disk \
  large_file grandchildren sys_exit_expected error_expected ends_own_loop; do
  says "$id" "pass: "
done
says exits_hard "fail: the program ended before its tests were done"
says equal_to_all "fail: failed assertion: assert f(1) == 2"
says ignores_signals "fail: timed out after 4000 ms"
says floods_stdout "fail: too much output"
says floods_answer "fail: too much output"
says allocates "fail: ran out of its 512 MiB of memory"
says caught_exit "fail: the program ended before its tests were done"
says caught_kill "fail: the program ended before its tests were done"
says caught_endless "fail: timed out after 4000 ms"
says caught_flood "fail: too much output"
says ends_loop "fail: exception: StopIteration (line 1 of the program); in: for result"
[ ! -e reached ] || fail "a program connected"
for path in x "$HOME/x" /x /usr/x; do [ ! -e "$path" ] || fail "a program wrote $path"; done
if pgrep -f headgate-left-behind >/dev/null; then fail "a program's children were left"; fi
lacks "$(run_folder)/journal.jsonl" a-secret
jq -e '.journal.damages // [] | length == 0' "$(run_folder)/decision.json" >/dev/null || fail "the journal is damaged"

# Again as somebody who is not root.
if [ "$(id -u)" = 0 ] && [ -z "${HEADGATE_TRAPS_AGAIN:-}" ]; then
  cp "$HEADGATE" program.copy && chmod 755 program.copy "$work" && mkdir again && chown 65534:65534 again
  cp "$0" "$(dirname "$0")/lib.sh" "$(dirname "$0")/code_lib.sh" again/ && chmod 644 again/*
  if setpriv --reuid 65534 --regid 65534 --clear-groups "$work/program.copy" version >/dev/null 2>&1; then
    HEADGATE_TRAPS_AGAIN=1 HEADGATE=$work/program.copy TMPDIR=$work/again HOME=$work/again \
      setpriv --reuid 65534 --regid 65534 --clear-groups bash "$work/again/$(basename "$0")" || fail "as an ordinary user"
  else
    echo "cannot become an ordinary user here: tried as root only"
  fi
fi
