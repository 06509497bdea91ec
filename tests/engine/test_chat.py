"""The conversation, with scripted lines in place of a terminal."""

import json

import pytest

from tenth.engine import SamplingParams, chat_loop, is_chat_model

GREEDY = SamplingParams(temperature=0, max_tokens=3)


class Terminal:
    def __init__(self, *lines):
        self.lines, self.shown, self.notes = iter(lines), "", []

    def read_line(self) -> str:
        line = next(self.lines, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    def write(self, text: str) -> None:
        self.shown += text


class Recorded:
    """An engine that remembers what it was asked to continue."""

    def __init__(self, engine, interrupt_at: int = 0):
        self.engine, self.prompts, self.interrupt_at = engine, [], interrupt_at
        self.closed = 0

    def stream(self, prompt, params):
        self.prompts.append(prompt)
        interrupt = self.interrupt_at and len(self.prompts) == 1
        try:
            for i, chunk in enumerate(self.engine.stream(prompt, params)):
                if interrupt and i == self.interrupt_at:
                    raise KeyboardInterrupt
                yield chunk
        finally:
            self.closed += 1


def talk(engine, *lines, is_chat=False, params=GREEDY):
    terminal = Terminal(*lines)
    chat_loop(engine, is_chat, terminal.read_line, terminal.write, params, terminal.notes.append)
    return terminal


def test_a_base_model_says_first_that_it_continues_text(engine):
    terminal = talk(engine)
    assert "base model" in terminal.notes[0] and "continues" in terminal.notes[0]
    assert terminal.notes[0].count("\n") == 1 and terminal.shown == ""


def test_a_chat_model_is_not_passed_off_as_chatting(engine):
    assert "continues text only" in talk(engine, is_chat=True).notes[0]


def test_without_a_place_for_notes_they_are_written_like_text(engine):
    terminal = Terminal()
    chat_loop(engine, False, terminal.read_line, terminal.write)
    assert "base model" in terminal.shown


def test_each_line_is_continued_and_the_text_so_far_stays_the_context(scripted, tokenizer):
    engine = Recorded(scripted(tokenizer.encode("the cat sat").ids[:3] * 2))
    answer = tokenizer.decode(tokenizer.encode("the cat sat").ids[:3])
    terminal = talk(engine, "one\n", "two")
    assert engine.prompts == ["one", f"one{answer}\ntwo"]
    assert terminal.shown == f"{answer}\n{answer}\n"


def test_tokens_per_second_are_shown_after_each_answer(engine):
    notes = talk(engine, "one", "two").notes[1:]
    assert len(notes) == 2 and all("3 tokens, " in n and "tokens/s]" in n for n in notes)


@pytest.mark.parametrize("end", ["", "  \n", EOFError(), KeyboardInterrupt()])
def test_an_empty_line_or_the_end_of_input_ends_it(engine, end):
    recorded = Recorded(engine)
    talk(recorded, "one", end, "two")
    assert recorded.prompts == ["one"]


def test_ctrl_c_stops_that_answer_only(engine):
    recorded = Recorded(engine, interrupt_at=2)
    terminal = talk(recorded, "one", "two", params=SamplingParams(0, max_tokens=9))
    assert "stopped" in terminal.notes[1] and "2 tokens" in terminal.notes[1]
    assert "stopped" not in terminal.notes[2] and recorded.closed == 2
    assert recorded.prompts[1].startswith("one") and recorded.prompts[1].endswith("\ntwo")


def test_ctrl_c_while_text_is_written_closes_the_stream(engine):
    recorded, terminal = Recorded(engine), Terminal("one")

    def write(text):
        if text != "\n":
            raise KeyboardInterrupt

    chat_loop(recorded, False, terminal.read_line, write, GREEDY, terminal.notes.append)
    assert recorded.closed == 1 and "stopped" in terminal.notes[1]


def test_new_starts_afresh_and_help_lists(engine):
    recorded = Recorded(engine)
    terminal = talk(recorded, "one", "/new", "two", "/help", "/what", "/usr/bin is")
    assert recorded.prompts[1] == "two" and recorded.prompts[2].endswith("/usr/bin is")
    assert any("/new starts afresh" in note for note in terminal.notes[3:])
    assert any("no command /what" in note for note in terminal.notes)


def test_outgrowing_the_context_is_told(scripted):
    terminal = talk(scripted([300] * 9, max_seq=4), "one two three four")
    assert "trained to see" in terminal.notes[1]


def test_a_model_with_a_chat_template_is_a_chat_model(tmp_path):
    assert not is_chat_model(tmp_path)
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"eos_token": "<|endoftext|>"}))
    assert not is_chat_model(tmp_path)
    config.write_text(json.dumps({"chat_template": "{{ messages }}"}))
    assert is_chat_model(tmp_path)
    config.unlink()
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}")
    assert is_chat_model(tmp_path)


def test_a_broken_tokenizer_config_is_named(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text("{")
    with pytest.raises(ValueError, match=r"tokenizer_config\.json is not valid JSON"):
        is_chat_model(tmp_path)
