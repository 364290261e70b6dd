"""What a case is about as it stands after all supplements, from the bodies that lie at this node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.cases import vault
from tongban.cases.models import Body, Case
from tongban.cases.rules.bodies import Audience
from tongban.cases.rules.table import Act


@dataclass(frozen=True, slots=True)
class Content:
    """applicant: name, id_number and the rest of his identity."""

    applicant: Mapping[str, Any]
    answers: Mapping[str, Any]
    materials: tuple[Mapping[str, Any], ...]

    def with_supplement(self, said: Mapping[str, Any]) -> "Content":
        """Answers take the place of former ones, papers that of the paper with the same key."""
        new = {material["key"]: material for material in said.get("materials") or ()}
        kept = [material for material in self.materials if material["key"] not in new]
        answers = {**self.answers, **(said.get("answers") or {})}
        return Content(self.applicant, answers, (*kept, *new.values()))


def content_of(actor: Actor, case: Case) -> Content:
    """For the node's own work: who may read it is decided by what it is read for.

    Raises Rejected("not_allowed") for anybody else, ("erased") when it is here no more.
    """
    if actor.role is not Role.SYSTEM:
        raise Rejected("not_allowed")
    bodies = Body.objects.filter(
        step__case=case, step__act__in=(Act.OPEN, Act.SUPPLY), audience=Audience.APPLICANT
    ).order_by("step__no")
    said = [vault.unlock_json(body.content, place="body") for body in bodies]
    if not said or "applicant" not in said[0]:
        raise Rejected("erased")
    content = Content(said[0]["applicant"], said[0]["answers"], tuple(said[0]["materials"]))
    for supplement in said[1:]:
        content = content.with_supplement(supplement)
    return content
