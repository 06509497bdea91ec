"""A prompt in, text out, token by token: one at a time by the caller, or many by a thread."""

from collections.abc import Generator
from collections.abc import Sequence as Several
from pathlib import Path

import torch
from tokenizers import Tokenizer

from tenth.checkpoints import load_tokenizer
from tenth.engine.defaults import Defaults, read_defaults
from tenth.engine.loop import Loop
from tenth.engine.runner import PREFILL_CHUNK, Chunk, Runner
from tenth.engine.sequence import NO_REPORT, Report, SamplingParams, Sequence
from tenth.engine.template import ChatTemplate
from tenth.families import load_model
from tenth.model import Transformer

END_OF_TEXT = "<|endoftext|>"

__all__ = ["Chunk", "Engine"]


class Engine:
    """Runs a model that is already on its device.

    `end_tokens` end a text (generation_config's eos ids); the first is also what a document
    starts after. Without them it is the tokenizer's `<|endoftext|>`. In prompts special tokens
    are plain text: `tokenizer.encode_special_tokens` is set.
    """

    def __init__(
        self,
        model: Transformer,
        tokenizer: Tokenizer,
        device: torch.device | str | None = None,
        end_tokens: tuple[int, ...] = (),
        prefill_chunk: int = PREFILL_CHUNK,
        defaults: Defaults | None = None,
        template: ChatTemplate | None = None,
    ):
        end_tokens = end_tokens or (defaults.end_tokens if defaults else ())
        if not end_tokens:
            token = tokenizer.token_to_id(END_OF_TEXT)
            if token is None:
                raise ValueError(f"the tokenizer has no {END_OF_TEXT}, and no end token was given")
            end_tokens = (token,)
        n_tokens, vocab_size = 1 + max(tokenizer.get_vocab().values()), model.config.vocab_size
        if n_tokens > vocab_size:
            raise ValueError(f"the tokenizer has {n_tokens} tokens, the model only {vocab_size}")
        tokenizer.encode_special_tokens = True
        self.model, self.tokenizer, self.end_tokens = model, tokenizer, end_tokens
        self.defaults = defaults or Defaults()
        self.template = template  # None: a base model
        self.window = model.config.max_seq
        on = torch.device(device or model.embed.weight.device)
        self.runner = Runner(model, tokenizer, on, end_tokens[0], prefill_chunk)

    @classmethod
    def open(
        cls, folder: Path, dtype: torch.dtype = torch.float32, device: str = "cpu"
    ) -> "Engine":
        """The model in `folder` with all that its makers say of how to talk to it."""
        return cls.of(load_model(folder, dtype=dtype, device=device), folder)

    @classmethod
    def of(cls, model: Transformer, folder: Path) -> "Engine":
        """The same for a model that was loaded from `folder` in some other way."""
        tokenizer = load_tokenizer(folder)
        defaults, template = read_defaults(folder, tokenizer), ChatTemplate.of(folder)
        return cls(model, tokenizer, defaults=defaults, template=template)

    def generate(self, prompt: str | Several[int], params: SamplingParams | None = None) -> str:
        """The whole continuation of `prompt`."""
        return "".join(chunk.text for chunk in self.stream(prompt, params))

    def stream(
        self,
        prompt: str | Several[int],
        params: SamplingParams | None = None,
        report: Report = NO_REPORT,
    ) -> Generator[Chunk, None, None]:
        """The continuation of `prompt`, a chunk for each token. Closing it frees the state.

        The model sees at most the context it was trained at, `config.max_seq`: when the text
        outgrows it, its last half is computed afresh and the rest is forgotten. The text stays
        sane, memory bounded, and a chunk's note says so once.
        """
        return self._stream(self.sequence(prompt, params or SamplingParams(), report))

    def sequence(
        self,
        prompt: str | Several[int],
        params: SamplingParams,
        report: Report = NO_REPORT,
        ends: bool = True,
        shown: tuple[str, ...] = (),
    ) -> Sequence:
        """What the runner steps. `ends=False`: an end token does not end it; `shown`: special
        tokens that its text is to hold."""
        tokens = self.encode(prompt) if isinstance(prompt, str) else tuple(prompt)
        ends_at = self.end_tokens if ends else ()
        return Sequence(tokens or self.end_tokens[:1], params, ends_at, report, shown)

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokens of plain text; `<|endoftext|>` typed by a user is plain text as well.

        What the tokenizer itself puts before every text, such as a token for its beginning, stays.
        """
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the prompt is not valid Unicode at character {error.start}"
            ) from None
        return tuple(self.tokenizer.encode(text, add_special_tokens=True).ids)

    def start(self, slots: int, queue: int) -> Loop:
        """A thread of its own that runs up to `slots` sequences in turn, `queue` more waiting."""
        return Loop(self.runner, slots, queue)

    def _stream(self, sequence: Sequence) -> Generator[Chunk, None, None]:
        run = self.runner.run(sequence)
        while sequence.finish_reason is None:
            if chunk := self.runner.step(run):
                yield chunk
