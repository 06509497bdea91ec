"""The names of an archive's members: which encoding they are in, and what is safe to show."""

import re
import zlib
from collections.abc import Callable, Sequence
from functools import cache

# The characters that names of reports are made of. Far from all there are: they only have to tell
# an encoding in which a name is words from one in which the same bytes are a heap of rare ones.
CHINESE = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "月日号季半末初期度报告表告书附件文件合同协议说明计划方案总结材料资料数据统计清单目录名单通知公告公司集团股份有限责任投资融资"
    "证券基金银行保险财务审计会计资产负债利润现金流量收入成本费用税预算决算招股募集债券研究分析行业市场项目管理技术开发测试设计用户系统"
    "电力能源器汽车机械材料医药生物食品房地产控股科技新建夹图片照片扫描版最终修改稿第一二三四五六七八九十章节上下册中英文北京上海深圳广州香港"
    "報書務財產負債損益現資訊電腦業務會計師稅預決議紀錄說計劃專案總結數據統計單目錄團證券銀險開發測試設計統國際電環產業學術論圖檔"
    "董事會股東臺灣臺北市政府處辦簡體繁體區縣鄉鎮資料夾壓縮個體與為來時們過對這應實現關係東萬億"
)
JAPANESE = frozenset(
    "日月年期第一二三四五六七八九十四半報告書決算短信有価証券財務諸表連結損益計算貸借対照株式会社資料説明会議事録請求見積契約仕様設計"
    "開発試験結果一覧表紙電信話本工業商事銀行証保険運輸自動車化学製作所"
    "新規版改訂最終添付画像写真東京大阪"
)
KOREAN = frozenset(
    "가각간감강개거검결경계고공과관광교구국권금기나내년노다단당대도동등라로록류리마명목무문물미민반발방배번법별보본부분사산상생서석선설성"
    "세소손수스시식신실안약양업에여연영예요용운원월위유은을의이익인일임자작장재저적전정제조종주중증지차채책천청체총최추출치통투트특판평표"
    "새메모오카토이스트코타파포프플크키터"
    "품하학한합해행험현호화회획효한글삼엘차"
)
CANDIDATES = ("gbk", "cp932", "big5", "euc_kr", "cp437", "cp1252")


def decode_names(names: Sequence[bytes]) -> list[str]:
    """Names without a word on their encoding: all in the one that makes the most sense of them."""
    encoding = guess_encoding(names)
    return [name.decode(encoding, "replace") for name in names]


def guess_encoding(names: Sequence[bytes]) -> str:
    odd = list(dict.fromkeys(name for name in names if not name.isascii()))[:2000]
    if not odd or all(_decodes(name, "utf-8") for name in odd):
        return "utf-8"
    return max(CANDIDATES, key=lambda encoding: sum(_score(name, encoding) for name in odd))


def _decodes(name: bytes, encoding: str) -> bool:
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _score(name: bytes, encoding: str) -> float:
    """How much like a name this is in the encoding, from -1 to 1: the mean over its characters."""
    try:
        text = name.decode(encoding)
    except UnicodeDecodeError:
        return -2.0
    scorer = SCORERS[encoding]
    scores = [
        scorer(char, text[max(0, place - 1) : place] + text[place + 1 : place + 2])
        for place, char in enumerate(text)
        if not char.isascii()
    ]
    return sum(scores) / len(scores)


def _chinese(encoding: str) -> Callable[[str, str], float]:
    first = {"gbk": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}[encoding]  # rows of the usual characters

    def score(char: str, beside: str) -> float:
        if char in CHINESE:
            return 1.0
        code = char.encode(encoding)
        if encoding == "gbk" and (len(code) < 2 or code[1] < 0xA1 or code[0] < 0xA1):
            return -0.8  # of the extension: rare, and where other encodings' bytes fall
        if _is_han(char):
            return 0.35 if first[0] <= code[0] <= first[1] else -0.2
        return 0.3 if char in "（）《》【】“”—、：；，。·～＋＆％－　" else -0.6

    return score


def _japanese(char: str, beside: str) -> float:
    if char in JAPANESE:
        return 1.0
    if "ぁ" <= char <= "ヿ":
        return 0.9
    if "｡" <= char <= "ﾟ":  # half-width: bytes of their own, which many encodings' bytes are too
        return 0.2 if any("｡" <= other <= "ﾟ" for other in beside) else -0.6
    if _is_han(char):
        return 0.5 if char.encode("cp932")[0] < 0x98 else -0.4
    return 0.3 if char in "（）「」【】・、。～＿－　＆" or "０" <= char <= "ｚ" else -0.6


def _korean(char: str, beside: str) -> float:
    if char in KOREAN:
        return 1.0
    if "가" <= char <= "힣":
        return 0.3
    return -0.6


def _western(char: str, beside: str) -> float:
    """A letter with an accent stands among plain letters, a capital not behind a small one."""
    if not (char.isalpha() and "À" <= char <= "ž"):
        return 0.1 if char in "€£§°«»’–—·ªº" else -0.7
    among = sum(other.isascii() and other.isalpha() for other in beside)
    if char in "ŠšŽžŒœŸÿ":  # where other encodings have more usual ones
        return 0.2 * among
    if char.isupper() and len(beside) == 2 and beside[0].islower():
        return -0.5
    return (0.1, 0.6, 0.9)[among]


@cache
def _is_han(char: str) -> bool:
    return "㐀" <= char <= "鿿" or "豈" <= char <= "﫿"


SCORERS = {
    "gbk": _chinese("gbk"),
    "cp932": _japanese,
    "big5": _chinese("big5"),
    "euc_kr": _korean,
    "cp437": _western,
    "cp1252": _western,
}


def unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in a zip's Unicode path field (0x7075), where it is that of this very name."""
    while len(extra) >= 4:
        tag, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if tag == 0x7075 and field[:1] == b"\1" and field[1:5] == _crc(raw):
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _crc(raw: bytes) -> bytes:
    return zlib.crc32(raw).to_bytes(4, "little")


UNSHOWN = re.compile("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def clean(name: str) -> str:
    """A name to show: "/" between its parts, no way up, no drive, nothing that cannot be seen."""
    parts = UNSHOWN.sub("\ufffd", name).replace("\\", "/").split("/")
    parts = [part for part in parts if part.strip() not in ("", ".", "..")]
    if parts and re.fullmatch("[A-Za-z]:", parts[0]):
        parts = parts[1:]
    elif parts:
        parts[0] = re.sub(r"^[A-Za-z]:(?=.)", "", parts[0])
    shown = "/".join(parts) or "unnamed"
    return shown if len(shown) <= 1000 else shown[:480] + "…" + shown[-480:]


SYSTEM = ("thumbs.db", "desktop.ini", ".ds_store")


def is_system_file(name: str) -> bool:
    """What Finder and Explorer leave behind; its name tells."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith("._") or last.lower() in SYSTEM
