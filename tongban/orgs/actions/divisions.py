"""Write down which places there are."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from tongban.base.actor import Actor
from tongban.orgs.actions.rights import only_operator
from tongban.orgs.models import Division
from tongban.orgs.rules import Level, Place, parent_of, path_of

BATCH = 2_000
ORDER = list(Level)


@transaction.atomic
def load_divisions(actor: Actor, *, places: Sequence[Place]) -> int:
    """Write the divisions that are new or changed and return how many; none is ever removed."""
    only_operator(actor)
    columns = ("code", "name", "level", "parent_id", "path", "valid_from", "valid_to", "successor")
    before = {row[0]: row for row in Division.objects.values_list(*columns)}
    known = before.keys() | {place.code for place in places}
    rows = [_division(place, known) for place in sorted(places, key=lambda place: ORDER.index(place.level))]
    changed = [row for row in rows if before.get(row.code) != tuple(getattr(row, column) for column in columns)]
    Division.objects.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "path", "valid_from", "valid_to", "successor"],
    )
    return len(changed)


def _division(place: Place, known: Iterable[str]) -> Division:
    listed = known if isinstance(known, set) else set(known)
    return Division(
        code=place.code,
        name=place.name,
        level=place.level.value,
        parent_id=parent_of(place.code, listed),
        path=path_of(place.code, listed),
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        successor=place.successor,
    )
