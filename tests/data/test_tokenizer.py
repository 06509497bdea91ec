import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.checkpoints import load_tokenizer, write_tokenizer
from tenth.data import EOS, train_tokenizer
from tenth.data.tokenizer import SPECIAL_TOKENS

TEXTS = [f"def f{i}(self):\n    return 'it''s {i} 漢字 über'\n\n" * 3 for i in range(200)]
TOKENIZER = train_tokenizer(TEXTS, 512)


def encoded(text: str, tokenizer=TOKENIZER) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False).ids


@given(st.text())
def test_any_text_survives_the_round_trip(text):
    assert TOKENIZER.decode(encoded(text), skip_special_tokens=False) == text


@pytest.mark.parametrize("text", [EOS, f"a {EOS} b[gMASK]", "\r\n \t x  \n", "\0\ufeff\u200b", ""])
def test_awkward_text_survives_the_round_trip(text):
    assert TOKENIZER.decode(encoded(text), skip_special_tokens=False) == text


def test_text_that_spells_a_special_token_stays_text(tmp_path):
    write_tokenizer(tmp_path, TOKENIZER)
    for tokenizer in (TOKENIZER, load_tokenizer(tmp_path)):
        for token in SPECIAL_TOKENS:
            ids = encoded(f"x{token}y", tokenizer)
            assert not set(ids) & set(range(len(SPECIAL_TOKENS)))


def test_the_special_tokens_come_first_and_the_end_of_document_is_zero():
    assert [TOKENIZER.token_to_id(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3]
    assert SPECIAL_TOKENS[0] == EOS


def test_text_is_cut_where_qwen2_cuts_it():
    cuts = TOKENIZER.pre_tokenizer.pre_tokenize_str("I'll pay  $120\n\n (now)")
    assert [piece for piece, _ in cuts] == [
        *("I", "'ll", "Ġpay", "Ġ", "Ġ$", "1", "2", "0", "ĊĊ", "Ġ(", "now", ")"),
    ]  # fmt: skip


def test_training_twice_gives_the_same_tokenizer():
    assert train_tokenizer(iter(TEXTS), 512).to_str() == TOKENIZER.to_str()


def test_little_text_makes_a_smaller_vocabulary_than_asked():
    tokenizer = train_tokenizer(["abc abc"], 4096)
    assert 260 <= tokenizer.get_vocab_size() < 300
    assert encoded("\U0010ffff é", tokenizer)  # every byte has a token, seen or not


def test_a_vocabulary_without_room_for_the_bytes_is_refused():
    with pytest.raises(ValueError, match=r"DataConfig.vocab_size: 100 is below 260"):
        train_tokenizer(["abc"], 100)


def test_the_saved_folder_names_its_class_and_end_token(tmp_path):
    (tmp_path / "new").mkdir()
    write_tokenizer(tmp_path / "new", TOKENIZER)
    settings = json.loads((tmp_path / "new" / "tokenizer_config.json").read_text())
    assert settings["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert settings["eos_token"] == EOS
    assert encoded("übel", load_tokenizer(tmp_path / "new")) == encoded("übel")


def test_transformers_reads_the_saved_folder_as_we_do(tmp_path):
    transformers = pytest.importorskip("transformers")
    write_tokenizer(tmp_path, TOKENIZER)
    theirs = transformers.PreTrainedTokenizerFast.from_pretrained(tmp_path)
    for text in [*TEXTS[:3], "  it's , 12 \n\n\tso ."]:
        assert theirs(text)["input_ids"] == encoded(text)
        assert theirs.decode(encoded(text)) == text
    assert theirs.eos_token_id == 0


def test_a_folder_without_a_tokenizer_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"has no tokenizer\.json"):
        load_tokenizer(tmp_path)
