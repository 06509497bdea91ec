"""What OCR breaks in numbers and in Chinese brackets, mended; all else is left as it is."""

import re

WIDE = str.maketrans("０１２３４５６７８９（）％＋－＄．，：／", "0123456789()%+-$.,:/")
SIGNS = r"()$€£¥%+\-–—*/.,:"
# As which a sign is read.
CURRENCY = {"S": "$", "s": "$", "f": "£", "£¬": "£", "€¬": "€", "e": "€", "E": "€"}
DASHES = "-–—_一二"  # as which a dash is read
# A token of digits, signs and the letters that OCR takes for digits, nothing else.
NUMERIC = re.compile(rf"[{SIGNS}\dOolI|]*\d[{SIGNS}\dOolI|]*")


def mended(token: str) -> str:
    """A word as OCR read it, its numbers put right."""
    token = re.sub(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)", r"（\1）", token)
    if not any("0" <= c <= "9" or "０" <= c <= "９" for c in token):
        return token
    token = re.sub(r"(?<=[\d０-９])[．。](?=[\d０-９])", ".", token)
    narrow = token.translate(WIDE)
    if NUMERIC.fullmatch(narrow):
        return _digits(narrow)
    # Within other text only what stands between digits: 收入为1，234万元.
    token = re.sub(r"[０-９]", lambda found: found[0].translate(WIDE), token)
    return re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", token)


def _digits(token: str) -> str:
    letters = len(re.findall(r"[OolI|]", token))
    if letters and len(re.findall(r"\d", token)) > letters:
        # O after a digit or a separator is a nought; l before a digit a one: 1O,5l2 -> 10,512.
        token = re.sub(r"(?<=[\d.,Oo])[Oo](?=[\dOo.,)%]|$)|(?<![\w.])[Oo](?=[.,]?\d)", "0", token)
        token = re.sub(r"[lI|](?=[.,]?\d)", "1", token)
    return re.sub(r"(?<=\d),,(?=\d)", ",", token)


def dash(wide: float, high: float, size: float) -> str:
    """Which dash a flat stroke is: nil, in a table. OCR takes it for 一, or does not see it."""
    if wide < 2.5 * high or not 0.25 * size < wide < 1.6 * size:
        return ""
    return "-" if wide < 0.42 * size else "–" if wide < 0.65 * size else "—"


def joins(left: str, right: str) -> bool:
    """Whether two neighbours that nearly touch are one number, torn apart: "1" ",234"."""
    if not NUMERIC.fullmatch(left) and left not in "($-–—":
        return False
    before = left[-1:] in ".,(-" and right[:1].isdigit()
    after = right[:1] in ".,)%" and right != "."
    return (before or after) and bool(NUMERIC.fullmatch(left + right))
