"""The text of one Word paragraph, and what floats in it: pictures, charts, text boxes, notes."""

from typing import Any, NamedTuple

from tenth.documents.office.omml import linear
from tenth.documents.office.xml import attr, child, chosen, every, is_on, tag

_CHARACTERS = {
    "w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:noBreakHyphen": "-", "w:softHyphen": "",
}  # fmt: skip
_THROUGH = frozenset({  # their content is the paragraph's
    "w:hyperlink", "w:smartTag", "w:ins", "w:moveTo", "w:fldSimple", "w:customXml", "w:dir",
    "w:bdo", "w:sdtContent", "w:rubyBase",
})  # fmt: skip
_INNER = frozenset({"w:sdt", "w:ruby"})
_TYPEWRITERS = frozenset({
    "Consolas", "Courier New", "Courier", "Menlo", "Monaco", "Lucida Console", "Source Code Pro",
    "Cascadia Code", "Cascadia Mono", "Fira Code", "JetBrains Mono", "DejaVu Sans Mono",
    "Liberation Mono", "Andale Mono",
})  # fmt: skip
_SYMBOLS = {  # of Wingdings and Symbol, which hold pictures where others hold letters
    0xA8: "☐", 0xFE: "☑", 0xFD: "☒", 0x6F: "☐", 0x78: "☒", 0xFC: "✓", 0xFB: "✗", 0xB7: "•",
    0xA7: "▪", 0xD8: "➢", 0xE0: "→", 0x6C: "●", 0x6E: "■",
}  # fmt: skip


class Float(NamedTuple):
    """`kind`: picture, chart, diagram, textbox, footnote, endnote, comment."""

    kind: str
    value: Any  # the picture's alt text, a relation's id, an element, a note's id


class Paragraph:
    """Texts between page breaks, and what floats there."""

    def __init__(self, element: Any):
        self.parts = [""]  # a new one after each page break that the writer set
        self.rendered = [0]  # page breaks in each part that a program found when it last drew it
        self.leading = [0]  # of those, the ones before the part's text
        self.floats: list[Float] = []
        self.math: list[list[str]] = [[]]  # the equations of each part
        self.bold = True  # all of its text
        self.mono = True  # all of it in a typewriter's letters
        self._fields: list[bool] = []  # nested fields; True: within the instruction
        self._walk(element)
        filled = any(part.strip() for part in self.parts)
        self.bold, self.mono = self.bold and filled, self.mono and filled

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def _walk(self, element: Any) -> None:
        for item in chosen(element):
            name = tag(item)
            if name == "w:r":
                self._run(item)
            elif name in _THROUGH:
                self._walk(item)
            elif name in _INNER:
                for inner in item:
                    if tag(inner) in _THROUGH:
                        self._walk(inner)
            elif name == "m:oMathPara":
                self._walk(item)
            elif name == "m:oMath":
                text = " ".join(linear(item).split())
                if self.math[-1] and self.parts[-1].endswith(self.math[-1][-1]):
                    self._add(" ")
                self.math[-1].append(text)
                self._add(text)

    def _run(self, run: Any) -> None:
        properties = child(run, "w:rPr")
        if properties is not None and is_on(properties, "w:vanish"):
            return  # hidden text
        bold = properties is not None and is_on(properties, "w:b")
        fonts = None if properties is None else child(properties, "w:rFonts")
        mono = fonts is not None and attr(fonts, "w:ascii") in _TYPEWRITERS
        for item in chosen(run):
            name = tag(item)
            if name == "w:t":
                if not any(self._fields):
                    blank = not (item.text or "").strip()
                    self.bold, self.mono = (
                        self.bold and (bold or blank),
                        self.mono and (mono or blank),
                    )
                    self._add(item.text or "")
            elif name in _CHARACTERS:
                self._add(_CHARACTERS[name])
            elif name == "w:sym":
                self._add(_symbol(item))
            elif name == "w:br":
                self._break(item)
            elif name == "w:lastRenderedPageBreak":
                self.rendered[-1] += 1
                self.leading[-1] += not self.parts[-1].strip()
            elif name == "w:fldChar":
                self._field(item)
            elif name.endswith("Reference"):
                self.floats.append(Float(name[2:-9], attr(item, "w:id")))
            elif name == "w:ruby":
                self._walk(item)
            else:
                self.floats += floats(item)

    def _add(self, text: str) -> None:
        self.parts[-1] += text

    def _break(self, item: Any) -> None:
        if attr(item, "w:type") == "page":
            self.parts.append("")
            self.math.append([])
            self.rendered.append(0)
            self.leading.append(0)
        else:
            self._add("\n")

    def _field(self, item: Any) -> None:
        """Of a field its result is the text, not its instruction."""
        kind = attr(item, "w:fldCharType")
        if kind == "begin":
            self._fields.append(True)
            box = child(item, "w:ffData", "w:checkBox")
            if box is not None:
                on = is_on(box, "w:checked") or (
                    child(box, "w:checked") is None and is_on(box, "w:default")
                )
                self._add("☒" if on else "☐")
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()


def _symbol(item: Any) -> str:
    try:
        code = int(attr(item, "w:char"), 16)
    except ValueError:
        return ""
    private = 0xF000 <= code <= 0xF0FF
    if private or attr(item, "w:font").startswith(("Wingdings", "Symbol")):
        return _SYMBOLS.get(code & 0xFF, chr(code & 0xFF) if private else chr(code))
    return chr(code) if 31 < code < 0xD800 or 0xDFFF < code < 0x110000 else ""


def floats(element: Any, alt: str = "", depth: int = 0) -> list[Float]:
    """What a drawing holds, also in groups; of two forms of the same the newer alone."""
    name = tag(element)
    if name == "w:txbxContent":
        return [Float("textbox", element)]
    if name in ("pic:pic", "v:imagedata"):
        return [Float("picture", _alt(element) or alt)]
    if name in ("c:chart", "cx:chart"):
        return [Float("chart", attr(element, "r:id"))]
    if name == "dgm:relIds":
        return [Float("diagram", attr(element, "r:dm"))]
    if depth > 60:
        return []
    about = child(element, "wp:docPr")
    own = element.get("alt") if about is None else about.get("descr") or about.get("title")
    found: list[Float] = []
    for item in chosen(element):
        found += floats(item, own or alt, depth + 1)
    return found


def _alt(picture: Any) -> str:
    about = next(every(picture, "pic:cNvPr"), None)
    if about is not None:
        return about.get("descr") or about.get("title") or ""
    return attr(picture, "o:title")
