"""What was received here, after a restore: known again by the first step that its home wrote."""

import json
from collections.abc import Sequence

import pytest

from tongban.applications import memory, vault
from tongban.applications.actions import submit
from tongban.applications.models import Application, Custody, Paper
from tongban.applications.queries import find_paper, get_application, my_drafts
from tongban.applications.tests.test_actions import (
    XUHUI,
    a_clerk,
    complete,
    shanghai_publishes,
)
from tongban.base.canonical import canonical_json, digest
from tongban.base.errors import NotYet
from tongban.cases import letters
from tongban.cases.models import Ask
from tongban.cases.queries import my_cases
from tongban.cases.rules.opening import as_content
from tongban.cases.tests.build import an_opening, publish, received_by
from tongban.cases.tests.test_letters import heard
from tongban.exchange import actions as exchange
from tongban.exchange import vault as exchange_vault
from tongban.exchange.models import Alarm, Loss
from tongban.exchange.models import Part as PartRow
from tongban.exchange.rules import Heard, Part, Recalled
from tongban.exchange.tests import build
from tongban.files.models import Claim, Want
from tongban.orgs.tests.build import some_organs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    build.a_federation(settings, tmp_path)
    some_organs()
    publish()
    shanghai_publishes()


def come_back(recalled: Sequence[Recalled]) -> None:
    build.put_back(recalled)
    while exchange.rebuild_next():
        pass
    while exchange.settle_next():
        pass
    assert not Alarm.objects.filter(kind="not_rebuilt").exists()


def opened_there(application: Application) -> Heard:
    """Shanghai's first step: it tells the receiving node everything that the case was opened with."""
    ask = Ask.objects.get(case_id=application.id)
    asked = exchange_vault.unlock(PartRow.objects.get(letter=ask.letter).content)
    return first_step(application, json.loads(asked)["content"], answers=str(ask.letter))


def first_step(application: Application, content: dict, *, answers: str | None) -> Heard:
    members = ("item", "version", "standard", "place", "mode", "received", "lead", "predecessor")
    return step(
        application,
        1,
        None,
        "open",
        bodies={"applicant": canonical_json({"salt": "s", **content, "number": "31-1"})},
        answers=answers,
        pattern="approval",
        organ="x",
        number="31-1",
        **{name: content[name] for name in members},
    )


def step(application: Application, no: int, prev: str | None, act: str, *, bodies: dict[str, bytes], **more) -> Heard:
    header = {
        "case": str(application.id),
        "no": no,
        "prev": prev,
        "act": act,
        "status": "submitted",
        "home": "31",
        "legal_date": "2026-11-23",
        "recorded_at": "2026-11-23T01:00:00.000Z",
        "facts": {},
        "bodies": {audience: digest(body) for audience, body in bodies.items()},
        "followers": ["34"],
        **more,
    }
    return heard("step", "31", str(application.id), header, [Part(*entry) for entry in bodies.items()])


def handed_in(actor=None) -> tuple[object, Application, Heard]:
    actor, application = complete(actor, place=XUHUI)
    submit(actor, application.id)
    application.refresh_from_db()
    first = opened_there(application)
    letters.hear_step(first)
    return actor, application, first


def facts(application: Application) -> dict[str, object]:
    row = Application.objects.get(id=application.id)
    whole = (
        "item",
        "standard",
        "version",
        "place",
        "receiving_place",
        "mode",
        "channel",
        "applicant",
        "organ",
        "state",
    )
    found = {name: getattr(row, name) for name in (*whole, "number")}
    return {**found, "content": vault.unlock_json(row.content)}


def test_an_application_handed_in_after_the_backup_comes_back_with_its_receipt():
    actor = complete()[0]
    with build.a_lost_life() as life:
        _, application, first = handed_in(actor)
        before, paper = facts(application), find_paper(actor, application.id, kind="receipt")
    come_back([*life.recalled, build.as_taken(first)])
    assert facts(application) == before
    assert find_paper(actor, application.id, kind="receipt") == paper
    assert [case.id for case in my_cases(actor)] == [application.id]
    assert Ask.objects.get().applicant == actor.person


def test_a_draft_of_the_backup_that_was_handed_in_since_is_a_draft_no_more():
    actor, application = complete(place=XUHUI)
    with build.a_lost_life() as life:
        submit(actor, application.id)
        application.refresh_from_db()
        first = opened_there(application)
        letters.hear_step(first)
        before = facts(application)
    come_back([*life.recalled, build.as_taken(first)])
    assert facts(application) == before
    assert not my_drafts(actor).exists()


