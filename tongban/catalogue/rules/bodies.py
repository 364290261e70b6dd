"""The bodies of the letters that the catalogue writes and hears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.base.errors import Rejected

ITEM = "item"
AGREEMENT = "agreement"
IMPLEMENTATION = "implementation"


def item_subject(item: str, province: str) -> str:
    return f"{item}@{province}"


def agreement_subject(agreement: str) -> str:
    return f"agreement-{agreement}"


def implementation_subject(item: str, place: str) -> str:
    """A star is no part of a subject."""
    return f"implementation-{'every' if item == '*' else item}@{place}"


@dataclass(frozen=True, slots=True)
class ItemBody:
    """A version of a province's standard: published, or withdrawn with the first day on which it no longer applies."""

    item: str
    province: str
    version: int
    status: str
    effective_from: date
    withdrawn_on: date | None
    content: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "province": self.province,
            "version": self.version,
            "status": self.status,
            "effective_from": self.effective_from.isoformat(),
            "withdrawn_on": self.withdrawn_on.isoformat() if self.withdrawn_on else None,
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
            withdrawn_on=date.fromisoformat(data["withdrawn_on"]) if data["withdrawn_on"] else None,
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
