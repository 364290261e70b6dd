import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tongban.base.actor import Actor, Role, system
from tongban.base.errors import Rejected
from tongban.base.identifiers import demo_credit_code, demo_phone
from tongban.base.times import legal_date
from tongban.orgs import actions, queries
from tongban.orgs.actions import Outcome
from tongban.orgs.models import Division, Grant, Organ
from tongban.orgs.rules import full_code, level_of, parse_places
from tongban.orgs.tests.build import (
    ANHUI,
    FEIXI,
    HEFEI,
    NODE,
    OPERATOR,
    VILLAGE,
    an_officer,
    kinds,
    places,
    some_divisions,
    some_organs,
    stranger,
)

pytestmark = pytest.mark.django_db

CODE = demo_credit_code(node="34", kind="11", running=99)


def test_loading_the_same_divisions_again_changes_nothing():
    assert actions.load_divisions(NODE, places=places()) == len(places())
    assert actions.load_divisions(NODE, places=places()) == 0


def test_a_changed_division_is_brought_up_to_date():
    some_divisions()
    changed = parse_places("code,name,level\n340123,肥西区,county\n")
    assert actions.load_divisions(NODE, places=changed) == 1
    assert queries.place_name(VILLAGE) == "安徽省合肥市肥西区上派镇青年社区居民委员会"


def test_a_division_abolished_is_found_but_not_offered():
    some_divisions()
    assert queries.find_division("340221").name == "芜湖县"
    assert "芜湖县" not in {division.name for division in queries.divisions_under("340200")}
    assert queries.current_division("340221").name == "湾沚区"
    with pytest.raises(Rejected, match="abolished_division") as refused:
        queries.get_division("340221")
    assert refused.value.facts["successor"] == "湾沚区"


def test_the_place_in_an_old_number_is_named_after_the_county_that_is_gone():
    some_divisions()
    assert queries.place_of_number("342622") == "安徽省巢湖地区庐江县"
    assert queries.place_of_number("659013") == ""


@pytest.mark.parametrize("code", ["999999", "", "not a code", "34"])
def test_an_unknown_division_is_refused(code):
    with pytest.raises(Rejected, match="unknown_division"):
        queries.get_division(code)


def test_divisions_are_offered_level_by_level():
    some_divisions()
    assert [division.code[:6] for division in queries.divisions_under("")] == ["310000", "340000"]
    assert [division.name for division in queries.divisions_under(ANHUI)] == ["合肥市", "芜湖市"]
    assert [division.name for division in queries.divisions_under("310000")] == ["徐汇区"]


def test_the_nearest_organ_above_a_place_answers():
    some_organs()
    assert queries.responsible_organ("public_security", VILLAGE).division_id == FEIXI
    assert queries.responsible_organ("postal", VILLAGE).division_id == HEFEI
    assert queries.responsible_organ("postal", ANHUI).division_id == ANHUI
    assert queries.hall_near("340221000000").division_id == "340200000000"
    assert queries.responsible_organ("space_agency", VILLAGE) is None
    assert queries.responsible_organ("public_security", "nowhere") is None


def test_what_a_higher_level_decides_is_not_left_to_the_nearest():
    some_organs()
    assert queries.responsible_organ("public_security", VILLAGE, level=4).division_id == FEIXI
    assert queries.responsible_organ("public_security", VILLAGE, level=3).division_id == HEFEI
    assert queries.responsible_organ("public_security", VILLAGE, level=2).division_id == ANHUI


def test_where_the_deciding_level_has_no_organ_the_nearest_answers():
    some_organs()
    assert queries.responsible_organ("postal", VILLAGE, level=1).division_id == HEFEI


def test_a_wider_place_names_no_organ_of_a_lower_level():
    some_organs()
    said = {code: [queries.names_no_organ(code, level=level) for level in (2, 3, 4)] for code in (ANHUI, HEFEI, FEIXI)}
    assert said == {ANHUI: [False, True, True], HEFEI: [False, False, True], FEIXI: [False, False, False]}


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("340000000000", 2),
        ("340100000000", 3),
        ("340123000000", 4),
        ("310104000000", 3),
        ("340123100000", 5),
        ("340123100001", 6),
    ],
)
def test_a_code_tells_its_level(code, level):
    assert level_of(code) == level


