"""Looks at a case of 示例王芳, here and told by another province."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.base.actor import Actor, Role
from tongban.base.uuid7 import uuid7
from tongban.cases import letters
from tongban.cases.models import Case
from tongban.cases.tests.build import WANG, a_case, an_opening, received_by
from tongban.cases.tests.test_letters import Shanghai
from tongban.journal.actions import record_look
from tongban.journal.models import Entry
from tongban.looks.rules import Question, digest_of_person
from tongban.orgs.models import Organ
from tongban.people.tests.build import a_person

SALT = "0f" * 16
STEP = "2026-11-23T01:00:00.000Z"


def the_person() -> Actor:
    return Actor(role=Role.APPLICANT, node="34", person=a_person(id_number=WANG).id)


def received_in_shanghai() -> Case:
    """A case whose home is here and that 31 follows."""
    return a_case(opening=an_opening(case_id=uuid7(), receiving=received_by("31")))


def decided_in_shanghai(**header: Any) -> Case:
    """A copy of a case of the person whose home is 31."""
    home = Shanghai(applicant=the_person().person)
    letters.hear_step(home.step("open", "submitted", **header))
    return Case.objects.get(id=home.case_id)


def a_look(case: Case, *, purpose: str = "审查本办件", what: str = "dossier", at: datetime | None = None) -> Entry:
    officer = Actor(role=Role.OFFICER, node="34", person=uuid7(), organ=Organ.objects.order_by("code")[0].code)
    entry = record_look(officer, subject=case.applicant or case.id, case=case.id, what=what, purpose=purpose)
    if at is not None:
        entry = Entry.objects.create(**{**values_of(entry), "at": at})
    return entry


def values_of(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in (field.name for field in Entry._meta.fields) if name != "id"}


def a_question(*cases: UUID, number: str = WANG, after: str = "") -> Question:
    return Question(digest_of_person(number, SALT), SALT, dict.fromkeys(cases, after))


def a_told_look(number: int, **changes: Any) -> dict[str, Any]:
    """As another province writes it into its answer."""
    look = {
        "id": str(number),
        "at": f"2026-11-23T02:00:{number % 60:02d}.000Z",
        "role": "officer",
        "organ": "徐汇区市场监督管理局（示例）",
        "officer": "3F9A2C10",
        "what": "dossier",
        "purpose": "审查本办件",
    }
    return look | changes


def an_answer(question: dict[str, Any], *looks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same looks of each case that was asked about."""
    cases = [
        {"case": entry["case"], "looks": list(looks), "after": None, "more": False, **more}
        for entry in question["cases"]
    ]
    return {"at": "2026-11-23T02:30:00.000Z", "cases": cases}
