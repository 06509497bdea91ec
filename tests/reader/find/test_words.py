"""Terms of texts and questions."""

from tenth.reader.find.words import couples, question_terms, stem, terms


def test_plurals_and_tenses_are_one_term():
    assert stem("repurchases") == stem("repurchased") == stem("repurchase")
    assert stem("inventories") == stem("inventory")
    assert stem("shipping") == stem("shipped") == stem("ship")


def test_operating_and_operations_stay_two_terms():
    assert stem("operating") != stem("operations")


def test_ideographs_are_overlapping_pairs():
    assert terms("营业收入") == ["营业", "业收", "收入"]
    assert terms("额") == ["额"]


def test_figures_lose_their_commas_and_names_their_possessive():
    assert terms("Apple's 1,234.5") == ["appl", "1234.5"]


def test_full_width_letters_and_figures_are_the_same_terms():
    assert terms("ＥＢＩＴ ２０２３") == terms("EBIT 2023")


def test_a_question_is_what_it_is_about():
    assert question_terms("What was the revenue of the company?") == [stem("revenue")]
    assert question_terms("营业收入是多少？") == ["营业", "业收", "收入"]


def test_a_question_of_nothing_else_keeps_its_small_words():
    assert question_terms("who are you") == ["who", "are", "you"]
    assert question_terms("") == []


def test_neighbouring_words_are_a_term_of_their_own():
    assert couples(["net", "incom", "2023", "tax"]) == ["net incom"]