def test_so_is_one_of_which_only_the_ask_is_known_and_the_first_step_tells_the_rest():
    actor, application = complete(place=XUHUI)
    with build.a_lost_life() as life:
        submit(actor, application.id)
        application.refresh_from_db()
        first, before = opened_there(application), facts(application)
    come_back(life.recalled)
    assert not my_drafts(actor).exists()
    letters.hear_step(first)
    memory.complete_forgotten(None)
    assert facts(application) == before
    assert not Ask.objects.filter(is_forgotten=True).exists()


def test_who_asked_is_known_again_when_the_first_step_comes_after_the_recovery():
    actor = complete()[0]
    with build.a_lost_life() as life:
        _, application = complete(actor, place=XUHUI)
        submit(actor, application.id)
        first = opened_there(application)
    come_back(life.recalled)
    assert Ask.objects.get().is_forgotten
    letters.hear_step(first)
    assert not my_cases(actor).exists()
    memory.complete_forgotten(None)
    assert [case.id for case in my_cases(actor)] == [application.id]
    assert get_application(actor, application.id).state == Application.State.SUBMITTED


def test_files_that_the_restore_took_away_are_fetched_back_from_the_home():
    actor = complete()[0]
    with build.a_lost_life() as life:
        _, application, first = handed_in(actor)
        named = set(Claim.objects.filter(case=application.id).values_list("digest", flat=True))
    come_back([*life.recalled, build.as_taken(first)])
    assert set(Claim.objects.filter(case=application.id).values_list("digest", flat=True)) == named
    wanted = Want.objects.filter(case=application.id, source_node="31").values_list("digest", flat=True)
    assert set(wanted) <= named


def test_originals_are_where_the_last_record_says():
    hall = a_clerk().organ
    received = received_by("34", organ=hall, channel="counter", number="S3420261123000009")
    original = {"material": "licence", "number": "Y-01", "count": 1, "waybill": ""}
    opening = an_opening(place=XUHUI, standard="31", mode="counter", receiving=received, custody=[original])
    application = Application(id=opening.case_id)
    first = first_step(application, as_content(opening), answers=None)
    said = canonical_json({"salt": "s", "event": "custody_sent", **original, "waybill": "SF1"})
    event = {"facts": {"event": "custody_sent"}, "answers": None}
    sent = step(application, 2, first.digest, "record", bodies={"receiving": said}, **event)
    come_back([build.as_taken(first), build.as_taken(sent)])
    held = Custody.objects.get()
    assert (held.number, held.place, held.waybill) == ("Y-01", Custody.Place.SENT, "SF1")
    assert Application.objects.get().number == "S3420261123000009"


def test_a_refused_application_is_named_as_lost():
    actor = complete()[0]
    with build.a_lost_life() as life:
        _, application = complete(actor, place=XUHUI)
        submit(actor, application.id)
    refused = [rejected(entry) for entry in life.recalled]
    come_back(refused)
    assert Ask.objects.get().outcome == "rejected"
    assert Loss.objects.get(kind="application").detail == "no_agreement"


def rejected(entry: Recalled) -> Recalled:
    said = {name: getattr(entry.receipt, name) for name in entry.receipt.__dataclass_fields__}
    receipt = type(entry.receipt)(**{**said, "outcome": "rejected", "reason": "no_agreement"})
    return Recalled(entry.letter, entry.peer, entry.ours, receipt)


class TestNumbers:
    """收件编号 and 办件编号 go on above the highest seen; what is missing between is named."""

    def test_receipts_go_on_above_the_highest_that_a_home_has_seen(self):
        actor = complete()[0]
        with build.a_lost_life() as life:
            for _ in range(3):
                _, application, first = handed_in(actor)
        before = int(application.number[-7:])
        memory.count([*life.recalled, build.as_taken(first)])
        _, after = complete(actor, place=XUHUI)
        submit(actor, after.id)
        after.refresh_from_db()
        assert int(after.number[-7:]) > before + 9000

    def test_while_it_recovers_no_number_is_given(self, settings):
        actor, application = complete(place=XUHUI)
        build.restore(settings)
        with pytest.raises(NotYet, match="recovering"):
            submit(actor, application.id)
        assert Application.objects.get(id=application.id).state == Application.State.DRAFT
        assert not Paper.objects.exists()
