"""The public change log: one line for whatever becomes of an item, written in the transaction of the change."""

from datetime import date
from uuid import UUID

from tongban.calendar.queries import now
from tongban.catalogue.models import ItemChange
from tongban.catalogue.rules.bodies import LONGEST_WHY


def log(
    item: str, province: str, what: ItemChange.What, *, version: int | None, on: date, why: str, letter: UUID
) -> None:
    """Write the line once, however often its letter is heard. on: the first day of the change."""
    said = {"item_id": item, "province": province, "what": what, "version": version, "applies_on": on}
    ItemChange.objects.get_or_create(letter=letter, defaults={**said, "why": why.strip()[:LONGEST_WHY], "at": now()})
