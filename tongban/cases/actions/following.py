"""Nodes begin and cease to follow a case: what they missed goes to them first, nothing goes after their last step."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.cases.actions.projecting import tell_due
from tongban.cases.models import Case, Follower, Link, Step
from tongban.cases.rules.bodies import Follows
from tongban.cases.rules.following import TERMS, ended
from tongban.cases.rules.state import State
from tongban.cases.rules.table import Act
from tongban.exchange.actions import forward
from tongban.files.actions import forbid, give_up


def add_follower(case: Case, node: str, role: Follows) -> None:
    """From now on the node gets every step of the locked case; those that it lacks are sent first, headers only."""
    if node == settings.NODE:
        return
    follows_already = Follower.objects.filter(case=case, node=node).exists()
    Follower.objects.get_or_create(case=case, node=node, role=role, defaults={"since": case.head})
    if follows_already:
        return
    for letter in Step.objects.filter(case=case).order_by("no").values_list("letter", flat=True):
        forward(letter, receiver=node)
    if case.notice_due or case.decision_due or case.statutory_due:
        tell_due(case, [node])


def receivers_of(case: Case, act: Act) -> list[Follower]:
    """Who gets the step about to be written; a place informed (抄告) before is added again by a reopening."""
    if act is TERMS[Follows.INFORMED].back:
        first: Mapping[str, Any] = Step.objects.get(case=case, no=1).header
        for node in first.get("informed") or []:
            add_follower(case, node, Follows.INFORMED)
    return list(Follower.objects.filter(case=case).order_by("node", "role"))


def let_go(case: Case, followers: Sequence[Follower], state: State) -> None:
    """The step after which the case stands so was the last for those whose every reason to follow has ended with it."""
    over = ended([(follower.node, Follows(follower.role)) for follower in followers], state)
    for node, role in sorted(over):
        Follower.objects.filter(case=case, node=node, role=role).delete()
        if role is Follows.LEAD:
            give_up(case=case.id, source_node=node)
    staying = {follower.node for follower in followers if (follower.node, Follows(follower.role)) not in over}
    for node in sorted({node for node, _ in over} - staying):
        forbid(cases=[case.id, *_assists_at(case, node)], node=node)


def _assists_at(case: Case, node: str) -> list[UUID]:
    return list(Link.objects.filter(case=case, node=node).values_list("co_case", flat=True))
