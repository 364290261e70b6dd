"""Who signs, and how far that has come: the same lines on the pages of citizens, counters and officers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.applications.models import Signature
from tongban.applications.queries import signings_of
from tongban.base.identifiers import mask_name
from tongban.base.times import parse_moment
from tongban.base.words import has, say

TAGS = {"waiting": "tag-wait", "signed": "tag-good", "void": "tag-warn"}


@dataclass(frozen=True, slots=True)
class SignerLine:
    """One who signs. state: waiting, signed or void. how: in what way he signed; at: when."""

    no: int
    name: str
    standing: str
    state: str
    word: str
    tag: str
    how: str
    at: datetime | None


def signer_lines(matter: UUID) -> list[SignerLine]:
    """To be called for what a query gave out to the actor."""
    return [_line(entry.row, entry.name) for entry in signings_of(matter)]


def _line(row: Signature, name: str) -> SignerLine:
    return SignerLine(
        no=row.no,
        name=name,
        standing=say(f"standing.{row.standing}"),
        state=row.state,
        word=say(f"signature.{row.state}"),
        tag=TAGS[row.state],
        how=way_words(row.way),
        at=row.signed_at,
    )


def party_lines(parties: Sequence[Mapping[str, Any]], *, opened: bool) -> list[SignerLine]:
    """As they came with the case. opened: whether the reader may see whole names."""
    return [
        SignerLine(
            no=party["no"],
            name=party["name"] if opened else mask_name(party["name"]),
            standing=say(f"standing.{party['standing']}"),
            state="signed",
            word=say("signature.signed"),
            tag=TAGS["signed"],
            how=way_words(party["signed"]["way"]),
            at=parse_moment(party["signed"]["at"]),
        )
        for party in parties
    ]


def way_words(way: str) -> str:
    """Another node may know ways that this one has no words for."""
    if not way:
        return ""
    key = "signed_way.log_in" if way == "log_in" else f"identity_way.{way}"
    return say(key) if has(key) else way


def stage_of(states: Iterable[str]) -> str:
    """none: nobody was asked; void: the content has changed since; waiting; done: all have signed."""
    found = set(states)
    if not found:
        return "none"
    if "void" in found:
        return "void"
    return "waiting" if "waiting" in found else "done"
