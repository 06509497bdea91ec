"""A prompt in, text out, token by token: encode, prefill, then one step of the model for each."""

from collections.abc import Generator
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from tenth.engine.sampler import new_generator, sample
from tenth.engine.sequence import FinishReason, SamplingParams, Sequence
from tenth.engine.text import TextStream
from tenth.model import State, Transformer

END_OF_TEXT = "<|endoftext|>"
PREFILL_CHUNK = 512  # tokens of a prompt per forward pass, which bounds its memory


class Chunk(NamedTuple):
    """One step: the text it completes (perhaps none yet) and the tokens it added."""

    text: str
    tokens: tuple[int, ...]
    finish_reason: FinishReason | None = None  # in the last chunk
    note: str = ""  # what the user should be told, once


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
    ):
        if not end_tokens:
            token = tokenizer.token_to_id(END_OF_TEXT)
            if token is None:
                raise ValueError(f"the tokenizer has no {END_OF_TEXT}, and no end token was given")
            end_tokens = (token,)
        n_tokens, vocab_size = tokenizer.get_vocab_size(), model.config.vocab_size
        if n_tokens > vocab_size:
            raise ValueError(f"the tokenizer has {n_tokens} tokens, the model only {vocab_size}")
        tokenizer.encode_special_tokens = True
        self.model, self.tokenizer, self.end_tokens = model, tokenizer, end_tokens
        self.device = torch.device(device or model.embed.weight.device)
        self.window = model.config.max_seq
        self.prefill_chunk = prefill_chunk

    def generate(self, prompt: str, params: SamplingParams | None = None) -> str:
        """The whole continuation of `prompt`."""
        return "".join(chunk.text for chunk in self.stream(prompt, params))

    def stream(
        self, prompt: str, params: SamplingParams | None = None
    ) -> Generator[Chunk, None, None]:
        """The continuation of `prompt`, a chunk for each token. Closing it frees the state.

        The model sees at most the context it was trained at, `config.max_seq`: when the text
        outgrows it, its last half is computed afresh and the rest is forgotten. The text stays
        sane, memory bounded, and a chunk's note says so once.
        """
        tokens = self.encode(prompt) or self.end_tokens[:1]
        return self._stream(Sequence(tokens, params or SamplingParams(), self.end_tokens))

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokens of plain text; `<|endoftext|>` typed by a user is plain text as well."""
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the prompt is not valid Unicode at character {error.start}"
            ) from None
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def _stream(self, sequence: Sequence) -> Generator[Chunk, None, None]:
        params = sequence.params
        generator = new_generator(params.seed)
        text = TextStream(self.tokenizer, params.stop)
        state, told = None, False
        while sequence.finish_reason is None:
            note = ""
            if sequence.slide(self.window):
                state, note, told = None, "" if told else self._slide_note(), True
            if state is None:
                longest = len(sequence) - sequence.start + params.max_tokens
                state = self.model.new_state(1, min(self.window, longest))
            logits_V, state = self._forward(sequence.uncached(), state)
            sequence.cached = state.length
            token = sample(logits_V, params, generator)
            sequence.append(token)
            piece = text.push(token)
            if sequence.finish_reason:
                piece += text.flush()
            if text.stopped:
                sequence.finish_reason = "stop"
            yield Chunk(piece, (token,), sequence.finish_reason, note)

    @torch.inference_mode()
    def _forward(self, tokens: list[int], state: State) -> tuple[Tensor, State]:
        """Logits after the last token, on the CPU, where sampling is the same for every device."""
        tokens_BS = torch.tensor([tokens], device=self.device)
        logits_BSV = None
        for part_BS in tokens_BS.split(self.prefill_chunk, dim=1):
            logits_BSV, _, new = self.model(part_BS, state)
            assert new is not None
            state = new
        assert logits_BSV is not None
        return logits_BSV[0, -1].float().cpu(), state

    def _slide_note(self) -> str:
        return (
            f"the text is longer than the {self.window} tokens that this model was trained to see; "
            f"it goes on from the last {max(1, self.window // 2)}"
        )
