"""What a model pays for the user's own text at each precision, and how large it is then."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from tenth.checkpoints import load_tokenizer
from tenth.evals.bits_per_byte import bits_per_byte
from tenth.families import load_model
from tenth.model import Transformer
from tenth.model.quantized import FORMS, quantize_as

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
PRECISIONS = (*DTYPES, *FORMS)
WINDOW = 1024  # tokens of context at most
MOST_BYTES = 100_000  # of the text are read


class Precision(NamedTuple):
    name: str
    weight_bytes: int  # of all tensors, as they lie in memory
    bits_per_byte: float
    text_bytes: int  # that were scored


def bits_per_byte_by_precision(
    folder: Path,
    text: str,
    precisions: Sequence[str] = PRECISIONS,
    load: Callable[[Path, torch.dtype], Transformer] = load_model,
    most_bytes: int = MOST_BYTES,
) -> list[Precision]:
    """One row for each precision, one model in memory at a time.

    int8 and int4 start from bfloat16, as they do when a model is run.
    """
    unknown = [name for name in precisions if name not in PRECISIONS]
    if unknown:
        raise ValueError(f"precision {unknown[0]!r} is not one of {', '.join(PRECISIONS)}")
    tokenizer = load_tokenizer(folder)
    text = text.encode()[:most_bytes].decode(errors="ignore")
    tokens = np.array(tokenizer.encode(text, add_special_tokens=False).ids)
    if not len(tokens):
        raise ValueError("the text is empty: there is nothing to compare precisions on")
    rows = []
    for name in precisions:
        model = load(folder, DTYPES.get(name, torch.bfloat16))
        if name in FORMS:
            quantize_as(model, name)
        paid = bits_per_byte(
            lambda x, y, model=model: model.log_prob(x, y).log_prob,
            tokens,
            len(text.encode()),
            min(WINDOW, model.config.max_seq),
        )
        tensors = (*model.parameters(), *model.buffers())
        rows.append(Precision(name, sum(t.nbytes for t in tensors), paid, len(text.encode())))
        del model
    return rows
