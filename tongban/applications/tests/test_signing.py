"""Several who sign one application, on PostgreSQL as the app role."""

from dataclasses import replace

import pytest

from tongban.applications.actions import (
    ask_signatures,
    drop,
    fill,
    identify,
    sign,
    sign_at_counter,
    start,
    submit,
)
from tongban.applications.models import Application, Signature
from tongban.applications.queries import get_application, get_to_sign, signatures_of, to_sign, unregistered_with
from tongban.applications.tests.build import (
    ANSWERS,
    CHILD_BORN,
    ITEM,
    OTHER,
    a_clerk,
    a_log_in,
    a_scan,
    filled_in,
    li,
    publish_signed,
    wang,
)
from tongban.base.actor import Actor
from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_identity_number
from tongban.base.uuid7 import uuid7
from tongban.cases.models import Case
from tongban.cases.queries import get_view, my_cases
from tongban.cases.tests.build import FEIXI, XUHUI, in_force, item_content, later
from tongban.catalogue.tests.build import an_agreement_content
from tongban.exchange.tests.build import a_federation
from tongban.orgs.tests.build import some_organs
from tongban.people.tests.build import COMPANY, LI, WANG, a_company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    some_organs()


def asked(**answers) -> Application:
    application = filled_in(wang(), **answers)
    ask_signatures(wang(), application.id)
    return application


def states(application) -> list[str]:
    return [row.state for row in signatures_of(application.id)]


def sign_as(actor, application) -> None:
    sign(actor, application.id, digest=get_to_sign(actor, application.id)[0].digest)


def refusal(act, *arguments, **more) -> Rejected:
    with pytest.raises(Rejected) as caught:
        act(*arguments, **more)
    return caught.value


def test_who_asks_has_signed_himself_and_the_others_find_it_by_their_number():
    publish_signed()
    application = asked()
    assert states(application) == ["signed", "waiting"]
    assert [row.matter for row in to_sign(li())] == [application.id]
    assert not to_sign(wang()).exists()


def test_it_cannot_be_handed_in_until_each_has_signed():
    publish_signed()
    application = asked()
    assert refusal(submit, wang(), application.id).reason == "signatures_missing"
    sign_as(li(), application)
    submit(wang(), application.id)
    assert Case.objects.get(id=application.id).status == "submitted"


def test_it_cannot_be_handed_in_without_asking_anybody():
    publish_signed()
    application = filled_in(wang())
    assert refusal(submit, wang(), application.id).reason == "signatures_missing"


def test_what_is_incomplete_is_not_put_before_others():
    publish_signed()
    application = filled_in(wang(), scope="")
    assert set(refusal(ask_signatures, wang(), application.id).fields) == {"answers.scope"}
    assert states(application) == []


def test_the_whole_of_what_he_signs_is_shown_to_him():
    publish_signed()
    application = asked()
    matter, signature = get_to_sign(li(), application.id)
    assert (matter.answers["scope"], matter.applicant["name"]) == ("小吃服务", "示例王芳")
    assert signature.digest == matter.digest
    assert {material["key"] for material in matter.materials} == {"application", "premises_proof"}


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: fill(wang(), entry.id, answers={**ANSWERS, "scope": "早点"}),
        lambda entry: a_scan(wang(), entry, "application", "another"),
        lambda entry: fill(wang(), entry.id, answers={**ANSWERS, "members": [{**OTHER, "relation": "sibling"}]}),
    ],
)
def test_any_change_voids_all_signatures(change):
    publish_signed()
    application = asked()
    sign_as(li(), application)
    change(application)
    assert states(application) == ["void", "void"]
    assert refusal(submit, wang(), application.id).reason == "signatures_missing"
    assert refusal(get_to_sign, li(), application.id).reason == "being_changed"


def test_keeping_the_same_content_again_voids_nothing():
    publish_signed()
    application = asked()
    sign_as(li(), application)
    fill(wang(), application.id, answers=ANSWERS)
    assert states(application) == ["signed", "signed"]