def test_another_provinces_places_have_no_organ_here():
    some_organs()
    assert queries.responsible_organ("public_security", "310104000000") is None


def test_demo_organs_say_that_they_are_invented_and_are_made_once():
    some_organs()
    assert actions.make_demo_organs(NODE, kinds=kinds(), places=places()) == 0
    for organ in Organ.objects.all():
        assert organ.is_demo
        assert "示例" in organ.name
        assert "9999" in organ.code
        assert "示例" in organ.address
        assert organ.phone.startswith("100")


def test_a_demo_organ_is_found_by_its_computed_code():
    some_organs()
    code = actions.demo_organ_code(kinds(), kind="service_hall", division=FEIXI)
    assert queries.get_organ(code).division_id == FEIXI
    with pytest.raises(Rejected, match="unknown_organ"):
        queries.get_organ(CODE)


def an_organ(**changes):
    facts = {"code": CODE, "name": "示例局", "kind": "notary", "division": FEIXI}
    return actions.establish_organ(OPERATOR, **{**facts, **changes})


def faults_of(**changes) -> dict[str, str]:
    with pytest.raises(Rejected, match="invalid") as refused:
        an_organ(**changes)
    return refused.value.fields


def test_one_place_has_one_organ_of_a_kind():
    some_organs()
    assert faults_of(kind="public_security") == {"kind": "organ_exists"}
    assert an_organ()[1] is Outcome.NEW
    assert an_organ()[1] is Outcome.SAME
    assert an_organ(name="示例馆")[1] is Outcome.CHANGED
    assert queries.organs(kind="notary", place="3401").get().name == "示例馆"


def test_a_real_node_takes_no_invented_organ_and_no_invented_telephone(settings):
    some_divisions()
    settings.DEMO = False
    phone = demo_phone(node="34", running=1)
    assert faults_of(phone=phone) == {"code": "credit_code_demo", "phone": "phone_demo"}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"code": CODE[:-1]}, {"code": "credit_code_length"}),
        ({"name": " "}, {"name": "organ_name_missing"}),
        ({"name": "x" * 101}, {"name": "text_too_long"}),
        ({"kind": "space_agency"}, {"kind": "organ_kind_unknown"}),
        ({"division": "340221"}, {"division": "division_not_in_force"}),
        ({"division": "nowhere"}, {"division": "division_not_in_force"}),
        ({"division": "310104"}, {"division": "division_elsewhere"}),
        ({"nature": "4"}, {"nature": "nature_unknown"}),
        ({"phone": "call us"}, {"phone": "office_phone_wrong"}),
        (
            {"name": "", "nature": "", "phone": "1"},
            {"name": "organ_name_missing", "nature": "nature_unknown", "phone": "office_phone_wrong"},
        ),
    ],
)
def test_every_fault_of_an_organ_is_named(changes, faults):
    some_divisions()
    assert faults_of(**changes) == faults


@pytest.mark.parametrize(
    "phone", ["0551-62345678", "62345678-801", "12345", "13812345678", "400-800-1234、0551-6234567"]
)
def test_an_office_has_any_telephone_that_can_be_called(phone):
    some_divisions()
    assert an_organ(phone=phone)[0].phone == phone


TODAY = legal_date(timezone.now())
TOMORROW = TODAY + timedelta(days=1)


def close(on, code=CODE):
    return actions.close_organ(OPERATOR, code=code, on=on)[1]


def test_a_closed_organ_answers_for_nothing_new_and_its_row_stays():
    some_divisions()
    an_organ()
    assert queries.responsible_organ("notary", VILLAGE).code == CODE
    assert (close(TODAY), close(TODAY)) == (Outcome.CHANGED, Outcome.SAME)
    assert queries.responsible_organ("notary", VILLAGE) is None
    assert queries.get_organ(CODE).name == "示例局"
    with pytest.raises(Rejected) as refused:
        close(None)
    assert refused.value.fields == {"closed_on": "closed_for_good"}


def test_until_its_day_comes_the_old_organ_answers_and_then_its_successor():
    some_divisions()
    an_organ()
    close(TOMORROW)
    successor = demo_credit_code(node="34", kind="11", running=98)
    an_organ(code=successor)
    assert queries.responsible_organ("notary", FEIXI).code == CODE
    Organ.objects.filter(code=CODE).update(closed_on=TODAY)
    assert queries.responsible_organ("notary", FEIXI).code == successor


