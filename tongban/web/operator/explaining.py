"""What an operator reads in place of a code: what it means and what to do next; the code stands small beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tongban.base.words import has, holes, say, say_day
from tongban.exchange.models import Alarm
from tongban.web.lines import node_name
from tongban.web.shown import readable
from tongban.web.templatetags.wording import words

NO_CONNECTION = frozenset({"ConnectionError", "ConnectTimeout", "ProxyError", "InvalidURL"})
NO_ANSWER = frozenset({"ReadTimeout", "ChunkedEncodingError", "ContentDecodingError"})
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A code in words."""

    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Warned:
    """An alarm in words. why: the reason that it names, if any. details: label and text, for who searches."""

    alarm: Alarm
    title: str
    sentence: str
    why: Told | None
    then: str
    details: tuple[tuple[str, str], ...]


def tell_reason(code: str, facts: Mapping[str, Any]) -> Told:
    """A reason with everything that its sentence names; where something is missing, as trouble."""
    key = f"reason.{code}"
    if has(key) and holes(key) <= facts.keys():
        return Told(say(key, **readable(facts)), code)
    return tell_trouble(code)


def tell_trouble(code: str) -> Told:
    """Why a letter has not got through, from what the last attempt left behind: a reason, a status, an exception."""
    first = code.partition(" ")[0]
    for key in (f"trouble.{first}", f"reason.{first}"):
        if has(key) and not holes(key):
            return Told(say(key), code)
    return Told(say(f"trouble.{_kind_of_trouble(first if first.isdigit() else code)}"), code)


def _kind_of_trouble(code: str) -> str:
    if code in NO_CONNECTION:
        return "no_connection"
    if code in NO_ANSWER:
        return "no_answer"
    if code == "SSLError":
        return "no_trust"
    if code.isascii() and code.isdigit():
        return "server_error" if int(code) >= SERVER_ERROR else "not_taken"
    return "not_taken" if code.isidentifier() and code.islower() else "strange"


def warned_of(alarm: Alarm) -> Warned:
    facts: dict[str, Any] = dict(alarm.facts)
    reason = str(facts.get("reason") or "")
    known = {
        "peer": node_name(alarm.peer),
        "day": _day(str(facts.get("day", ""))),
    }
    kind = alarm.kind if has(f"alarm.{alarm.kind}") else "unknown"
    return Warned(
        alarm=alarm,
        title=say(f"alarm_title.{kind}"),
        sentence=say(f"alarm.{kind}", **known),
        why=tell_reason(reason, facts) if reason else None,
        then=say(f"alarm_next.{kind}", **known),
        details=tuple(_details(alarm, facts)),
    )


def _details(alarm: Alarm, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if alarm.subject:
        yield say("alarm_fact.case" if _is_case(alarm.subject) else "alarm_fact.subject"), alarm.subject
    told = holes(f"reason.{facts.get('reason')}") if has(f"reason.{facts.get('reason')}") else frozenset()
    for name, value in sorted(facts.items()):
        if name not in {"reason", *told}:
            text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            yield words("alarm_fact", name), f"{words('letter', text)}（{text}）" if name == "kind" else text


def _is_case(subject: str) -> bool:
    try:
        UUID(subject)
    except ValueError:
        return False
    return True


def _day(text: str) -> str:
    try:
        return say_day(date.fromisoformat(text))
    except ValueError:
        return text
