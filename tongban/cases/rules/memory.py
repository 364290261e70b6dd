"""What the letters of a case say of it after a restore, when they are all that is left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongban.base.canonical import parse_json
from tongban.cases.rules.bodies import Audience, Follows
from tongban.cases.rules.opening import Opening, read_opening

MOST_BODY_BYTES = 4_000_000
NOT_SAID = ("salt", "document")
OPENED_WITH = ("item", "version", "standard", "place", "mode", "received", "lead", "predecessor")


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step that this node had written: its header, and the bodies that peers still hold, by audience."""

    letter: UUID
    digest: str
    header: Mapping[str, Any]
    bodies: Mapping[Audience, bytes]

    @property
    def no(self) -> int:
        return int(self.header["no"])

    @property
    def lost(self) -> tuple[Audience, ...]:
        """Audiences whose body nobody has told."""
        named = {audience for audience in Audience if audience.value in self.header.get("bodies", {})}
        return tuple(sorted(named - set(self.bodies)))


def content_of(bodies: Mapping[Audience, bytes]) -> dict[str, Any]:
    """What a step said, put together from the bodies that are there."""
    said: dict[str, Any] = {}
    for _, content in sorted(bodies.items()):
        said |= parse_json(content, most_bytes=MOST_BODY_BYTES)
    return {name: value for name, value in said.items() if name not in NOT_SAID}


def opening_in(case: UUID, first: Mapping[str, Any], bodies: Mapping[Audience, bytes]) -> Opening | None:
    """What the case was opened with: step 1 tells it whole to those whom it concerns. first: the header of step 1.

    None where no such body is there. Raises Rejected("malformed").
    """
    whole = bodies.get(Audience.APPLICANT) or bodies.get(Audience.DECIDING)
    return None if whole is None else opening_of(case, first, parse_json(whole, most_bytes=MOST_BODY_BYTES))


def opening_of(case: UUID, first: Mapping[str, Any], said: Mapping[str, Any]) -> Opening:
    """An opening put together from the header of step 1 and what was said. Raises Rejected("malformed")."""
    return read_opening(case, {**said, **{name: first.get(name) for name in OPENED_WITH}})


def roles_in(first: Mapping[str, Any]) -> frozenset[tuple[str, Follows]]:
    """Why nodes follow the case from the beginning. first: the header of step 1."""
    received, lead, before = first.get("received") or {}, first.get("lead") or {}, first.get("predecessor") or {}
    known = {(str(lead["node"]), Follows.LEAD)} if lead else {(str(received.get("node")), Follows.RECEIVING)}
    known |= {(str(node), Follows.INFORMED) for node in first.get("informed") or ()}
    return frozenset(known | ({(str(before["home"]), Follows.PREDECESSOR)} if before else set()))


def running_numbers(numbers: Iterable[str], *, before: str) -> set[int]:
    """The numbers that run on, of texts that begin so and go on with a date of eight digits."""
    rest = [number.removeprefix(before)[8:] for number in numbers if number.startswith(before)]
    return {int(digits) for digits in rest if digits.isascii() and digits.isdigit()}