def test_a_closing_is_taken_back_while_there_is_no_successor():
    some_divisions()
    an_organ()
    close(TOMORROW)
    assert close(None) is Outcome.CHANGED
    close(TOMORROW)
    an_organ(code=demo_credit_code(node="34", kind="11", running=98))
    with pytest.raises(Rejected) as refused:
        close(None)
    assert refused.value.fields == {"closed_on": "organ_exists"}


def test_nobody_new_serves_a_closed_organ():
    some_divisions()
    an_organ()
    close(TODAY)
    with pytest.raises(Rejected, match="organ_closed"):
        actions.appoint_officer(OPERATOR, account_id=stranger(), name="示例", organ=CODE, officer_id=stranger())


def test_the_counter_of_a_closed_organ_receives_nobody():
    some_divisions()
    an_organ()
    assert queries.get_counter(CODE).division_id == FEIXI
    close(TODAY)
    with pytest.raises(Rejected, match="counter_closed"):
        queries.get_counter(CODE)


def test_an_officer_may_what_he_was_granted_in_his_region():
    some_organs()
    officer = an_officer()
    assert queries.may(officer, "accept", item="kstb-1-07", place=FEIXI)
    assert not queries.may(officer, "grant", item="kstb-1-07", place=FEIXI)
    assert not queries.may(officer, "accept", item="kstb-1-07", place="340200000000")


def test_a_grant_taken_back_no_longer_counts():
    some_organs()
    officer = an_officer()
    actions.take_back(OPERATOR, officer=officer.person, grant_id=Grant.objects.get().id)
    assert not queries.may(officer, "accept", item="kstb-1-07", place=FEIXI)
    assert Grant.objects.get().ended_at is not None


def test_a_grant_given_again_after_its_end_is_another():
    some_organs()
    officer = an_officer()
    actions.take_back(OPERATOR, officer=officer.person, grant_id=Grant.objects.get().id)
    actions.grant(OPERATOR, officer=officer.person, acts=["accept"], region="3401")
    assert [grant.ended_at is None for grant in queries.grants_of(officer.person)] == [False, True]
    assert queries.may(officer, "accept", item="kstb-1-07", place=FEIXI)


def test_a_grant_counts_for_officers_and_clerks_only():
    some_organs()
    officer = an_officer(acts=["*"], region="")
    actors = [Actor(role=role, node="34", person=officer.person) for role in Role]
    roles = {actor.role for actor in actors if queries.may(actor, "accept", item="x", place=FEIXI)}
    assert roles == {Role.CLERK, Role.OFFICER, Role.SYSTEM}
    assert queries.may(system("34"), "accept", item="x", place=FEIXI)


def test_granting_the_same_twice_is_one_grant():
    some_organs()
    officer = an_officer()
    again = actions.grant(OPERATOR, officer=officer.person, acts=["accept"], region="3401")
    assert Grant.objects.get() == again


def test_only_the_operator_changes_the_ground():
    some_organs()
    clerk = Actor(role=Role.CLERK, node="34")
    for change in (
        lambda: actions.load_divisions(clerk, places=[]),
        lambda: actions.make_demo_organs(clerk, kinds=[], places=[]),
        lambda: actions.grant(clerk, officer=stranger(), acts=["*"]),
        lambda: actions.take_back(clerk, officer=stranger(), grant_id=1),
    ):
        with pytest.raises(Rejected, match="not_allowed"):
            change()


def test_a_grant_needs_an_act_and_a_known_officer():
    with pytest.raises(Rejected, match="no_acts"):
        actions.grant(OPERATOR, officer=stranger(), acts=[])
    with pytest.raises(Rejected, match="unknown_officer"):
        actions.grant(OPERATOR, officer=stranger(), acts=["*"])


def test_the_whole_ground_loads_twice_with_few_queries(django_assert_max_num_queries):
    call_command("load_ground", verbosity=0, stdout=io.StringIO())
    with django_assert_max_num_queries(115):
        call_command("load_ground", verbosity=0, stdout=io.StringIO())
    assert Division.objects.filter(valid_to=None).count() > 3_000
    assert queries.hall_near("341621").name == "涡阳县政务服务中心跨省通办专窗（示例）"
    assert queries.find_division(full_code("330113")).name == "临平区"
