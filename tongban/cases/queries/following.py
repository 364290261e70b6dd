"""Which nodes know of a case, whom it is about, and what is done for it here: for the node's own work."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import F

from tongban.cases.models import Case, Follower, Party, Step


def other_holders(cases: Collection[UUID]) -> dict[UUID, set[str]]:
    """Case -> the other nodes that hold or held something of it: its home, who ever followed, and who assists."""
    found: dict[UUID, set[str]] = {case: set() for case in cases}
    named = ("header__home", "header__followers", "header__facts__links")
    for case, home, followers, links in Step.objects.filter(case__in=cases).values_list("case_id", *named):
        found[case] |= {home, *(followers or ()), *(link["node"] for link in links or ())}
    return {case: nodes - {settings.NODE} for case, nodes in found.items()}


def followed_by(node: str, cases: Iterable[Case]) -> set[UUID]:
    """Those of the cases that the node is home of or follows, as far as this node knows."""
    held = {case.id: case for case in cases}
    here = [case.id for case in held.values() if case.is_home]
    found = set(Follower.objects.filter(case__in=here, node=node).values_list("case_id", flat=True))
    found |= {case.id for case in held.values() if not case.is_home and case.home == node}
    last = Step.objects.filter(case__in=set(held) - set(here), no=F("case__head"))
    for case_id, followers, removed in last.values_list("case_id", "header__followers", "header__removed"):
        if node in (followers or ()) and node not in (removed or ()):
            found.add(case_id)
    return found


def assists_here(leads: Collection[UUID]) -> list[Case]:
    """The assist cases of these leads whose home is here."""
    return list(Case.objects.filter(lead__in=leads, is_home=True).order_by("id"))


def persons_of(cases: Iterable[Case]) -> dict[UUID, set[UUID]]:
    """Case -> all who apply, as they are known here; nobody where this node was never told."""
    found = {case.id: {case.applicant} if case.applicant else set() for case in cases}
    for case_id, person in Party.objects.filter(case__in=found).values_list("case_id", "person"):
        found[case_id].add(person)
    return found
