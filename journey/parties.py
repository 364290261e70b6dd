"""Several people in one case: the examples name invented people, here other demo citizens of the node sign."""

from dataclasses import dataclass
from typing import Any

from journey.items import Item
from journey.people import shown_at_counter

Json = dict[str, Any]
CITIZENS = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Other:
    """One who signs beside the applicant. key: of the demo persons; applies: whether he is equal to the applicant."""

    key: str
    applies: bool


def with_demo_people(item: Item, answers: Json, *, node: str, applicant: str) -> tuple[Json, list[Other]]:
    """The answers with demo citizens in the place of those who sign; who they are, in the order of signing."""
    free = [key for key in CITIZENS if key != applicant]
    found: list[Other] = []
    filled = dict(answers)
    for field in item.signing_fields:
        rows = []
        for row in answers.get(field, ())[: len(free)]:
            other = Other(free.pop(0), applies=field in item.co_applicant_fields)
            shown = shown_at_counter(node, other.key)
            rows.append({**row, "name": shown["name"], "id_number": shown["id_number"]})
            found.append(other)
        if rows:
            filled[field] = rows
    return filled, found
