"""What kind of figure a question asks for, and which words of labels weigh little."""

import re

from tenth.reader.dates import MONTH
from tenth.reader.find.words import stem, terms

NUMBERS = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,])")
SHORT_YEAR = re.compile(r"\bfy?\s?['’]?(\d\d)\b", re.I)
FUNCTION = frozenset(terms("a an and as at by for from in its of on or the to was were what with"))
WEAK_WORDS = frozenset(
    terms(
        "total totals year years ended end ending quarter quarters month months period periods "
        "fiscal beginning start opening closing first second third fourth "
        "amount amounts value values number net "
        "january february march april may june july august september october november december"
    )
)
ASKS_SHARE = re.compile(r"\b(?:percentage|percent|proportion|share|rate|margin|yield)\b|%", re.I)
ASKS_CHANGE = re.compile(
    r"\b(?:chang\w*|increas\w*|decreas\w*|grow\w*|declin\w*|differ\w*|vary|variation)\b|增|减|同比|环比",
    re.I,
)
RATIO = re.compile(r"\b(?:proportion|ratio|as a percentage|percentage of|share of)\b|占", re.I)
ASKS_WHICH = re.compile(
    r"\b(?:which|who)\b(?! (?:fiscal )?(?:year|quarter|period)).*\b(?:highest|largest|greatest|"
    r"biggest|lowest|smallest|least|most|higher|larger|lower|smaller)\b|哪.*最|"
    r"\b(?:top|bottom) (?:\d+|two|three|four|five)\b|"
    r"\b(?:\d+|two|three|four|five) (?:highest|largest|greatest|biggest|lowest|smallest)\b",
    re.I,
)
ASKS_GREATEST = re.compile(
    r"\b(?:highest|largest|greatest|biggest|top|most(?! recent))\b|最[大高多]", re.I
)
ASKS_LEAST = re.compile(r"\b(?:lowest|smallest|(?<!at )least|fewest)\b|最[小低少]", re.I)
# "the change in the percentage of sales": of two percentages; "the change in percent" is none
CHANGE_OF_SHARE = re.compile(
    r"(?<!percentage )(?<!percent )(?<!% )"
    r"\b(?:chang|increas|decreas|differ|vari)\w*(?: \w+)? (?:in|of|between) (?:"
    r"(?:the )?(?:\w+ )?(?:proportion|share|rate|ratio|margin|yield)\b|"
    r"the (?:\w+ )?(?:percent(?:age)?s?\b|%)|percent(?:age)?s? (?:of|to)\b)",
    re.I,
)
ASKS_TOTAL = re.compile(r"\btotal\b|\ball (?!other)|合计|总", re.I)
IS_TOTAL = re.compile(r"^(?:sub-?|grand |group )?totals?\b|合计|总计", re.I)
IS_SUM_COLUMN = re.compile(
    r"(?:^| )(?:totals?|total amount)(?: \W*| [^a-z]*)?$|^totals?\b|合计", re.I
)
IS_OPENING = re.compile(
    rf"\b(?:beginning|opening|start)\b|\b(?:1 {MONTH}|{MONTH} 1(?:st)?)\b|期初|年初", re.I
)
SAYS_TOTAL = re.compile(r"\b(?:totals?|overall|sum|all|group|consolidated)\b|合计|总", re.I)
OF_BEFORE = re.compile(r"(?:as a )?(?:percentage|percent|%)(?: |$)|占", re.I)  # of the row above
DATE = re.compile(rf"\b{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}} {MONTH}\b", re.I)
BETWEEN_YEARS = re.compile(
    r"\b(?:19|20)\d\d (?:over|vs\.?|versus|compared (?:to|with)) (?:19|20)\d\d"
)
UNITS = re.compile(
    r"(?:[a-z]{0,2}[$€£¥]|rmb)['’]?(?:m|mn|bn|k|0+|million|thousand|billion)?(?![\w.])"
)
GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # "fairValue"
ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
# What questions call, and tables print otherwise
SAME = {
    stem(one): stem(other)
    for one, other in (
        ("earnings", "income"), ("profit", "income"), ("revenues", "sales"), ("revenue", "sales"),
        ("shareholders", "stockholders"), ("shareholder", "stockholder"),
        ("expenditures", "expenses"),
        ("beginning", "opening"), ("ending", "closing"), ("end", "closing"), ("sum", "total"),
        ("men", "male"), ("women", "female"), ("turnover", "sales"), ("staff", "employees"),
        ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"),
        ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "september"),
        ("sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
    )
}  # fmt: skip
