"""Chat templates written for these tests, each in the manner of a lab's own, and what is said."""

from pathlib import Path

FOLDER = Path(__file__).parent / "chat_templates"
STYLES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.jinja"))}

SPECIAL_TEXT = """<s> </s> <|im_start|> <|im_end|> <｜User｜> <｜Assistant｜> <｜end▁of▁sentence｜>
<｜tool▁calls▁begin｜> <｜tool▁calls▁end｜> <｜tool▁call▁begin｜> <｜tool▁call▁end｜> <｜tool▁sep｜>
<｜tool▁output▁begin｜> <｜tool▁output▁end｜> [gMASK] <sop> <|system|> <|user|> <|assistant|>
<|observation|> <|im_user|> <|im_assistant|> <|im_system|> <|im_middle|>
<|tool_calls_section_begin|> <|tool_calls_section_end|> <|tool_call_begin|> <|tool_call_end|>
<|tool_call_argument_begin|> ]~!b[ ]~b] [e~[ <|start|> <|end|> <|message|> <|channel|> <|call|>
<|return|> <|start_header_id|> <|end_header_id|> <|eot_id|> [INST] [/INST] [AVAILABLE_TOOLS]
[/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS] [/TOOL_RESULTS]"""
SPECIAL = SPECIAL_TEXT.split()
TAGS = ("think", "tool_call", "tool_response")
NOT_SPECIAL = [f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/")]

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather in a city; it's 天气 <b>now</b> & then.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": 'Its "name"'},
                    "days": {"type": "array", "items": {"type": "integer"}},
                    "unit": {"type": "string", "enum": ["C", "F"]},
                    "at": {"type": ["string", "null"]},
                },
                "required": ["city"],
            },
        },
    },
    {"type": "function", "function": {"name": "now", "description": "The time.", "parameters": {}}},
]
CALL = {
    "id": "call12345",
    "type": "function",
    "function": {"name": "weather", "arguments": {"city": "Zürich", "days": [1, 2]}},
}
CONVERSATIONS = {
    "one turn": [{"role": "user", "content": "Hello, 世界!"}],
    "with a system text": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "  if a < b: print(x[0] | y)\n"},
    ],
    "several turns": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\nb\n"},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d", "reasoning_content": "why not"},
        {"role": "user", "content": "e", "name": None},
    ],
    "tools": [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": "", "reasoning_content": "call it", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call12345", "name": "weather", "content": '{"t": [20]}'},
        {"role": "assistant", "content": "It's 20°C."},
        {"role": "user", "content": "Thanks"},
    ],
    "a tool has answered": [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": "One moment.", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call12345", "content": "20"},
    ],
    "an answer to go on with": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "reasoning_content": "c"},
    ],
}  # fmt: skip
