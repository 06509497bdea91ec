"""Sets paragraphs and their like into the frames of pages, and keeps the reading order."""

from dataclasses import dataclass, field

from tests.documents.reports import fonts
from tests.documents.reports.gold import Box, GoldBlock, around
from tests.documents.reports.pen import Pen


@dataclass
class Look:
    """How the pages of one report look."""

    family: str = "helvetica"
    size: float = 9.5
    leading: float = 1.25
    margin: float = 54
    columns: int = 1
    gutter: float = 22
    justify: bool = False
    header: str = ""
    footer: str = "{page}"  # "{page}" is the page's number
    footer_rule: bool = False

    @property
    def regular(self) -> str:
        return fonts.FAMILIES[self.family][0]

    @property
    def bold(self) -> str:
        return fonts.FAMILIES[self.family][1]


def pieces(text: str) -> list[str]:
    """What a line may be broken into: words, and single Chinese characters."""
    out: list[str] = []
    for char in text:
        wide = ord(char) > 0x2E80
        fresh = not out or out[-1][-1] == " " or wide or ord(out[-1][-1]) > 0x2E80
        if (fresh and char not in " ，。、：；）”") or not out:
            out.append(char)
        else:
            out[-1] += char
    return out


def wrap(text: str, font: str, size: float, width: float, hang: float = 0) -> list[str]:
    """Lines no wider than `width`; those after the first are `hang` narrower."""
    lines = [""]
    for hard in text.split("\n"):
        for piece in pieces(hard):
            room = width - (hang if len(lines) > 1 else 0)
            if lines[-1] and fonts.width(font, (lines[-1] + piece).rstrip(), size) > room:
                lines.append("")
            lines[-1] += piece
        lines.append("")
    return [line.strip() for line in lines[:-1]]


@dataclass
class Flow:
    pen: Pen
    look: Look
    blocks: list[GoldBlock] = field(default_factory=list)
    page: int = 0
    frame: int = 0
    top: float = 0  # of the frames on this page
    y: float = 0
    notes: list[str] = field(default_factory=list)  # of this page, set at its foot

    def __post_init__(self):
        self.start_page()

    @property
    def bottom(self) -> float:
        per_note = self.look.size * 1.1
        return self.pen.height - self.look.margin - 12 - per_note * (len(self.notes) + 1)

    @property
    def left(self) -> float:
        return self.look.margin + self.frame * (self.frame_width + self.look.gutter)

    @property
    def full_width(self) -> float:
        return self.pen.width - 2 * self.look.margin

    @property
    def frame_width(self) -> float:
        n = self.look.columns
        return (self.full_width - self.look.gutter * (n - 1)) / n

    @property
    def room(self) -> float:
        return self.bottom - self.y

    def start_page(self) -> None:
        self.page = self.pen.start_page()
        self.frame, look = 0, self.look
        self.top = self.y = look.margin + 14
        if look.header:
            align = "left" if self.page % 2 else "right"
            x = look.margin if align == "left" else self.pen.width - look.margin
            box = self.pen.text(x, look.margin - 18, look.header, look.regular, 8, align)
            self.add("header", look.header, box)

    def end_page(self) -> None:
        look, y = self.look, self.bottom + 12
        if self.notes:
            self.pen.rule(look.margin, y - 4, look.margin + 90, y - 4, 0.4)
        for note in self.notes:
            y += look.size * 1.1
            box = self.pen.text(look.margin, y, note, look.regular, look.size - 2)
            self.add("note", note, box)
        self.notes = []
        if look.footer:
            text = look.footer.format(page=self.page)
            y = self.pen.height - look.margin + 16
            if look.footer_rule:
                self.pen.rule(look.margin, y - 12, self.pen.width - look.margin, y - 12, 0.4)
            box = self.pen.text(self.pen.width / 2, y, text, look.regular, 8, "center")
            self.add("footer", text, box)
        self.pen.end_page()

    def next_frame(self) -> None:
        if self.frame + 1 < self.look.columns:
            self.frame += 1
            self.y = self.top
        else:
            self.end_page()
            self.start_page()

    def need(self, height: float) -> None:
        if self.room < height:
            self.next_frame()

    def add(self, kind: str, text: str, box: Box, **more) -> None:
        self.blocks.append(GoldBlock(kind, text, self.page, box, **more))

    def line(self, kind: str, text: str, font: str, size: float, align: str = "left", **more):
        """One block of wrapped lines, kept in one frame."""
        lines = wrap(text, font, size, self.frame_width)
        self.need(len(lines) * size * 1.2 + size)
        boxes = []
        x = self.left
        x += self.frame_width / 2 if align == "center" else self.frame_width * (align == "right")
        for line in lines:
            self.y += size * 1.2
            boxes.append(self.pen.text(x, self.y, line, font, size, align))
        self.y += size * 0.4
        self.add(kind, join(lines), around(boxes), **more)

    def heading(self, text: str, size: float = 12) -> None:
        self.need(90)
        self.y += size * 0.7
        self.line("heading", text, self.look.bold, size)

    def paragraph(self, text: str) -> None:
        look = self.look
        lines = wrap(text, look.regular, look.size, self.frame_width)
        pitch = look.size * look.leading
        self.need(len(lines) * pitch + 4)
        self.y += 2
        boxes = []
        for line in lines:
            self.y += pitch
            if look.justify and line is not lines[-1]:
                boxes += self.justified(line)
            else:
                boxes.append(self.pen.text(self.left, self.y, line, look.regular, look.size))
        self.y += look.size * 0.7
        self.add("paragraph", join(lines), around(boxes))

    def justified(self, line: str) -> list[Box]:
        look, parts = self.look, line.split(" ")
        wide = sum(fonts.width(look.regular, part, look.size) for part in parts)
        space = (self.frame_width - wide) / max(1, len(parts) - 1)
        x, boxes = self.left, []
        for part in parts:
            boxes.append(self.pen.text(x, self.y, part, look.regular, look.size))
            x += fonts.width(look.regular, part, look.size) + space
        return boxes


def join(lines: list[str]) -> str:
    """Lines as one text: a space between them, none between Chinese characters."""
    text = lines[0]
    for line in lines[1:]:
        wide = text and line and ord(text[-1]) > 0x2E80 and ord(line[0]) > 0x2E80
        text += line if wide else f" {line}"
    return text
