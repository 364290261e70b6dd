"""A content as the text of a definition file: in the order of the form, one key a line, as our files are written."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin, get_type_hints

from tongban.base.errors import Rejected
from tongban.catalogue.rules.definition import Definition

_BARE = re.compile(r"[A-Za-z0-9_-]+")
SHORT = 3
"""A table inside another with no more entries than that stands on one line."""


def text_of(content: Mapping[str, Any]) -> str:
    """The TOML text that reads as this content. Raises Rejected("content_not_plain") for what TOML cannot say."""
    lines = list(_table((), content, _order(Definition)))
    return "\n".join(lines).strip("\n") + "\n"


def text_of_json(text: str) -> str:
    """A definition that came as JSON, as TOML text. Raises Rejected("draft_json") with line and column."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise Rejected("draft_json", line=error.lineno, column=error.colno) from error
    if not isinstance(content, Mapping):
        raise Rejected("draft_json", line=1, column=1)
    return text_of(content)


def _table(path: tuple[str, ...], content: Mapping[str, Any], order: Mapping[str, Any]) -> Iterator[str]:
    keys = sorted(content, key=lambda key: list(order).index(key) if key in order else len(order))
    inner = [key for key in keys if _is_table(content[key], path) or _is_tables(content[key])]
    for key in keys:
        if key not in inner:
            yield f"{_key(key)} = {_value(content[key])}"
    for key in inner:
        here = (*path, key)
        name = ".".join(map(_key, here))
        entries = content[key] if isinstance(content[key], list) else [content[key]]
        for entry in entries:
            yield ""
            yield f"[[{name}]]" if isinstance(content[key], list) else f"[{name}]"
            yield from _table(here, entry, _order(order.get(key)))


def _order(kind: Any) -> dict[str, Any]:
    """Names of a class's fields -> their kinds, in order; nothing for what is no class of ours."""
    arms = [arm for arm in get_args(kind) if arm not in (type(None), Ellipsis)] if get_origin(kind) else [kind]
    found = arms[0] if arms else None
    if not (isinstance(found, type) and dataclasses.is_dataclass(found)):
        return {}
    hints = get_type_hints(found)
    return {field.name: hints[field.name] for field in dataclasses.fields(found)}


def _is_table(value: Any, path: tuple[str, ...]) -> bool:
    return isinstance(value, Mapping) and (not path or len(value) > SHORT or any(map(_is_deep, value.values())))


def _is_deep(value: Any) -> bool:
    return isinstance(value, Mapping) or _is_tables(value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, Mapping) for entry in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items()) + " }"
    raise Rejected("content_not_plain")


def _text(text: str) -> str:
    """The escapes of JSON are those of TOML, but for U+007F, which only TOML refuses."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
