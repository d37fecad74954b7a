# Third part: the judge, who holds the tests.
#
# That the other side is gone, late or answers with what is no value is said where it is seen, and ends this process:
# as an exception it would be what tests expect that catch any.

# What ends a loop of the tests rather than the tests, when it comes from within what the loop calls.
ENDS_LOOPS = (StopIteration, StopAsyncIteration, GeneratorExit)


class Remote:
    """What the program holds and only it can use. It is equal to no plain value, whatever the program thinks of that."""
    __slots__ = ("_number",)

    def __init__(self, number):
        object.__setattr__(self, "_number", number)

    def __call__(self, *args, **named):
        return judge.call(self, args, named)

    def __getattr__(self, name):
        if name.startswith("__") and name not in ("__name__", "__doc__", "__dict__", "__class__", "__annotations__"):
            raise AttributeError(name)
        return judge.ask("attribute", self, name)

    def __setattr__(self, name, value):
        judge.ask("set", self, name, value)

    def __iter__(self):
        iterator = judge.ask("iterate", self)
        while True:
            try:
                value = judge.ask("next", iterator)
            except StopIteration:
                return
            yield value

    def __next__(self):
        return judge.ask("next", self)

    def __len__(self):
        return judge.ask("length", self)

    def __bool__(self):
        return judge.ask("truth", self) is not False

    def __getitem__(self, key):
        return judge.ask("item", self, key)

    def __setitem__(self, key, value):
        judge.ask("put", self, key, value)

    def __str__(self):
        return judge.ask("text", self)

    def __enter__(self):
        return judge.ask("enter", self)

    def __exit__(self, *fault):
        judge.ask("leave", self)

    def __instancecheck__(self, other):
        return isinstance(other, Remote) and judge.ask("is_a", other, self) is True

    def __repr__(self):
        return "<an object of the program>"

    # Between two objects of the program only the program can tell.
    def __eq__(self, other):
        if not isinstance(other, Remote):
            return False
        return other._number == self._number or judge.ask("equal", self, other) is True

    def __hash__(self):
        return hash(("remote", self._number))


class Names(dict):
    """The namespace of the tests: what they do not define themselves, and Python neither, is the program's."""

    def __missing__(self, name):
        if not isinstance(name, str) or name in builtins.__dict__:
            raise KeyError(name)
        found = judge.ask("name", name)
        if type(found) is tuple and not found:
            raise KeyError(name)
        judge.calls += 1
        return found[0]


def brief(value, most=120):
    try:
        text = repr(value)
    except ValueError:  # a number of more digits than are shown
        text = "a large value"
    return text if len(text) <= most else text[:most] + "…"


