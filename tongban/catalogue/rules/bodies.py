"""The bodies of the letters that the catalogue writes and hears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.base.errors import Rejected

ITEM = "item"
BASE_ITEM = "base_item"
AGREEMENT = "agreement"
IMPLEMENTATION = "implementation"


LONGEST_WHY = 200
BASE_STATES = ("open", "merged", "ended")


def base_item_subject(item: str) -> str:
    return f"base-{item}"


def item_subject(item: str, province: str) -> str:
    return f"{item}@{province}"


def agreement_subject(agreement: str) -> str:
    return f"agreement-{agreement}"


def implementation_subject(item: str, place: str) -> str:
    """A star is no part of a subject."""
    return f"implementation-{'every' if item == '*' else item}@{place}"


@dataclass(frozen=True, slots=True)
class ItemBody:
    """A version of a province's standard: published, or withdrawn with the first day on which it no longer applies.

    suspended_from, suspended_until: days on which nothing new is taken. why: what the public is told of the change.
    """

    item: str
    province: str
    version: int
    status: str
    effective_from: date
    withdrawn_on: date | None
    content: Mapping[str, Any]
    suspended_from: date | None = None
    suspended_until: date | None = None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "province": self.province,
            "version": self.version,
            "status": self.status,
            "effective_from": self.effective_from.isoformat(),
            "withdrawn_on": _day(self.withdrawn_on),
            "suspended_from": _day(self.suspended_from),
            "suspended_until": _day(self.suspended_until),
            "why": self.why,
            "content": dict(self.content),
        }


def read_item_body(data: Mapping[str, Any], *, sender: str, subject: str) -> ItemBody:
    """Raises Rejected("malformed"), or ("item_not_theirs") when a node speaks for another province."""
    try:
        body = ItemBody(
            item=str(data["item"]),
            province=str(data["province"]),
            version=data["version"],
            status=str(data["status"]),
            effective_from=date.fromisoformat(data["effective_from"]),
            withdrawn_on=_read_day(data["withdrawn_on"]),
            suspended_from=_read_day(data.get("suspended_from")),
            suspended_until=_read_day(data.get("suspended_until")),
            why=str(data.get("why") or "")[:LONGEST_WHY],
            content=data["content"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Rejected("malformed", why=f"item: {error}"[:200]) from error
    if type(body.version) is not int or body.version < 1 or not isinstance(body.content, dict):
        raise Rejected("malformed", why="item: version is a positive number, content an object")
    if body.status not in ("published", "withdrawn") or (body.status == "withdrawn") != (body.withdrawn_on is not None):
        raise Rejected("malformed", why="item: status is published, or withdrawn with its day")
    if body.province != sender or subject != item_subject(body.item, body.province):
        raise Rejected("item_not_theirs", item=body.item[:40], province=body.province[:2])
    return body


def read_agreement_body(data: Mapping[str, Any], *, subject: str) -> Mapping[str, Any]:
    """The content of an agreement. Raises Rejected("malformed")."""
    content = data.get("content")
    if not isinstance(content, dict) or subject != agreement_subject(str(content.get("key"))):
        raise Rejected("malformed", why="agreement: content and subject name the same key")
    return content


def read_implementation_body(data: Mapping[str, Any], *, sender: str, subject: str) -> Mapping[str, Any]:
    """The content of an implementation.

    Raises Rejected("malformed"), or ("item_not_theirs") when a node speaks for another province's place.
    """
    content = data.get("content")
    if not isinstance(content, dict):
        raise Rejected("malformed", why="implementation: content is an object")
    item, place = str(content.get("item")), str(content.get("place"))
    if subject != implementation_subject(item, place):
        raise Rejected("malformed", why="implementation: content and subject name the same item and place")
    if place[:2] != sender:
        raise Rejected("item_not_theirs", item=item[:40], province=place[:2])
    return content


@dataclass(frozen=True, slots=True)
class BaseItemBody:
    """The hub's word on an item of the list: open, merged into its successor, or ended, from a day on."""

    item: str
    state: str
    successor: str | None
    state_from: date
    why: str

    def as_json(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "state": self.state,
            "successor": self.successor,
            "state_from": self.state_from.isoformat(),
            "why": self.why,
        }


def read_base_item_body(data: Mapping[str, Any], *, sender: str, subject: str) -> BaseItemBody:
    """Raises Rejected("malformed"), or ("item_not_theirs") when it is not the hub that speaks."""
    try:
        body = BaseItemBody(
            item=str(data["item"]),
            state=str(data["state"]),
            successor=str(data["successor"]) if data["successor"] else None,
            state_from=date.fromisoformat(data["state_from"]),
            why=str(data["why"])[:LONGEST_WHY],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Rejected("malformed", why=f"base_item: {error}"[:200]) from error
    if body.state not in BASE_STATES or (body.state == "merged" and body.successor is None):
        raise Rejected("malformed", why="base_item: state is open, ended, or merged with its successor")
    if sender != "00" or subject != base_item_subject(body.item):
        raise Rejected("item_not_theirs", item=body.item[:40], province=sender)
    return body


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
