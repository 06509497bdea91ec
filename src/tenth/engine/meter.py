"""What one rendering may use: its time, the size of its values, and of what it is about to make."""

import re
import threading
import time
from typing import Any, NoReturn

from jinja2.exceptions import TemplateError

from tenth.engine.typed import Marks

MAX_VALUE = 1 << 23  # characters and elements of one value, the whole output included
MAX_TOTAL = 1 << 27  # of all values together
MAX_SECONDS = 3.0  # of this thread's processor time
MAX_WIDTH = 10_000  # a padding, an indentation, decimals
MAX_BITS = 4096  # of a whole number
ELEMENT = 16  # what an element of a list weighs, in characters
CONTAINERS = (list, tuple, set, frozenset)
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class TooCostly(TemplateError):
    """A template that would take more time or memory than any honest one does."""


class Meter(threading.local):
    """What the rendering in this thread has used so far."""

    marks: Marks | None = None  # how brackets from outside are spelled, which filters must know

    def __init__(self):
        self.start()

    def start(self) -> None:
        self.total, self.deadline = 0, time.thread_time() + MAX_SECONDS

    def tick(self) -> None:
        if time.thread_time() > self.deadline:
            raise TooCostly(f"it runs for more than {MAX_SECONDS:g} seconds")

    def weigh(self, value: Any) -> int:
        """Characters and elements, however often a part is shared; stops counting at the limit."""
        total, waiting = 0, [value]
        while waiting:
            value = waiting.pop()
            total += len(value) if isinstance(value, str | bytes | range) else ELEMENT
            if isinstance(value, dict):
                waiting += [*value, *value.values()]
            elif isinstance(value, CONTAINERS):
                waiting += value
            if total + len(waiting) > MAX_VALUE:
                self._refuse()
        return total

    def add(self, value: Any) -> Any:
        """The value, once it is known to be small enough."""
        if value is None or isinstance(value, float):
            return value
        if isinstance(value, int):
            return self.number(value, value.bit_length())
        self.total += self.weigh(value)
        if self.total > MAX_TOTAL:
            raise TooCostly(f"its values have more than {MAX_TOTAL} characters together")
        return value

    def expect(self, size: int) -> None:
        """Refuses a value of that size before it is made."""
        if size > MAX_VALUE:
            self._refuse()

    def number(self, value: Any, bits: int) -> Any:
        if bits > MAX_BITS:
            raise TooCostly(f"a number has more than {MAX_BITS} bits")
        return value

    def width(self, *values: Any) -> int:
        """The largest of some settings, of a padding say, once it is known to be small enough."""
        sizes = [len(value) if isinstance(value, str) else value for value in values]
        widest = max((int(size) for size in sizes if isinstance(size, int | float)), default=0)
        if widest > MAX_WIDTH:
            raise TooCostly(f"a width is more than {MAX_WIDTH}")
        return widest

    def expect_operator(self, operator: str, left: Any, right: Any) -> None:
        if operator == "%" and isinstance(left, str):
            self._expect_format(left, "%", right)
        elif operator == "+" and isinstance(left, str | list | tuple):
            self.expect(len(left) + len(right))
        elif operator == "*":
            for many, n in ((left, right), (right, left)):
                if isinstance(many, str | list | tuple) and isinstance(n, int):
                    self.expect(self.weigh(many) * max(n, 0))
        if isinstance(left, int) and isinstance(right, int):
            bits = {"*": left.bit_length() + right.bit_length(), "**": left.bit_length() * right}
            self.number(None, bits.get(operator, 0))

    def expect_method(self, owner: str, method: str, args: tuple, kwargs: dict) -> None:
        """A method of a text, called with these."""
        values = [*args, *kwargs.values()]
        match method:
            case "center" | "ljust" | "rjust" | "zfill":
                self.width(*values)
            case "expandtabs":
                self.expect(len(owner) + owner.count("\t") * self.width(8, *values))
            case "replace":
                old, new = [str(value) for value in [*values, "", ""][:2]]
                self.expect(len(owner) + owner.count(old) * len(new))
            case "split" | "rsplit":
                n = owner.count(str(values[0])) if values and values[0] else len(owner) // 2
                self.expect(ELEMENT * n)
            case "splitlines":
                self.expect(ELEMENT * _lines(owner))
            case "format" | "format_map":
                self._expect_format(owner, "{", [args, kwargs])

    def expect_filter(self, name: str, values: list[Any], kwargs: dict) -> None:
        """A filter, given these and nothing else that has a size."""
        settings = [*values[1:], *kwargs.values()]
        match name:
            case "center" | "slice" | "batch" | "round" | "tojson":
                self.width(*settings)
            case "indent":
                text = str(values[0]) if values else ""
                self.expect(len(text) + (_lines(text) + 1) * self.width(4, *settings))
            case "format":
                self._expect_format(str(values[0]), "%", [values[1:], kwargs])
            case "replace":
                self.expect_method(str(values[0]), "replace", tuple(values[1:]), kwargs)

    def _expect_format(self, form: str, mark: str, values: Any) -> None:
        if mark not in form:
            return
        nested = r"\*" if mark == "%" else r":[^{}]*\{"
        widths = [int(width[:9]) for width in re.findall(r"\d+", form)]
        if re.search(nested, form) or max(widths, default=0) > MAX_WIDTH:
            raise TooCostly("a format has a strange width")
        each = self.weigh(values) + max(widths, default=0)
        self.expect(len(form) + form.count(mark) * each)

    def _refuse(self) -> NoReturn:
        raise TooCostly(f"a value or the text has more than {MAX_VALUE} characters")


def _lines(text: str) -> int:
    return sum(map(text.count, LINE_ENDS)) + 1
