"""Jinja for templates from strangers: sandboxed, and bounded in time, memory and output.

jinja2's sandbox keeps a template away from Python's internals, but lets it count to infinity. Here
every value that a template makes is weighed (characters and elements, shared parts each time they
appear) and every loop, call, filter and operator looks at the clock. No single step can then take
long, so no signal, thread or process is needed to stop one.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce, wraps
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from tenth.engine.meter import Meter, TooCostly

MAX_SOURCE = 1 << 18  # characters of a template; the longest known ones have 30,000
MAX_SEPARATOR = 100
DROPPED_FILTERS = (
    "pprint",
    "striptags",
    "urlize",
    "wordwrap",
)  # slow on hostile text, and in no chat template
BY_CHARACTER = ("e", "escape", "forceescape", "title", "urlencode")


class _BoundedCode(CodeGenerator):
    """Weighs what the generated code would build without asking the environment."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self.write("environment.meter.add(")
        super().visit_List(node, frame)
        self.write(")")

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self.write("environment.meter.add(")
        super().visit_Dict(node, frame)
        self.write(")")

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        stored = node.ctx != "load"
        self.write("" if stored else "environment.meter.add(")
        super().visit_Tuple(node, frame)
        self.write("" if stored else ")")


class _Generation(Extension):
    """`{% generation %}` marks what a model is trained on; for a prompt it is its body alone."""

    tags = frozenset({"generation"})  # type: ignore[assignment]

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _TemplateNamespace(Namespace):
    """Without names that begin with `_`, and without a spelling of what it holds."""

    def __init__(*args: Any, **kwargs: Any):
        self, *rest = args
        values = dict(*rest, **kwargs)
        for name in values:
            _check_name(name)
        Namespace.__init__(self, values)

    def __setitem__(self, name: str, value: Any) -> None:
        _check_name(name)
        super().__setitem__(name, value)

    def __repr__(self) -> str:
        return "<Namespace>"


def _check_name(name: Any) -> None:
    if isinstance(name, str) and name.startswith("_"):
        raise SecurityError(f"a namespace has no {name!r}: names do not begin with '_'")


class _TemplateDict:
    """`dict(...)` without the class itself."""

    def __call__(self, *args: Any, **kwargs: Any) -> dict:
        return dict(*args, **kwargs)

    def fromkeys(self, *args: Any) -> dict:
        return dict.fromkeys(*args)


def _raise_exception(message: Any) -> NoReturn:
    raise TemplateError(str(message))


def _strftime_now(form: str) -> str:
    if len(form) > 200 or re.search(r"\d{3}", form):  # glibc pads %9999999d
        raise TooCostly("strftime_now has a strange format")
    return datetime.now().strftime(form)


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """The environment that the labs write their chat templates for."""

    code_generator_class = _BoundedCode
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,  # nothing is computed before the clock runs
            extensions=[_Generation, loopcontrols],
        )
        self.meter = Meter()
        self.tick = self.meter.tick
        self.concat = self.joined
        for name in DROPPED_FILTERS:
            del self.filters[name]
        own = {"tojson": self._tojson, "join": self._join, "sum": self._sum}
        own |= {name: self._unmarked(self.filters[name]) for name in BY_CHARACTER}
        self.filters = {n: self._bounded(n, f) for n, f in {**self.filters, **own}.items()}
        del self.globals["lipsum"]
        self.globals.update(
            raise_exception=_raise_exception,
            strftime_now=_strftime_now,
            dict=_TemplateDict(),
            namespace=_TemplateNamespace,
        )

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        for loop in source.find_all(nodes.For):
            tick = nodes.EnvironmentAttribute("tick")
            loop.body.insert(0, nodes.ExprStmt(nodes.Call(tick, [], [], None, None)))
        return super()._generate(source, *args, **kwargs)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, bytes | int | float | complex | range):
            return False  # to_bytes(10**9); no chat template asks a number for its methods
        if isinstance(obj, str) and (attr in ("translate", "maketrans") or not hasattr(str, attr)):
            return False  # Markup has slow ones of its own
        return super().is_safe_attribute(obj, attr, value)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        __self.tick()
        if args or kwargs:
            __self.meter.add([args, kwargs])
        method = getattr(__obj, "__wrapped__", __obj)
        owner = getattr(method, "__self__", None)
        if isinstance(owner, str):
            if method.__name__ == "join" and len(args) == 1:
                return __self._join(args[0], owner)
            __self.meter.expect_method(owner, method.__name__, args, kwargs)
        return __self.meter.add(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        self.tick()
        self.meter.expect_operator(operator, left, right)
        return self.meter.add(super().call_binop(context, operator, left, right))

    def joined(self, parts: Iterable[Any]) -> str:
        """The parts as one text, refused before it is built; also what the output goes through."""
        strings, total = [], 0
        for part in parts:
            strings.append(str(part))
            total += len(strings[-1]) + 1
            self.meter.expect(total)
        return self.meter.add("".join(strings))

    def _bounded(self, name: str, function: Callable) -> Callable:
        first = 1 if hasattr(function, "jinja_pass_arg") else 0  # the context comes before it

        @wraps(function)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self.tick()
            values = list(args[first:])
            self.meter.add([values, kwargs])
            self.meter.expect_filter(name, values, kwargs)
            return self.meter.add(function(*args, **kwargs))

        return bounded

    def _unmarked(self, function: Callable) -> Callable:
        """A filter that treats brackets in its own way, given the ones that the user typed."""

        @wraps(function)
        def unmarked(value: Any) -> Any:
            marks = self.meter.marks
            if marks is None or not isinstance(value, str):
                return function(value)
            return marks.mark_text(str(function(marks.restore(value))))

        return unmarked

    def _tojson(
        self,
        value: Any,
        ensure_ascii: bool = False,
        indent: Any = None,
        separators: Any = None,
        sort_keys: bool = False,
    ) -> str:
        """JSON as the labs mean it; jinja2's own escapes HTML."""
        if separators is not None and max(map(len, separators)) > MAX_SEPARATOR:
            raise TooCostly("tojson has a strange separator")
        encoder = json.JSONEncoder(
            ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )
        text = self.joined(encoder.iterencode(value))
        if ensure_ascii and self.meter.marks:
            for bracket, mark in self.meter.marks.of.items():
                text = text.replace(json.dumps(mark)[1:-1], json.dumps(bracket)[1:-1])
            text = self.meter.marks.mark_text(text)
        return text

    def _join(self, value: Iterable[Any], d: str = "", attribute: Any = None) -> str:
        parts: list[Any] = []
        for item in value:
            part = item if attribute is None else self.getitem(item, attribute)
            parts += [d, part] if parts else [part]
            self.tick()
        return self.joined(parts)

    def _sum(self, value: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
        items = value if attribute is None else (self.getitem(i, attribute) for i in value)
        return reduce(lambda a, b: self.call_binop(None, "+", a, b), items, start)
