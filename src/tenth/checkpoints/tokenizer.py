"""The tokenizer beside the weights, in the two files every Hugging Face tool opens."""

from pathlib import Path

from tokenizers import Tokenizer

from tenth.checkpoints.tiktoken import from_tiktoken
from tenth.files import atomic_write_json, atomic_write_text

END = "<|endoftext|>"
END_ID = 0


def write_tokenizer(folder: Path, tokenizer: Tokenizer) -> None:
    """`split_special_tokens` makes AutoTokenizer read text as we do: a document in which
    `<|endoftext|>` is written out holds those characters, not the token that ends documents.
    """
    if tokenizer.token_to_id(END) != END_ID:
        found = tokenizer.token_to_id(END)
        raise ValueError(f"tokenizer: {END} has id {found}, not {END_ID}")
    atomic_write_text(folder / "tokenizer.json", tokenizer.to_str(pretty=False))
    atomic_write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",  # 4.x does not know TokenizersBackend
            "eos_token": END,
            "clean_up_tokenization_spaces": False,
            "split_special_tokens": True,
        },
    )


def load_tokenizer(folder: Path) -> Tokenizer:
    """Special tokens written out in a text are encoded as the characters they are."""
    path = folder / "tokenizer.json"
    if not path.is_file() and (folder / "tiktoken.model").is_file():
        tokenizer = from_tiktoken(folder)
        tokenizer.encode_special_tokens = True
        return tokenizer
    if not path.is_file():
        raise ValueError(f"{folder} has no tokenizer.json")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare Exception
        raise ValueError(f"{path}: truncated, or no tokenizer ({error})") from None
    tokenizer.encode_special_tokens = True
    return tokenizer
