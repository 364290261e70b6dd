"""From a TOML text, or a stored content, to frozen dataclasses; every fault with its line.

The tables of a file mirror the dataclasses: a key that a class does not have is a fault, a missing one too.
"""

import contextlib
import dataclasses
import functools
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from tongban.base.errors import Rejected
from tongban.base.limits import Limit, parse_limit
from tongban.base.words import say
from tongban.catalogue.rules.form import EXAMPLE, Condition, Option, Source

Path = tuple[str | int, ...]
Check = Callable[[Any], list[tuple[Path, str]]]
T = TypeVar("T")
EXTENDS = "extends"
"""Key of a file that names the file whose tables it takes over; not part of a content."""


class _FaultyError(Exception):
    pass


@dataclasses.dataclass
class _Reading:
    """One pass over one content: what the short names of sources stand for, and the faults found so far."""

    sources: Mapping[str, str]
    faults: list[tuple[Path, str]]

    def fail(self, path: Path, what: str) -> _FaultyError:
        self.faults.append((path, what))
        return _FaultyError()


def content_of(text: str, *, file: str) -> dict[str, Any]:
    """The content of a TOML text, as it is stored and sent. Raises Rejected("definition_faults")."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)", str(error))
        if found is None:
            raise _rejected({f"{file}:{text.count(chr(10)) + 1}": say("definition_fault.toml_end")}) from error
        line, column = found.groups()
        raise _rejected({f"{file}:{line}": say("definition_fault.toml", column=column)}) from error


def read_text(kind: type[T], text: str, *, file: str, check: Check) -> T:
    """Raises Rejected("definition_faults") whose fields are "file:line" -> what is wrong."""
    return read_layers(kind, [(file, text)], check=check)[1]


def read_layers(kind: type[T], layers: Sequence[tuple[str, str]], *, check: Check) -> tuple[dict[str, Any], T]:
    """Read files (name, text) of which a later one replaces whole tables and keys of the earlier; sources are joined.

    Returns the joined content and what it says. Raises Rejected("definition_faults"), a fault standing in its own file.
    """
    contents = [(file, content_of(text, file=file), lines_of(text)) for file, text in layers]
    joined: dict[str, Any] = {}
    for _, content, _ in contents:
        sources = {**joined.get("sources", {}), **content.get("sources", {})}
        joined = {**joined, **content, "sources": sources}
    joined.pop(EXTENDS, None)

    def where(path: Path) -> str:
        file, _, lines = next((layer for layer in reversed(contents) if path and path[0] in layer[1]), contents[0])
        return f"{file}:{line_of(lines, path)}"

    return joined, _read(kind, joined, where, check)


def read_stored(kind: type[T], content: Mapping[str, Any], *, check: Check) -> T:
    """Raises Rejected("definition_faults") whose fields are dotted paths."""
    return _read(kind, content, lambda path: ".".join(map(str, path)) or "content", check)


def _read(kind: type[T], content: Mapping[str, Any], where: Callable[[Path], str], check: Check) -> T:
    sources = content.get("sources", {})
    reading = _Reading(sources if isinstance(sources, dict) else {}, [])
    built: T | None = None
    with contextlib.suppress(_FaultyError):
        built = cast(T, _build(reading, kind, content, ()))
    faults = reading.faults if built is None else [*reading.faults, *check(built)]
    if faults or built is None:
        found: dict[str, str] = {}
        for path, what in faults:
            place = where(path)
            found[place] = f"{found[place]}; {what}" if place in found else what
        raise _rejected(found)
    return built


def _rejected(faults: dict[str, str]) -> Rejected:
    first = next(iter(faults.items()), ("", ""))
    return Rejected("definition_faults", fields=faults, count=len(faults), first=": ".join(first))


def _build(reading: _Reading, kind: Any, value: Any, path: Path) -> Any:
    if not isinstance(value, dict):
        raise reading.fail(path, say("definition_fault.table"))
    hints = _hints(kind)
    entries: dict[str, Any] = {}
    complete = True
    for unknown in sorted(set(value) - set(hints)):
        reading.fail((*path, unknown), say("definition_fault.unknown_key", key=unknown))
        complete = False
    for field in dataclasses.fields(kind):
        if field.name in value:
            try:
                entries[field.name] = _value(reading, hints[field.name], value[field.name], (*path, field.name))
            except _FaultyError:
                complete = False
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            if NoneType in get_args(hints[field.name]):
                entries[field.name] = None
            elif get_origin(hints[field.name]) is tuple:
                entries[field.name] = ()
            else:
                reading.fail(path, say("definition_fault.key_missing", key=field.name))
                complete = False
    if not complete:
        raise _FaultyError
    return kind(**entries)


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(reading: _Reading, kind: Any, value: Any, path: Path) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _value(reading, next(arm for arm in get_args(kind) if arm is not NoneType), value, path)
    if origin is tuple:
        return _tuple(reading, get_args(kind)[0], value, path)
    if origin is not None:
        return _mapping(reading, value, path)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(reading, value, path)
    if dataclasses.is_dataclass(kind):
        return _build(reading, kind, value, path)
    if issubclass(kind, StrEnum):
        return _enum(reading, kind, value, path)
    if type(value) is not kind:
        raise reading.fail(path, say(f"definition_fault.{_NAMES[kind]}"))
    return value


def _tuple(reading: _Reading, kind: Any, value: Any, path: Path) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise reading.fail(path, say("definition_fault.list"))
    found, complete = [], True
    for index, entry in enumerate(value):
        try:
            found.append(_value(reading, kind, entry, (*path, index)))
        except _FaultyError:
            complete = False
    if not complete:
        raise _FaultyError
    return tuple(found)


def _mapping(reading: _Reading, value: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise reading.fail(path, say("definition_fault.table"))
    return value


def _enum(reading: _Reading, kind: type[StrEnum], value: Any, path: Path) -> StrEnum:
    try:
        return kind(value)
    except ValueError as error:
        raise reading.fail(path, say("definition_fault.none_of", value=value, known="、".join(kind))) from error


def _limit(reading: _Reading, value: Any, path: Path) -> Limit:
    try:
        return parse_limit(str(value))
    except ValueError as error:
        raise reading.fail(path, say("definition_fault.limit", value=value)) from error


def _source(reading: _Reading, value: Any, path: Path) -> Source:
    """'示例', or a short name of [sources] and the article behind it."""
    short, _, article = str(value).partition(" ")
    if short == EXAMPLE:
        return Source(EXAMPLE, article)
    if short not in reading.sources:
        raise reading.fail(path, say("definition_fault.source", name=short))
    return Source(str(reading.sources[short]), article)


def _condition(reading: _Reading, value: Any, path: Path) -> Condition:
    """{ name = "value" } or { name = ["value", "other"] }; all of them must hold."""
    if not isinstance(value, dict) or not value:
        raise reading.fail(path, say("definition_fault.condition"))
    return Condition(
        tuple(
            (name, tuple(map(str, values)) if isinstance(values, list) else (str(values),))
            for name, values in sorted(value.items())
        )
    )


def _option(reading: _Reading, value: Any, path: Path) -> Option:
    """ "value label"; the value is ASCII."""
    option, _, label = str(value).partition(" ")
    if not (label and option.isascii()):
        raise reading.fail(path, say("definition_fault.option"))
    return Option(option, label)


def _date(reading: _Reading, value: Any, path: Path) -> date:
    """A date as text: content travels as JSON, which has no dates."""
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise reading.fail(path, say("definition_fault.date", value=value)) from error


_READERS: dict[Any, Any] = {
    Limit: _limit,
    Source: _source,
    Condition: _condition,
    Option: _option,
    date: _date,
}
_NAMES = {str: "text", int: "integer", bool: "true_or_false"}

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\s*=")


def lines_of(text: str) -> dict[Path, int]:
    """Where each table and key of a TOML text stands, counted from 1. One key per line, as our files are written."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    in_text = False
    for number, line in enumerate(text.splitlines(), 1):
        header, key = (_HEADER.match(line), _KEY.match(line)) if not in_text else (None, None)
        if header:
            table = _table(header, counts)
            found.setdefault(table, number)
        elif key:
            found[(*table, *key.group(1).split("."))] = number
        if (line.count('"""') + line.count("'''")) % 2:
            in_text = not in_text
    return found


def _table(header: re.Match[str], counts: dict[Path, int]) -> Path:
    path: Path = ()
    names = header.group(2).split(".")
    for position, name in enumerate(names):
        path = (*path, name)
        if header.group(1) == "[[" and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]
