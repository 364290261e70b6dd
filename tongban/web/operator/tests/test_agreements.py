"""The operator's pages of agreements: what they would change is seen before they are signed."""

import pytest

from tongban.base.canonical import parse_json
from tongban.calendar.queries import today
from tongban.cases.tests.build import publish
from tongban.catalogue import letters, queries
from tongban.catalogue.models import Agreement
from tongban.catalogue.tests.build import an_agreement_content, heard
from tongban.exchange.models import Delivery
from tongban.exchange.tests.build import a_federation
from tongban.web.officer.tests.build import an_operator

pytestmark = pytest.mark.django_db

NEW = "/ops/agreements/new/"
TEXT = """key = "cities"
version = 1
kind = "point_to_point"
name = "两市合作协议"
document = "示例"
parties = ["3401", "3101"]
starts = "2026-01-01"
source = "示例"

[[terms]]
items = ["kstb-1-37"]
modes = ["counter"]
rights = ["receive"]
starts = "2026-01-01"
source = "示例"
"""


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path):
    a_federation(settings, tmp_path)
    publish()
    publish(province="31")


def shanghai_signs(**changes):
    content = {"content": an_agreement_content(**changes)}
    letters.hear_agreement(heard("agreement", "agreement-trial", content, sender="31"))


def signed(key="trial", version=1):
    return {entry["node"] for entry in Agreement.objects.get(key=key, version=version).signatures}


def test_what_another_place_has_signed_waits_with_what_it_would_open():
    shanghai_signs()
    page = an_operator().get("/ops/agreements/trial/1/")
    assert "待本地区签署" in page.text
    assert [(entry.change, len(entry.items)) for entry in page.context["changes"]] == [("新开通", 1), ("新开通", 1)]
    assert not queries.find_route(item="kstb-1-37", place="310104000000", authority_place="340123000000").allowed


def test_a_signature_puts_it_into_force_and_tells_everybody():
    shanghai_signs()
    answer = an_operator().post("/ops/agreements/trial/1/sign/", follow=True)
    assert "已签署" in answer.text
    assert signed() == {"31", "34"}
    assert queries.find_route(item="kstb-1-37", place="310104000000", authority_place="340123000000").allowed
    assert {delivery.receiver for delivery in Delivery.objects.filter(subject="agreement-trial")} == {"00", "31", "32"}


def test_a_proposal_is_shown_before_it_is_signed():
    client = an_operator()
    page = client.post(NEW, {"text": TEXT})
    assert "各方签齐以后的变化" in page.text
    assert not Agreement.objects.exists()
    client.post(NEW, {"text": TEXT, "confirm": "yes"})
    assert signed("cities") == {"34"}


def test_the_faults_of_a_proposal_are_told_by_line_and_nothing_typed_is_lost():
    page = an_operator().post(NEW, {"text": TEXT.replace("counter", "pigeon")})
    assert page.status_code == 422
    assert "agreement.toml:12" in page.text
    assert "pigeon" in page.context["text"]


def test_nobody_signs_for_others():
    page = an_operator().post(NEW, {"text": TEXT.replace("3401", "3201"), "confirm": "yes"})
    assert "不是这份协议的一方" in page.text
    assert not Agreement.objects.exists()


def test_an_agreement_is_ended_on_a_day_by_its_next_version():
    shanghai_signs()
    client = an_operator()
    client.post("/ops/agreements/trial/1/sign/")
    typed = {"until": "2026-12-31", "document": "关于终止的函（示例）"}
    page = client.post("/ops/agreements/trial/1/change/", typed)
    assert "各方签齐以后的变化" in page.text
    client.post("/ops/agreements/trial/1/change/", {**typed, "confirm": "yes"})
    content = parse_json(bytes(Agreement.objects.get(key="trial", version=2).content))
    assert (content["until"], content["document"]) == ("2026-12-31", "关于终止的函（示例）")
    assert signed("trial", 2) == {"34"}


def test_a_change_without_day_or_document_is_told_in_place():
    shanghai_signs()
    page = an_operator().post("/ops/agreements/trial/1/change/", {"until": "soon"})
    assert page.status_code == 422
    assert set(page.context["wrong"]) == {"until", "document"}


def test_cities_of_the_province_agree_without_letters():
    text = TEXT.replace("3101", "3403").replace("point_to_point", "provincial")
    an_operator().post(NEW, {"text": text, "confirm": "yes"})
    assert signed("cities") == {"34"}
    assert not Delivery.objects.filter(subject="agreement-cities").exists()


def test_the_public_page_shows_what_is_in_force(client):
    shanghai_signs()
    assert "试点协议" not in client.get("/agreements/").text
    an_operator().post("/ops/agreements/trial/1/sign/")
    page = client.get("/agreements/").text
    assert "试点协议" in page
    assert "已生效" in page


def test_the_list_asks_no_more_questions_for_more_agreements(django_assert_max_num_queries):
    for number in range(1, 6):
        shanghai_signs(version=number, starts=today().isoformat())
    client = an_operator()
    client.get("/ops/agreements/")
    with django_assert_max_num_queries(22):
        client.get("/ops/agreements/")
