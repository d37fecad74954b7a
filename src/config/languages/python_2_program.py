# Second part: the side that runs the program, and answers.

def fresh_main():
    module = type(sys)("__main__")
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    return module.__dict__


def compiled(source, prepended):
    """The program behind what is to be prepended; without it where it compiles only so."""
    if prepended:
        try:
            return compile(prepended.rstrip("\n") + "\n" + source, "<program>", "exec", dont_inherit=True)
        except SyntaxError as fault:
            try:
                return compile(source, "<program>", "exec", dont_inherit=True)
            except SyntaxError:
                raise fault from None
    return compile(source, "<program>", "exec", dont_inherit=True)


class Program:
    """Answers the judge. Whatever it is, the program may change it: its answers are the program's own."""

    def __init__(self, channel):
        self.channel = channel
        self.kept, self.numbers = [], {}
        self.names = None

    def keep(self, o):
        number = self.numbers.get(id(o))
        if number is None:
            number = self.numbers[id(o)] = len(self.kept)
            self.kept.append(o)
        if isinstance(o, type) and issubclass(o, BaseException):
            base = next(each.__name__ for each in o.__mro__ if builtins.__dict__.get(each.__name__) is each)
            name, base = text_of(o.__name__), text_of(base)
            return b"E%d;%d:%b%d:%b" % (number, len(name), name, len(base), base)
        if isinstance(o, Callback):
            return b"O%d;" % o.number
        return b"R%d;" % number

    def known(self, mark, reader, depth):
        if mark == b"O":
            return self.kept[int(reader.upto(b";", 12))]
        if mark == b"R":
            return Callback(self, int(reader.upto(b";", 12)))
        raise Unreadable

    def pack(self, value):
        writer = Writer(self.keep)
        writer.put(value)
        return b"".join(writer.out)

    def unpack(self, data):
        return Reader(data, self.known).get()

    def run(self, source, prepended):
        self.names = fresh_main()
        exec(compiled(source, prepended), self.names)

    def call(self, target, args, named):
        before = self.pack(args)
        value = target(*args, **named)
        try:
            after = self.pack(args)
        except Exception:
            return value, None
        return value, None if after == before else args

    def answer(self, what, rest):
        if what == "call":
            return self.call(*rest)
        if what == "name":
            return ((self.names[rest[0]],) if rest[0] in self.names else ()), None
        if what == "run":
            return self.run(*rest), None
        if what == "attribute":
            return getattr(*rest), None
        if what == "set":
            return setattr(*rest), None
        return OPERATIONS[what](*rest), None

    def serve(self):
        while True:
            question = self.unpack(self.channel.receive())
            try:
                value, args = self.answer(question[0], question[1:])
            except BaseException as fault:
                reply = self.fault(fault)
            else:
                reply = self.value(value, args)
            try:
                sys.stdout.flush()
            except Exception:
                pass
            if len(reply) > MOST:
                reply = self.pack(("large",))
            self.channel.send(reply)

    def value(self, value, args):
        """A value that cannot be handed over is no exception of the program, which tests might expect."""
        try:
            return self.pack(("value", value, args))
        except BaseException as fault:
            return self.pack(("unsent", "%s: %s" % (type(fault).__name__, fault)))

    def fault(self, fault):
        kind = type(fault)
        line = None
        at = fault.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename == "<program>":
                line = at.tb_lineno
            at = at.tb_next
        if kind is SyntaxError or isinstance(fault, SyntaxError):
            line = fault.lineno
        try:
            said = str(fault)[:2000]
        except BaseException:
            said = ""
        try:
            return self.pack(("raised", kind, kind.__name__, fault.args, said, line))
        except BaseException:
            return self.pack(("raised", Exception, kind.__name__, (said,), said, line))


OPERATIONS = {
    "iterate": iter, "next": next, "length": len, "text": str, "truth": bool,
    "item": lambda o, key: o[key],
    "put": lambda o, key, value: o.__setitem__(key, value),
    "equal": lambda a, b: bool(a == b),
    "is_a": lambda o, kind: isinstance(o, kind),
    "enter": lambda o: o.__enter__(),
    "leave": lambda o: o.__exit__(None, None, None),
}


class Callback:
    """A function of the tests, called by the program."""

    def __init__(self, program, number):
        self.program, self.number = program, number

    def __call__(self, *args):
        program = self.program
        program.channel.send(program.pack(("back", self.number, args)))
        answer = program.unpack(program.channel.receive())
        if answer[0] == "raised":
            raise answer[1](*answer[2])
        return answer[1]