def test_after_a_change_all_are_asked_again():
    publish_signed()
    application = asked()
    sign_as(li(), application)
    fill(wang(), application.id, answers={**ANSWERS, "scope": "早点"})
    ask_signatures(wang(), application.id)
    assert states(application) == ["signed", "waiting"]


def test_another_content_than_was_shown_is_not_signed():
    publish_signed()
    application = asked()
    shown = get_to_sign(li(), application.id)[0].digest
    fill(wang(), application.id, answers={**ANSWERS, "scope": "早点"})
    ask_signatures(wang(), application.id)
    assert refusal(sign, li(), application.id, digest=shown).reason == "content_changed"
    assert states(application) == ["signed", "waiting"]


def test_a_signature_keeps_the_digest_the_time_and_who():
    publish_signed()
    application = asked()
    sign_as(li(), application)
    row = Signature.objects.get(matter=application.id, no=2)
    assert (row.way, row.signed_by, row.person) == ("log_in", li().person, li().person)
    assert len(row.digest) == 64
    assert row.signed_at is not None


def test_nobody_signs_for_another():
    publish_signed()
    application = asked()
    digest = get_to_sign(li(), application.id)[0].digest
    helped = a_log_in(uuid7(), on_behalf_of=li().person)
    assert refusal(sign, helped, application.id, digest=digest).reason == "sign_yourself"
    assert refusal(sign, a_log_in(uuid7()), application.id, digest=digest).reason == "not_found"
    assert states(application) == ["signed", "waiting"]


def test_who_has_nothing_to_sign_does_not_see_it():
    publish_signed()
    assert refusal(get_to_sign, a_log_in(uuid7()), asked().id).reason == "not_found"


def test_a_minor_does_not_sign():
    publish_signed()
    child = {
        "name": "示例子女",
        "id_number": demo_identity_number(node="34", birth_date=CHILD_BORN, running=31),
        "relation": "child",
    }
    application = asked(members=[OTHER, child])
    assert states(application) == ["signed", "waiting"]


def test_the_applicant_is_not_the_other_party():
    publish_signed()
    application = filled_in(wang(), members=[{**OTHER, "name": "示例王芳", "id_number": WANG}])
    found = refusal(ask_signatures, wang(), application.id)
    assert found.fields == {"answers.members.0.id_number": "signs_already"}


def test_a_number_typed_wrong_is_not_taken_for_somebody_else():
    publish_signed()
    li()
    application = filled_in(wang(), members=[{**OTHER, "name": "示例陈立"}])
    assert set(refusal(ask_signatures, wang(), application.id).fields) == {"answers.members.0.name"}


def test_an_organisation_signs_by_its_handler():
    bank = {"name": "示例公司", "id_number": COMPANY, "relation": "spouse"}
    publish_signed(fields=with_organisations())
    application = asked(members=[bank])
    handler = a_log_in(uuid7(), on_behalf_of=a_company().id)
    sign_as(handler, application)
    assert states(application) == ["signed", "signed"]


def with_organisations() -> list[dict]:
    """The fields of the item; its members may be organisations too."""
    members = {"name": "members", "label": "其他当事人", "type": "people", "number": "any", "required": False}
    return [members if entry["name"] == "members" else entry for entry in item_content()["fields"]]


def test_a_draft_given_up_asks_nobody_any_more():
    publish_signed()
    application = asked()
    drop(wang(), application.id)
    assert not to_sign(li()).exists()
    assert refusal(get_to_sign, li(), application.id).reason == "not_found"


def test_what_was_handed_in_waits_for_no_signature():
    publish_signed()
    application = asked()
    sign_as(li(), application)
    submit(wang(), application.id)
    assert not to_sign(li()).exists()


def test_the_other_applicant_has_it_among_his_own_before_the_home_has_registered_it():
    publish_signed()
    publish_signed(province="31")
    in_force(an_agreement_content())
    application = asked(place=XUHUI)
    sign_as(li(), application)
    submit(wang(), application.id)
    assert [entry.id for entry in unregistered_with(li())] == [application.id]
    assert get_application(li(), application.id).state == "submitted"


