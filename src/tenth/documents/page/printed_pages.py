"""Two printed pages on one page of a file: a spread, whose sides share no line and no table."""

from tenth.documents.page.ink import Word

WIDE = 1.2  # times as wide as high: two upright pages side by side are
EDGE = 0.1  # of the height: where a printed page's number stands
CLEAR = 9.0  # points without ink on either side of the fold


def printed_pages(words: list[Word], width: float, height: float) -> list[list[Word]]:
    """The words of each printed page. A page is two where its edge numbers two that follow each
    other, one on either side, and no ink stands at the fold between them."""
    fold = width / 2
    if width < WIDE * height or any(w.x0 < fold + CLEAR and w.x1 > fold - CLEAR for w in words):
        return [words]
    left = [w for w in words if w.x1 < fold]
    right = [w for w in words if w.x0 > fold]
    following = {(edge, number + 1) for edge, number in _numbers(left, height)}
    return [left, right] if following & _numbers(right, height) else [words]


def _numbers(side: list[Word], height: float) -> set[tuple[bool, int]]:
    """The numbers that may be the page's, and whether they stand at its upper edge: at an end of a
    line there."""
    edge = [w for w in side if w.y1 < EDGE * height or w.y0 > (1 - EDGE) * height]
    lines: dict[int, list[Word]] = {}
    for word in sorted(edge, key=lambda w: w.x0):
        lines.setdefault(round(word.base), []).append(word)
    ends = [word for line in lines.values() for word in (line[0], line[-1])]
    return {
        (word.y1 < EDGE * height, int(word.text))
        for word in ends
        if word.text.isascii() and word.text.isdigit() and len(word.text) < 4
    }
