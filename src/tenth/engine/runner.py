"""Forward passes: one sequence's next step, a part of its prompt or a token of its answer.

Each sequence runs as a batch of one, so its answer is the same to the last bit whoever runs
beside it. A later issue batches the passes; what a `Run` holds then becomes pages.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from tenth.engine.sampler import logprob_of, new_generator, penalised, sample
from tenth.engine.sequence import FinishReason, Sequence, TokenLogprob
from tenth.engine.text import TextStream
from tenth.model import State, Transformer
from tenth.model.router import Routing

PREFILL_CHUNK = 512  # tokens of a prompt per forward pass, which bounds its memory


class Chunk(NamedTuple):
    """One step: the text it completes (perhaps none yet) and the tokens it added."""

    text: str
    tokens: tuple[int, ...]
    finish_reason: FinishReason | None = None  # in the last chunk
    note: str = ""  # what the user should be told, once
    logprobs: tuple[TokenLogprob, ...] = ()  # of the tokens, where the report asks for them
    prompt_logprobs: tuple[TokenLogprob, ...] = ()  # in the first chunk, where it asks for them
    experts: tuple[tuple[int, ...], ...] = ()  # for each sparse layer, who answered


@dataclass
class Run:
    """What one sequence holds while it runs; dropping it frees all of it."""

    sequence: Sequence
    text: TextStream
    random: torch.Generator
    state: State | None = None
    last_V: Tensor | None = None  # logits after the last token that the model has seen
    prompt_logprobs: list[TokenLogprob] = field(default_factory=list)
    note: str = ""
    told: bool = False


class Runner:
    """Steps sequences through a model that is already on its device."""

    def __init__(
        self,
        model: Transformer,
        tokenizer: Tokenizer,
        device: torch.device,
        start_token: int,
        prefill_chunk: int = PREFILL_CHUNK,
    ):
        self.model, self.tokenizer, self.device = model, tokenizer, device
        self.start_token, self.prefill_chunk = start_token, prefill_chunk
        self.window = model.config.max_seq

    def run(self, sequence: Sequence) -> Run:
        text = TextStream(self.tokenizer, sequence.params.stop, sequence.shown)
        return Run(sequence, text, new_generator(sequence.params.seed))

    def step(self, run: Run) -> Chunk | None:
        """One forward pass. None: a part of the prompt was read, and there is no token yet."""
        sequence = run.sequence
        if sequence.params.max_tokens == 0 and not sequence.report.prompt:
            sequence.finish_reason = "length"
            return Chunk("", (), "length")
        routings = self._read(run)
        if sequence.uncached():
            return None
        if sequence.params.max_tokens == 0:
            sequence.finish_reason = "length"
            return Chunk("", (), "length", prompt_logprobs=tuple(run.prompt_logprobs))
        return self._answer(run, routings)

    def _read(self, run: Run) -> list[Routing]:
        """Shows the model the next tokens it has not seen, and leaves the logits after them."""
        sequence, report = run.sequence, run.sequence.report
        if sequence.slide(self.window):
            run.state = None
            run.note, run.told = "" if run.told else self._slide_note(), True
        if run.state is None:
            if report.prompt and not sequence.generated:
                self._score_first(run)
            longest = len(sequence) - sequence.start + sequence.params.max_tokens
            run.state = self.model.new_state(1, min(self.window, longest))
        part = sequence.uncached()[: self.prefill_chunk]
        logits_SV, routings, run.state = self.forward(part, run.state)
        if report.prompt and not sequence.generated:
            self._score(run, part, logits_SV)
        sequence.cached = run.state.length
        run.last_V = logits_SV[-1].float().cpu().clone()  # a view would keep all of them
        return routings

    def _answer(self, run: Run, routings: list[Routing]) -> Chunk:
        """Draws the next token. Sampling is on the CPU, where it is the same for every device."""
        sequence, report, logits_V = run.sequence, run.sequence.report, run.last_V
        assert logits_V is not None
        token = sample(penalised(logits_V, sequence), sequence.params, run.random)
        sequence.append(token)
        piece = run.text.push(token)
        if sequence.finish_reason:
            piece += run.text.flush()
        if run.text.stopped:
            sequence.finish_reason = "stop"
        logprobs: tuple[TokenLogprob, ...] = ()
        if report.top_logprobs is not None:
            logprobs = (logprob_of(token, logits_V, report.top_logprobs),)
        experts: tuple[tuple[int, ...], ...] = ()
        if report.experts:
            experts = tuple(tuple(routing.experts_TK[-1].tolist()) for routing in routings)
        scored, run.prompt_logprobs = tuple(run.prompt_logprobs), []
        note, run.note = run.note, ""
        return Chunk(piece, (token,), sequence.finish_reason, note, logprobs, scored, experts)

    @torch.inference_mode()
    def forward(self, tokens: list[int], state: State) -> tuple[Tensor, list[Routing], State]:
        """Logits after each of the tokens, who computed them, and the state that goes on."""
        tokens_BS = torch.tensor([tokens], device=self.device)
        logits_BSV, routings, new = self.model(tokens_BS, state)
        assert new is not None
        return logits_BSV[0], routings, new

    def _score_first(self, run: Run) -> None:
        """Nothing stands before a prompt's first token: its figure is that of a text's start."""
        logits_SV, _, _ = self.forward([self.start_token], self.model.new_state(1, 1))
        self._note_logprob(run, run.sequence.prompt[0], logits_SV[-1])

    def _score(self, run: Run, part: list[int], logits_SV: Tensor) -> None:
        if run.last_V is not None:
            self._note_logprob(run, part[0], run.last_V)
        for token, logits_V in zip(part[1:], logits_SV, strict=False):
            self._note_logprob(run, token, logits_V)

    def _note_logprob(self, run: Run, token: int, logits_V: Tensor) -> None:
        n_top = run.sequence.report.top_logprobs or 0
        run.prompt_logprobs.append(logprob_of(token, logits_V.float().cpu(), n_top))

    def _slide_note(self) -> str:
        return (
            f"the text is longer than the {self.window} tokens that this model was trained to see; "
            f"it goes on from the last {max(1, self.window // 2)}"
        )