def test_who_only_consents_has_it_not_among_his_own():
    publish_signed(co_applicants=[], consenting=["members"])
    application = asked()
    sign_as(li(), application)
    submit(wang(), application.id)
    assert not my_cases(li()).exists()
    assert refusal(get_view, li(), application.id).reason == "not_found"


def test_nobody_is_represented_where_the_item_says_so():
    publish_signed(agent=False)
    agent = a_log_in(uuid7(), on_behalf_of=wang().person)
    found = refusal(start, agent, item=ITEM, place=FEIXI, receiving_place=FEIXI)
    assert found.reason == "no_agent"


def at_the_counter(**parties) -> tuple[Actor, Application]:
    publish_signed(**parties)
    clerk = a_clerk()
    application = filled_in(clerk)
    wang_shows = {"kind": "natural", "name": "示例王芳", "id_type": "identity_card", "id_number": WANG}
    identify(clerk, application.id, identity=wang_shows, way="card_seen")
    ask_signatures(clerk, application.id)
    return clerk, application


def test_a_clerk_notes_of_each_how_he_was_identified_and_that_he_signed():
    clerk, application = at_the_counter()
    assert states(application) == ["waiting", "waiting"]
    for number, way in ((1, "card_read"), (2, "card_seen")):
        sign_at_counter(clerk, application.id, no=number, way=way)
    submit(clerk, application.id)
    rows = signatures_of(application.id)
    assert [(row.way, row.organ, row.signed_by) for row in rows] == [
        ("card_read", clerk.organ, clerk.person),
        ("card_seen", clerk.organ, clerk.person),
    ]


def test_at_a_counter_one_may_sign_under_his_own_log_in():
    clerk, application = at_the_counter()
    sign_at_counter(clerk, application.id, no=1, way="card_seen")
    sign_as(li(), application)
    submit(clerk, application.id)
    assert Case.objects.filter(id=application.id).exists()


TOGETHER = {"together": True, "agent": False, "modes": ["counter"]}


def test_where_all_must_come_a_log_in_is_not_enough():
    _, application = at_the_counter(**TOGETHER)
    assert refusal(sign_as, li(), application).reason == "sign_at_counter"
    assert states(application) == ["waiting", "waiting"]


def test_where_all_must_come_they_come_on_one_day():
    clerk, application = at_the_counter(**TOGETHER)
    sign_at_counter(clerk, application.id, no=1, way="card_seen")
    later(1)
    sign_at_counter(clerk, application.id, no=2, way="card_seen")
    assert refusal(submit, clerk, application.id).reason == "not_together"


def test_another_applicant_at_the_counter_voids_the_signatures():
    clerk, application = at_the_counter()
    sign_at_counter(clerk, application.id, no=1, way="card_seen")
    shows = {"kind": "natural", "name": "示例陈立", "id_type": "identity_card", "id_number": a_third_number()}
    identify(clerk, application.id, identity=shows, way="card_seen")
    assert states(application) == ["void", "void"]


def a_third_number() -> str:
    return demo_identity_number(node="34", birth_date=CHILD_BORN.replace(year=1990), running=33)


def test_a_counter_notes_the_signature_of_one_whose_card_it_has_before_it_for_what_a_person_filled_in():
    publish_signed()
    application = asked()
    assert refusal(sign_at_counter, a_clerk(), application.id, no=2, way="card_seen").reason == "not_found"
    wrong = refusal(sign_at_counter, a_clerk(), application.id, no=2, way="card_seen", id_number=WANG)
    assert wrong.reason == "not_found"
    sign_at_counter(a_clerk(), application.id, no=2, way="card_seen", id_number=LI)
    assert states(application) == ["signed", "signed"]


def test_a_clerk_who_helps_a_person_does_not_sign_for_him():
    publish_signed()
    application = filled_in(wang())
    helper = replace(a_clerk(), on_behalf_of=wang().person)
    ask_signatures(helper, application.id)
    assert states(application) == ["waiting", "waiting"]
