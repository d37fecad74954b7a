#!/usr/bin/env bash
# Long text goes through a pager on a terminal, and only there; the exit status stays the verb's.
. "$(dirname "$0")/lib.sh"
unset PAGER HEADGATE_PAGER LESS
project 40 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
cat > on_a_terminal.py <<'PY'
# on_a_terminal.py ROWS WORD…: runs headgate on a pseudo terminal of that many rows, prints what the terminal got.
import fcntl, os, pty, struct, sys, termios
rows, words = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
    os.environ["TERM"] = os.environ.get("TERM_OF_TEST", "xterm")
    os.execv(os.environ["HEADGATE"], ["headgate", *words])
got = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    got += piece
    if b"--press--" in got:
        os.write(terminal, b"\x03")  # Ctrl-C, to the whole foreground group
        got = got.replace(b"--press--", b"--pressed--")
sys.stdout.buffer.write(got.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
# on CODE ROWS WORD…: as `expect`, on a terminal; stdout and stderr both land in `out`.
on() {
  local want=$1 got=0; shift
  timeout 60 python3 on_a_terminal.py "$@" > out || got=$?
  [ "$got" = "$want" ] || fail "headgate ${*:2} on a terminal ended with $got, not $want"
}
hg run demo.gate.yaml >/dev/null 2>&1 && fail "the gate should say no" || no=$?

export HEADGATE_PAGER="sed 's/^/| /'" PAGER=false
on 0 10 graders; has out '| contains'
on "$no" 10 show --no-pager; lacks out '| '; cp out plain
on "$no" 10 show; has out "| $(head -1 plain)"
on 0 200 graders; lacks out '| '                        # it fits
on 0 10 graders --json; lacks out '| '; has out '"format"'
on 0 10 graders --no-pager; lacks out '| '
on 0 10 --help; has out '| headgate'
on 0 10 version; lacks out '| '
expect 0 graders; lacks out '| '                        # not a terminal
TERM_OF_TEST=dumb on 0 10 graders; lacks out '| '
HEADGATE_PAGER= on 0 10 graders; has out contains; lacks out '| '
HEADGATE_PAGER=cat on 0 10 graders; has out contains; lacks out '| '
unset HEADGATE_PAGER
PAGER="sed 's/^/: /'" on 0 10 graders; has out ': contains'

# A pager that is missing, quits at once, fails, or is stopped by Ctrl-C changes neither status nor text.
PAGER=no-such-pager-anywhere on "$no" 10 show; grep -qF "$(head -1 plain)" out || fail "the text is lost"
PAGER=true on "$no" 10 show
PAGER='head -n 1' on "$no" 10 show; has out "$(head -1 plain)"
PAGER='exit 9' on "$no" 10 show
PAGER='echo --press--; sleep 20' on "$no" 10 show; has out pressed

# LESS has a default, and a value of one's own wins.
PAGER='echo "less is $LESS."; cat' on 0 10 graders; has out 'less is FRX.'
LESS=-S PAGER='echo "less is $LESS."; cat' on 0 10 graders; has out 'less is -S.'
