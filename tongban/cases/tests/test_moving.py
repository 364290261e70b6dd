"""One door for whoever acts on a case, wherever its home is."""

from dataclasses import replace

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.errors import Rejected
from tongban.base.uuid7 import uuid7
from tongban.cases.actions import move, open_case
from tongban.cases.models import Ask, Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import a_case, an_opening, another_applicant, received_by, the_applicant
from tongban.files.models import Want

pytestmark = pytest.mark.django_db

SCAN = {"key": "application", "digest": "0" * 64, "name": "a.pdf", "size": 9, "media_type": "application/pdf"}


def a_copy_nobody_asked_for() -> Case:
    """As the receiving node keeps the successor of a transferred case."""
    case = a_case()
    values = {field.attname: getattr(case, field.attname) for field in Case._meta.fields}
    return Case.objects.create(**{**values, "id": uuid7(), "is_home": False, "home": "31"})


def test_the_successor_of_a_transferred_case_is_withdrawn_by_an_ask_to_its_home():
    copy = a_copy_nobody_asked_for()
    ask = move(the_applicant(copy), copy.id, Act.WITHDRAW, seen=None, content={"reason": "示例"})
    assert isinstance(ask, Ask)
    assert (ask.home, ask.act, ask.applicant) == ("31", "withdraw", copy.applicant)


def test_nobody_else_asks_for_it():
    copy = a_copy_nobody_asked_for()
    with pytest.raises(Rejected, match="not_found"):
        move(another_applicant(), copy.id, Act.WITHDRAW, seen=None, content={"reason": "示例"})


def test_the_files_of_a_successor_are_fetched_from_the_old_home():
    a_case()
    old = {"case": str(uuid7()), "home": "31", "head": "0" * 64, "received_on": "2026-03-02", "at": "x"}
    opening = an_opening(materials=[SCAN], receiving=replace(received_by("34"), node="32"), predecessor=old)
    open_case(Actor(role=Role.ORGAN, node="31"), opening)
    assert Want.objects.get(case=opening.case_id).source_node == "31"
