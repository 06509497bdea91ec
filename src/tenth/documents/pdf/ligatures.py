"""Words whose ligature a font does not name: "bene\ufffdt" can be "benefit" alone."""

import re
from collections.abc import Sequence

LOST = "\ufffd"
# Words' beginnings as filings use them, by the ligature that they have: with another letter in its
# place none begins another word
_SURE = {
    "fi": "benefit benefic certified certific classified classific confiden confirm deficien "
    "deficit define definit diversified diversific fiduciar figure final financ first fiscal "
    "fitness fixture identified identific justified modified modific notific pacific profit "
    "qualified qualific quantified satisfied scientific significan specific specified verified",
    "fl": "flexib fluctuat influenc inflatio inflow outflow",
    "ff": "affect affirm afford differen effort offering",
    "ffi": "affiliat coefficient difficult efficien officer official sufficien",
}
# These are others' too ("now", "elect"): only where it is known that ligatures are lost
_LIKELY = {
    "fi": "field filed filing find firm fixed notified unified",
    "fl": "conflict flow reflect",
    "ff": "effect offer offset",
    "ffi": "office",
}
_LOST_WORD = re.compile(rf"(?<![\w{LOST}])[A-Za-z]*{LOST}[A-Za-z]+(?![\w{LOST}])")
_BEFORE = re.compile(r"(?:non|over|pre|re|un|in)?", re.IGNORECASE)


def with_ligatures(texts: Sequence[str]) -> list[str]:
    """A page's texts, where a character that is none stands for a ligature in a known word."""
    sure = [_restored(text, _OF_SURE) for text in texts]
    if list(texts) == sure:
        return sure
    return [_restored(text, _OF_ALL) for text in texts]


def _restored(text: str, known: dict[str, str]) -> str:
    def restored(found: re.Match[str]) -> str:
        word = found.group()
        begin = _BEFORE.match(word)
        for rest in (word, word[begin.end() if begin else 0 :]):
            for part, ligature in known.items():
                if rest.lower().startswith(part):
                    return word.replace(LOST, ligature)
        return word

    return _LOST_WORD.sub(restored, text) if LOST in text else text


def _by_lost(words: dict[str, str]) -> dict[str, str]:
    return {
        word.replace(ligature, LOST, 1): ligature
        for ligature, several in words.items()
        for word in several.split()
    }


_OF_SURE = _by_lost(_SURE)
_OF_ALL = _OF_SURE | _by_lost(_LIKELY)