def mended(old, new):
    """Gives the arguments of a call what the call made of them, keeping who they are."""
    if type(old) is not type(new) or old is new:
        return new
    if isinstance(old, list):
        same = len(old) == len(new)
        old[:] = [mended(a, b) for a, b in zip(old, new)] if same else new
    elif isinstance(old, dict):
        fresh = {key: mended(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(fresh)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif isinstance(old, tuple) and len(old) == len(new):
        for a, b in zip(old, new):
            mended(a, b)
    elif type(old).__name__ == "deque":
        old.clear()
        old.extend(new)
    else:
        return new
    return old


class Judge:
    def __init__(self, channel, pid):
        self.channel, self.pid = channel, pid
        self.functions, self.kinds = [], {}
        self.calls = 0
        self.last = ""
        self.doing = ""
        self.speaks = False

    def keep(self, o):
        if isinstance(o, Remote):
            return b"O%d;" % o._number
        if isinstance(o, type) and "_number" in o.__dict__:
            return b"O%d;" % o._number
        if not callable(o):
            raise TypeError("the tests hand over %s, which cannot leave them" % type(o).__name__)
        self.functions.append(o)
        return b"R%d;" % (len(self.functions) - 1)

    def known(self, mark, reader, depth):
        if mark == b"O":
            number = int(reader.upto(b";", 12))
            if not 0 <= number < len(self.functions):
                raise Unreadable
            return self.functions[number]
        if mark == b"R":
            return Remote(int(reader.upto(b";", 12)))
        if mark == b"E":
            number = int(reader.upto(b";", 12))
            name, base = reader.bytes().decode(), reader.bytes().decode()
            base = builtins.__dict__.get(base)
            if not isinstance(base, type) or not issubclass(base, BaseException):
                base = Exception
            if number not in self.kinds:
                self.kinds[number] = type(name.replace("\0", ""), (base,), {"_number": number})
            return self.kinds[number]
        raise Unreadable

    def pack(self, value):
        writer = Writer(self.keep)
        writer.put(value)
        return b"".join(writer.out)

    def receive(self):
        try:
            data = self.channel.receive()
        except EOFError:
            say("exited", self.how_it_ended())
        except OverflowError:
            say("too_much_output", "a value of more than %d MiB" % (MOST >> 20))
        try:
            message = Reader(data, self.known).get()
        except Exception:
            message = None
        if type(message) is not tuple or not message or type(message[0]) is not str:
            say("exited", "it answered with what is no value")
        return message

    def how_it_ended(self):
        import time
        pid = 0
        for _ in range(100):  # its files close a moment before it can be waited for
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except OSError:  # the tests have waited for it
                break
            if pid != 0:
                break
            time.sleep(0.01)
        if pid == 0:
            return "it closed its side"
        if os.WIFSIGNALED(status):
            return "it was ended by signal %d" % os.WTERMSIG(status)
        return "it exited with status %d" % os.WEXITSTATUS(status)

    def send(self, data):
        try:
            self.channel.send(data)
        except OSError:
            say("exited", self.how_it_ended())

    def ask(self, *question):
        data = self.pack(question)
        if len(data) > MOST:
            raise ValueError("the tests hand over more than %d MiB" % (MOST >> 20))
        self.send(data)
        while True:
            message = self.receive()
            if message[0] == "value" and len(message) == 3:
                if question[0] == "call" and type(message[2]) is tuple:
                    mended(question[2], message[2])
                return message[1]
            if message[0] == "large":
                say("too_much_output", "a value of more than %d MiB" % (MOST >> 20))
            if message[0] == "unsent" and len(message) == 2:
                say("exception", "its value cannot be handed over: %s" % str(message[1])[:500])
            if message[0] == "raised" and len(message) == 6:
                raise self.fault(question[0], *message[1:])
            if message[0] != "back" or len(message) != 3 or type(message[2]) is not tuple:
                say("exited", "it answered with what is no value")
            self.answer(message[1], message[2])

    def answer(self, number, args):
        if type(number) is not int or not 0 <= number < len(self.functions):
            say("exited", "it called a function of the tests that there is not")
        try:
            reply = self.pack(("value", self.functions[number](*args)))
        except BaseException as fault:
            kind = type(fault) if builtins.__dict__.get(type(fault).__name__) is type(fault) else Exception
            reply = self.pack(("raised", kind, (str(fault),)))
        self.send(reply)

    def fault(self, what, kind, name, args, said, line):
        """What the program raised, to be raised here: tests may expect it."""
        if not isinstance(kind, type) or not issubclass(kind, BaseException):
            kind = Exception
        if what != "next" and issubclass(kind, ENDS_LOOPS):
            kind, args = RuntimeError, (said,)
        try:
            fault = kind(*args)
        except BaseException:
            fault = Exception(said)
        where = " (line %d of the program)" % line if type(line) is int else ""
        fault.of_program = (str(name)[:100], str(said)[:500], where)
        return fault

    def call(self, target, args, named):
        self.calls += 1
        # What it was called with, before the call changes it.
        shown = ", ".join([brief(each, 60) for each in args] + ["%s=%s" % (key, brief(each, 60)) for key, each in named.items()])
        self.last = ""
        value = self.ask("call", target, args, named)
        self.last = "called with (%s) it gave %s" % (shown[:200], brief(value))
        return value


def tell(line):
    rest = memoryview(line.encode())
    while rest:
        rest = rest[os.write(VERDICT, rest):]


def say(outcome, detail=""):
    """The verdict, and the end of this process: nothing that runs here can take it back."""
    judge.speaks = True
    _signal.setitimer(_signal.ITIMER_REAL, 0)
    detail = detail.encode("utf-8", "backslashreplace").decode().replace("\r", " ").replace("\n", " ")
    tell("%s %s %s\n" % (bundle["nonce"][0], outcome, detail[:2000]))
    os._exit(0)


def line_of_tests(fault, sources):
    """The test that was running: its text where it is one line, else the line of the tests."""
    found = None
    at = fault.__traceback__
    while at is not None:
        name = at.tb_frame.f_code.co_filename
        if name.startswith("<tests "):
            found = (int(name[7:-1]), at.tb_lineno)
        at = at.tb_next
    if found is None:
        return ""
    lines = sources[found[0]].split("\n")
    text = lines[found[1] - 1].strip() if 0 < found[1] <= len(lines) else ""
    return text if len(text) <= 300 else text[:300] + "…"


def run_tests(tests):
    names = Names(__name__="__main__", __builtins__=builtins)

    class Main:
        __name__ = "__main__"
        def __getattr__(self, name):
            try:
                return names[name]
            except KeyError:
                raise AttributeError(name) from None
        def __dir__(self):
            return list(names)
    sys.modules["__main__"] = Main()
    sys.argv = ["tests"]
    for index, text in enumerate(tests):
        try:
            code = compile(text, "<tests %d>" % index, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as fault:
            say("bad_tests", "%s of the tests does not compile: %s" % ("test %d" % (index + 1) if len(tests) > 1 else "the text", fault))
        exec(code, names)
    entry = bundle.get("entry_point")
    if entry:
        if not callable(names.get("check")):
            say("bad_tests", "there is an entry point, and the tests define no check()")
        try:
            target = names[entry[0]]
        except KeyError:
            say("failed", "the program defines no '%s'" % entry[0])
        names["check"](target)


def judge_tests():
    tests = bundle.get("setup", []) + bundle.get("tests", [])
    try:
        judge.ask("run", bundle["program"][0], "".join(bundle.get("prepend", [])))
        try:
            run_tests(tests)
        except SystemExit as end:  # of the tests, such as unittest.main()
            if hasattr(end, "of_program"):
                raise
            if end.code not in (None, 0, False):
                say("failed", "the tests ended with %s" % brief(end.code))
        if judge.calls == 0:
            say("bad_tests", "the tests never called the program")
        say("passed")
    except BaseException as fault:
        test = line_of_tests(fault, tests)
        of_program = getattr(fault, "of_program", None)
        if of_program is not None:
            name, said, where = of_program
            if name == "MemoryError":
                say("out_of_memory", test)
            if not test and name in ("SyntaxError", "IndentationError", "TabError"):
                say("not_compiled", "%s: %s" % (name, said))
            if name in ("SystemExit", "KeyboardInterrupt"):
                say("exited", "it called exit(%s)" % said + ("; in: " + test if test else ""))
            say("exception", "%s%s%s%s" % (name, ": " + said if said else "", where, "; in: " + test if test else ""))
        if isinstance(fault, AssertionError):
            said = str(fault)
            last = "; " + judge.last if judge.last else ""
            say("failed", (test or "an assertion") + (" (%s)" % said[:200] if said else "") + last)
        name = type(fault).__name__
        say("exception", "%s in the tests: %s; in: %s" % (name, str(fault)[:300], test) + ("; " + judge.last if judge.last else ""))


def as_script(source, prepended):
    sys.argv = ["program.py"]
    status = 0
    try:
        names = fresh_main()
        exec(compiled(source, prepended), names)
    except SystemExit as end:
        status = 0 if end.code is None else end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        status = status or 1
    finally:
        os._exit(status & 255)


def file_with(text):
    file = os.memfd_create("in")
    rest = memoryview(text_of(text))
    while rest:
        rest = rest[os.write(file, rest):]
    os.lseek(file, 0, 0)
    return file


def run_once(text, most):
    given, taken = file_with(text), os.memfd_create("out")
    source, prepended = bundle["program"][0], "".join(bundle.get("prepend", []))
    pid = os.fork()
    if pid == 0:
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)
        os.setsid()
        os.close(VERDICT)
        os.dup2(given, 0)
        os.dup2(taken, 1)
        os.close(given)
        os.close(taken)
        bundle.clear()
        as_script(source, prepended)
    _signal.setitimer(_signal.ITIMER_REAL, time_s, 0.1)
    _, status = os.waitpid(pid, 0)
    _signal.setitimer(_signal.ITIMER_REAL, 0)
    os.lseek(taken, 0, 0)
    out = b""
    while len(out) <= most:
        part = os.read(taken, 1 << 16)
        if not part:
            break
        out += part
    os.close(given)
    os.close(taken)
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), out


def judge_runs():
    most, told = int(bundle["output_bytes"][0]), []
    inputs, nonce = bundle["input"], bundle["nonce"][0]
    for index, text in enumerate(inputs):
        judge.doing = which = "run %d of %d" % (index + 1, len(inputs))
        try:
            status, out = run_once(text, most)
        except OSError as fault:
            say("exited", "it left so much behind that it cannot be started again: %s" % fault)
        if len(out) > most:
            say("too_much_output", "%s wrote more than %d bytes" % (which, most))
        tell("%s ran %d %s\n" % (nonce, status, out.hex()))
    say("done")


def read_bundle():
    """Fields of stdin, each: name, size, newline, bytes, newline."""
    whole = b""
    while True:
        part = os.read(0, 1 << 20)
        if not part:
            break
        whole += part
    at, out = 0, {}
    while at < len(whole):
        end = whole.index(b"\n", at)
        name, size = whole[at:end].decode().split(" ")
        at = end + 1 + int(size)
        out.setdefault(name, []).append(whole[end + 1:at].decode("utf-8", "surrogatepass"))
        at += 1
    return out


def late(*_):
    if not judge.speaks:
        say("timed_out", judge.doing)


sys.path[:] = [each for each in sys.path if each]
builtins.exit = builtins.quit = sys.exit  # what the site module brings
to_program, to_judge = os.pipe(), os.pipe()
program_pid = os.fork()
if program_pid == 0:
    os.close(VERDICT)
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    for each in (nothing, to_program[1], to_judge[0]):
        os.close(each)
    os.setsid()
    try:
        Program(Channel(to_program[0], to_judge[1])).serve()
    finally:
        os._exit(0)

os.close(to_program[0])
os.close(to_judge[1])
judge = Judge(Channel(to_judge[0], to_program[1]), program_pid)
bundle = read_bundle()
os.write(VERDICT, b"started\n")
_signal.signal(_signal.SIGALRM, late)
time_s = int(bundle["time_ms"][0]) / 1000
if bundle["mode"][0] == "tests":
    _signal.setitimer(_signal.ITIMER_REAL, time_s, 0.1)
    judge_tests()
else:
    judge_runs()
