"""Which documents are whose, and which companies a question names."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from tenth.documents.model import Document
from tenth.reader.find.aliases import aliases_of
from tenth.reader.find.words import STOP, normal
from tenth.reader.labels import plain
from tenth.reader.model import Cover

FIRST_PAGES = 3  # where tickers and short names are printed
_FORM = re.compile(
    r"[\s,]+(?:inc|incorporated|corp|corporation|company|companies|co|ltd|limited|plc|llc|l\.?p|"
    r"n\.?v|s\.?a|ag|se|group|holdings?|the|/[a-z]{2}/?)\.?$|^the\s+",
    re.I,
)
_SITE = re.compile(r"\.(?:com|net|org|ai|io|cn)$", re.I)
_HAN_FORM = re.compile(
    r"(?:控股|集团)?(?:股份)?(?:有限)?(?:责任)?公司$|(?:控股|集团)$|[（(][^（）()]*[）)]"
)
_HAN_PLACE = re.compile(
    r"^(?:中国|北京|上海|天津|重庆|广东|深圳市?|广州市?|浙江|杭州|江苏|苏州|南京|山东|青岛|四川|成都|"
    r"福建|厦门|湖北|武汉|湖南|长沙|河南|河北|安徽|江西|陕西|西安|山西|辽宁|大连|吉林|黑龙江|云南|贵州|"
    r"广西|海南|内蒙古|宁夏|新疆|西藏|甘肃|青海|宁波|珠海)(?:省|市)?(?=.{2})"
)
_TICKER = re.compile(
    r"\b(?P<ticker>[A-Z]{1,5}(?:\.[A-Z])?)\b[\s|]+(?:The\s+)?"
    r"(?:N(?i:asdaq)|N(?i:ew york stock exchange)|NYSE|Cboe|London Stock Exchange)"
)
_SHORT = re.compile(
    r"(?:证券|股票|公司|A股)(?:中文)?简称\s*[:：]?\s*(?P<name>[\u3400-\u9fffA-Za-z*·]{2,10})"
)
_CODE = re.compile(
    r"(?:证券|股票|公司|A股)代[码号]\s*[:：]?\s*(?P<code>\d{5,6})|\b(?P<bare>\d{6})\.S[HZ]\b"
)
_NOT_A_NAME = frozenset(
    """american first general international national united new global advanced applied bank central
    china capital energy financial standard sun target square block gap match open snap unity visa
    foot home bed best dollar tractor body
    on all key best service total public southern western northern eastern pacific""".split()  # noqa: SIM905
)


class Company(msgspec.Struct, frozen=True):
    """One entity and what it is called: names in the form of `normal`, tickers as printed."""

    name: str  # as on its latest cover
    names: tuple[str, ...]
    tickers: tuple[str, ...]

    def is_named(self, question: str) -> bool:
        """Whether a question names it: its name, the first word of it where that is no common
        one, its ticker in capitals, its code."""
        text = normal(question)
        if any(_stands_in(name, text) for name in self.names):
            return True
        return any(
            re.search(rf"(?<![A-Za-z0-9]){re.escape(ticker)}(?![A-Za-z0-9&])", question)
            for ticker in self.tickers
            if len(ticker) > 1
        )

    def is_called(self, name: str) -> bool:
        """Whether `name` is one of its names or tickers, whatever the letter case."""
        asked = normal(name).strip()
        names = (*self.names, *map(normal, self.tickers), normal(self.name))
        return bool(asked) and (asked in names or _bare(asked) in names)


def company_key(entity: str) -> str:
    """One spelling for one entity: "AMAZON.COM, INC." and "Amazon.com, Inc."."""
    return re.sub(r"[\s.,]+", " ", plain(entity)).strip()


def companies_of(covers: Sequence[Cover], documents: Iterable[Document]) -> list[Company]:
    """The companies of documents in the order they come in, each once."""
    found: dict[str, tuple[str, dict[str, None], dict[str, None]]] = {}
    for cover, document in zip(covers, documents, strict=True):
        if not cover.entity:
            continue
        entry = found.setdefault(company_key(cover.entity), (cover.entity, {}, {}))
        names, tickers = _called(cover.entity, document)
        entry[1].update(dict.fromkeys(names))
        entry[2].update(dict.fromkeys(tickers))
    return _told_apart([Company(n, tuple(names), tuple(t)) for n, names, t in found.values()])


def _called(entity: str, document: Document) -> tuple[list[str], list[str]]:
    first = "\n".join(
        block.text for page in document.pages[:FIRST_PAGES] for block in page.blocks if block.text
    )
    cells = "\n".join(
        " ".join(cell.text for cell in table.cells) for table in document.tables if table.page <= 1
    )
    text = f"{first}\n{cells}"
    bare = _bare(" ".join(normal(entity).replace("_", " ").split()))
    names = list(dict.fromkeys([normal(entity), bare]))
    word = re.split(r"[\s,]+", bare)[0]
    if len(word) > 2 and word.isascii() and word not in _NOT_A_NAME | STOP:
        names += [word] * (word not in names)
    names += aliases_of(bare)
    names += [normal(match["name"]) for match in _SHORT.finditer(text)]
    tickers = [match["ticker"] for match in _TICKER.finditer(text)]
    tickers += [match["code"] or match["bare"] for match in _CODE.finditer(text)]
    return [name for name in names if len(name) > 1], tickers


def told_of(document: Document, companies: Sequence[Company]) -> str:
    """The company that a document without a cover names most on its first pages; "" where none is
    named more than once."""
    text = normal(
        "\n".join(block.text for page in document.pages[:FIRST_PAGES] for block in page.blocks)
    )
    most, found = 1, ""
    for company in companies:
        count = max((_count(name, text) for name in company.names), default=0)
        if count > most:
            most, found = count, company.name
    return found


def _bare(name: str) -> str:
    """A name without "Inc.", ".com", 股份有限公司 and the place before it."""
    before = ""
    while before != name:
        before = name
        name = _SITE.sub("", _FORM.sub("", name.strip(" ,.")))
    name = _HAN_FORM.sub("", name)
    return _HAN_PLACE.sub("", name) if re.match(r"[\u3400-\u9fff]", name) else name


def _told_apart(companies: list[Company]) -> list[Company]:
    """Without the names that two companies share, but for what one of them is called in whole:
    "Adobe" is Adobe Inc., and Adobe Systems Incorporated too."""
    count: dict[str, int] = {}
    for company in companies:
        for name in company.names:
            count[name] = count.get(name, 0) + 1
    whole = {_bare(normal(company.name)) for company in companies}
    return [
        msgspec.structs.replace(
            company, names=tuple(n for n in company.names if count[n] == 1 or n in whole)
        )
        for company in companies
    ]


def _stands_in(name: str, text: str) -> bool:
    return _count(name, text) > 0


def _count(name: str, text: str) -> int:
    if re.match(r"[\u3400-\u9fff]", name):
        return text.count(name)
    return len(re.findall(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text))
