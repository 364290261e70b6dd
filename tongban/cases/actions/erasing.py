"""Erasing what was said in a case when the time for keeping it is over.

Headers stay, and with them the chain, the state and every digest: anybody who kept a body can still prove that it is
the one, and nobody can read it here.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tongban.base.actor import Actor
from tongban.cases.models import Body, Case, Dossier
from tongban.cases.queries.keeping import to_erase
from tongban.files.actions import let_go_all


@transaction.atomic
def erase_contents(
    actor: Actor, *, home: bool, before: datetime, patterns: Collection[str] | None = None, most: int
) -> list[str]:
    """Erase bodies and dossiers of ended cases (`queries.keeping.to_erase`) and let go of their files.

    most: cases. Returns what was erased, one text each: the case with the digest of its head, and what it held with the
    digest that the header of the step keeps.
    """
    found = to_erase(actor, home=home, before=before, patterns=patterns)
    heads = dict(found.select_for_update(skip_locked=True).values_list("id", "head_digest")[:most])
    ended = list(heads)
    erased = [f"case {case} {head}" for case, head in heads.items()]
    erased += [*_erase_bodies(ended), *_erase_dossiers(ended)]
    let_go_all(ended)
    Case.objects.filter(id__in=ended).update(erased_at=timezone.now())
    return erased


def _erase_bodies(cases: list[UUID]) -> list[str]:
    bodies = Body.objects.filter(step__case__in=cases)
    named = [
        f"body {case}/{number}/{audience} {header['bodies'].get(audience, '')}"
        for case, number, audience, header in bodies.values_list(
            "step__case_id", "step__no", "audience", "step__header"
        ).iterator()
    ]
    bodies.delete()
    return named


def _erase_dossiers(cases: list[UUID]) -> list[str]:
    dossiers = Dossier.objects.filter(case__in=cases)
    named = [f"dossier {case}" for case in dossiers.values_list("case_id", flat=True)]
    dossiers.delete()
    return named
