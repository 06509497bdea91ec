"""The messages of a conversation, checked, and in the form that a template expects."""

import json
from typing import Any

REASONING = ("reasoning_content", "thinking", "reasoning")


def checked(messages: Any) -> list[dict[str, Any]]:
    """Copies without empty fields; reasoning stands under both names that templates ask for."""
    if not isinstance(messages, list) or not messages:
        raise ValueError("messages: at least one is needed, in a list")
    return [_checked(message, f"messages[{i}]") for i, message in enumerate(messages)]


def _checked(message: Any, where: str) -> dict[str, Any]:
    if not isinstance(message, dict):
        raise ValueError(
            f"{where} is {type(message).__name__}, not an object with role and content"
        )
    if not isinstance(message.get("role"), str) or not message["role"]:
        raise ValueError(f"{where}.role: {message.get('role')!r} is not a role")
    made = {key: value for key, value in message.items() if value is not None}
    content = made.get("content", "")
    if isinstance(content, list):
        made["content"] = [_checked_part(p, f"{where}.content[{i}]") for i, p in enumerate(content)]
    elif not isinstance(content, str):
        raise ValueError(f"{where}.content is {type(content).__name__}, neither text nor parts")
    reasoning = next((made[key] for key in REASONING if key in made), None)
    if reasoning is not None:
        made = {"thinking": reasoning, **made, "reasoning_content": reasoning}
    return made


def _checked_part(part: Any, where: str) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, dict) else type(part).__name__
    if kind != "text":
        raise ValueError(f"{where}.type: {kind!r} is not 'text', the only part this model reads")
    if not isinstance(part.get("text"), str):
        raise ValueError(f"{where}.text: {part.get('text')!r} is not text")
    return part


def joined_parts(message: dict[str, Any]) -> dict[str, Any]:
    """Text parts as one string."""
    content = message.get("content")
    if not isinstance(content, list):
        return message
    return {**message, "content": "".join(part["text"] for part in content)}


def as_parts(message: dict[str, Any]) -> dict[str, Any]:
    """A string as one part."""
    content = message.get("content")
    if not isinstance(content, str):
        return message
    return {**message, "content": [{"type": "text", "text": content}]}


def has_text_arguments(message: dict[str, Any]) -> bool:
    """Whether a tool call's arguments are JSON in a string, as OpenAI's clients send them."""
    return any(isinstance(call.get("arguments"), str) for call in _calls(message))


def parsed_arguments(message: dict[str, Any]) -> dict[str, Any]:
    """The arguments of tool calls as objects."""
    if not has_text_arguments(message):
        return message
    made = json.loads(json.dumps(message))
    for call in _calls(made):
        if isinstance(call.get("arguments"), str):
            call["arguments"] = _parsed(call["arguments"])
    return made


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list) or not all(isinstance(call, dict) for call in calls):
        raise ValueError(f"tool_calls: {str(calls)[:60]!r} is no list of calls")
    inner = [call.get("function", call) for call in calls]
    return [call for call in inner if isinstance(call, dict)]


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments or "{}")
    except ValueError as error:
        raise ValueError(f"tool_calls: arguments are no JSON ({error})") from None
