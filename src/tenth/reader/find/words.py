"""Text and questions as terms to search by: stems of words, numbers, pairs of ideographs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST = 2_000  # characters of a question that are looked at: more is no question
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    rf"[a-z]+(?:&[a-z]+)+|[a-zà-öø-ÿ]+|\d+(?:[.,]\d+)*|(?P<han>[{_HAN}]+)"
)  # after casefold
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])['’]s\b")
_VOWEL = re.compile(r"[aeiouy]")
# What questions ask with, not about. Of documents nothing is left out: rare words weigh more.
STOP = frozenset(
    """a about according after all also am an and any are as at be because been being between both
    but by can could describe did do does doing for from had has have how i if in into is it its
    just list many me more most much my of on or our out outline per please provide reported report
    s say says shall should show so some stand such summarize tell than that the their them
    then there these they this those through to up us versus vs was we were what when where which
    while who why will with would you your
    company companies document documents filing filings firm page pages
    answer answers question questions round decimal decimals place places respond response detail
    details primarily utilize utilizing information resource resources assume pretend analyst
    investor banker explain useful useless metric clearly state relying shown""".split()  # noqa: SIM905
)
_HAN_STOP = re.compile(
    "请问|请|是多少|多少|是什么|什么|哪些|哪个|如何|怎么样|怎么|怎样|为什么|为何|情况|分别|以及|"
    "[的了是在和与及或吗呢么于对从把被]"
)


def normal(text: str) -> str:
    """One form of letters and widths, lower case, without possessives."""
    return _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A light stem: plurals, -ed and -ing, a closing e. "repurchases" and "repurchased" are one;
    "operating" and "operation" stay two."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and _VOWEL.search(root):
            double = root[-1] == root[-2] and root[-1] not in "lsz"
            word = root[:-1] if double else root
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def terms(text: str) -> list[str]:
    """The terms of a text in order. A run of ideographs is its overlapping pairs."""
    return list(_terms(normal(text)))


def _terms(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match["han"]:
            yield from pairs(token)
        else:
            yield token.replace(",", "") if token[0].isdigit() else stem(token)


def pairs(run: str) -> list[str]:
    """Overlapping pairs of ideographs; a single one is itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def couples(found: Iterable[str]) -> list[str]:
    """Neighbouring words as one term, so that "net income" is more than "net" and "income"."""
    couple, before = [], ""
    for term in found:
        word = term if "a" <= term[0] <= "z" else ""
        if word and before:
            couple.append(f"{before} {word}")
        before = word
    return couple


def question_terms(question: str) -> list[str]:
    """The terms of a question that are about something; all of them where nothing else is left."""
    text = normal(question[:LONGEST])
    asked = _HAN_STOP.sub(" ", text)
    found = [
        term for match in _TOKEN.finditer(asked)
        for term in ([stem(match.group())] if match["han"] is None else pairs(match.group()))
        if match.group() not in STOP and term not in STOP
    ]  # fmt: skip
    return [term.replace(",", "") for term in found] or list(_terms(text))
