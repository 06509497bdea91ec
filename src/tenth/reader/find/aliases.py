"""What companies are called in another language than that of their reports, or for short."""

from collections.abc import Mapping

# As a question says it: as the cover does, without its form, in small letters
ALIASES: Mapping[str, str] = {
    "苹果": "apple", "亚马逊": "amazon", "微软": "microsoft", "英伟达": "nvidia",
    "英特尔": "intel", "谷歌": "alphabet", "脸书": "meta platforms", "特斯拉": "tesla",
    "奈飞": "netflix", "超威": "advanced micro devices", "高通": "qualcomm", "博通": "broadcom",
    "思科": "cisco systems", "甲骨文": "oracle", "赛富时": "salesforce", "沃尔玛": "walmart",
    "好市多": "costco wholesale", "波音": "boeing", "可口可乐": "coca-cola", "百事": "pepsico",
    "耐克": "nike", "星巴克": "starbucks", "麦当劳": "mcdonald's", "辉瑞": "pfizer",
    "强生": "johnson & johnson", "宝洁": "procter & gamble", "摩根大通": "jpmorgan chase",
    "高盛": "goldman sachs", "美国运通": "american express", "迪士尼": "walt disney",
    "埃克森美孚": "exxon mobil", "台积电": "taiwan semiconductor manufacturing",
    "阿里巴巴": "alibaba", "腾讯": "tencent",
    "amex": "american express", "j&j": "johnson & johnson", "p&g": "procter & gamble",
    "jp morgan": "jpmorgan chase", "jpm": "jpmorgan chase", "coke": "coca-cola",
}  # fmt: skip


def aliases_of(name: str) -> list[str]:
    """Of a company's bare name in small letters; "johnson & johnson" is not Johnson Controls."""
    return [
        alias
        for alias, called in ALIASES.items()
        if name == called or (" " not in called and name.split(" ")[0].strip(".,") == called)
    ]
