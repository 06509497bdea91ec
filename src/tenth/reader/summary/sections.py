"""The sentences of a document in which its management says how things went."""

import re
from collections.abc import Iterator

import msgspec

from tenth.documents.model import Block, Document
from tenth.reader.passages import sentences_in

# Headings: where the discussion begins, where it ends, and parts of it that say nothing of results
_BEGINS = re.compile(
    r"management.{0,3}s?.{0,3} discussion (and|&) analysis|operating and financial review|"
    r"^(financial|business|operating) (review|results)|^results of operations|"
    r"letter to (our |the )?(share|stock)holders|^dear (share|stock)holders|致股东|董事长致辞|"
    r"管理层讨论与分析|经营情况讨论与分析|管理層討論及分析|经营(情况|业绩)(分析|回顾)|董事会报告|业务回顾",
    re.I,
)
_ENDS = re.compile(
    r"^\W*(part ii\b|item\s*(1|3|4|7a|8|9)\b)|corporate information|公司简介|会计数据|"
    r"quantitative and qualitative disclosures? about|"
    r"^\W*controls and procedures|^\W*legal proceedings|^\W*risk factors|^重要事项|^公司治理|"
    r"^财务报告$|^股份变动|企业管治报告",
    re.I,
)
_ASIDE = re.compile(
    r"forward.looking|critical accounting|accounting (standards|pronouncements|guidance|estimates)|"
    r"available information|safe harbou?r|non-gaap|economic conditions, challenges|disclaimer|"
    r"前瞻性|免责|风险|会计政策|会计估计|分析师声明|评级说明",
    re.I,
)
_FORWARD = re.compile(
    r"\b(may|might|could|would|should|expects?|believes?|anticipates?|intends?|plans? to|will|"
    r"historically|generally|typically)\b|"
    r"预计|预期|可能|有望|展望|计划|拟",
    re.I,
)
BULLETS = "•·▪■◦–- \t"
SHORT = 160  # characters of a heading that is none by its kind


class Sentence(msgspec.Struct, frozen=True):
    """A sentence as printed and the paragraph it stands in."""

    text: str
    block: Block
    discussed: bool  # in management's discussion, where the document has one


def sentences_of(document: Document) -> list[Sentence]:
    """The sentences on results: those of management's discussion, or all where there is none."""
    found = list(_sentences(document))
    discussed = [sentence for sentence in found if sentence.discussed]
    return discussed or found


def _sentences(document: Document) -> Iterator[Sentence]:
    discussed, skip = False, False
    for page in document.pages:
        for block in page.blocks:
            text = block.text.strip()
            if block.kind == "heading" or (block.kind != "list" and len(text) < SHORT):
                if _BEGINS.search(text):
                    discussed, skip = True, False
                elif _ENDS.search(text):
                    discussed, skip = False, bool(_ASIDE.search(text))
                elif block.kind == "heading":
                    skip = bool(_ASIDE.search(text))
            if block.kind in ("paragraph", "list") and not skip and text:
                for sentence in sentences_in(text):
                    sentence = sentence.strip(BULLETS)
                    if sentence and is_told(sentence):
                        yield Sentence(sentence, block, discussed)


def is_told(sentence: str) -> bool:
    """Whether it is a sentence, of a length to quote, on what was and not on what may be."""
    chinese = any("\u4e00" <= c <= "\u9fff" for c in sentence)
    least, most = (12, 220) if chinese else (40, 460)
    ends = sentence[-1] in '.。；;!！)）”"'
    return least <= len(sentence) <= most and ends and not _FORWARD.search(sentence)
