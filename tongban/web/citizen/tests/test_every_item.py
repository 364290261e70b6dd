"""Every item that a person may begin himself can be filled in on the pages, by each example, without a fault left."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.calendar.queries import today
from tongban.cases.tests.build import FEIXI, later, publish
from tongban.catalogue.queries import shipped_standards
from tongban.catalogue.rules import Mode, definition_of
from tongban.catalogue.rules.windows import next_opening
from tongban.people.tests.build import a_company
from tongban.web.citizen.tests.build import a_citizen, a_scan, a_visitor, address, begin, send, some_ground

pytestmark = pytest.mark.django_db

SHIPPED = {content["key"]: definition_of(content) for _, content in shipped_standards("34")}
GUIDE_QUESTIONS = 20
EXAMPLES = [
    (key, example.key)
    for key, definition in SHIPPED.items()
    if set(definition.modes) - {Mode.COUNTER}
    for example in definition.examples
]


def wait_until_open(definition):
    """Where applications are taken in windows only, the node's clock is set on to the next opening."""
    opens = next_opening(definition, FEIXI, today())
    later((opens - today()).days)


@pytest.mark.parametrize(("key", "example"), EXAMPLES, ids=["-".join(each) for each in EXAMPLES])
def test_an_example_goes_through_all_pages(settings, tmp_path, key, example):
    some_ground(settings, tmp_path)
    if key != "kstb-1-37":
        publish(key)
    definition = SHIPPED[key]
    wait_until_open(definition)
    client = a_citizen() if "1" in definition.served else a_citizen(person=a_company().id)
    application = begin(client, FEIXI, item=key)
    first = client.get(f"/apply/{application.id}/").url.rstrip("/").rpartition("/")[2]
    send(client, application, first, {"example": example})
    for step in ("situations", "form"):
        page = client.get(address(application, step))
        if page.status_code == 200:
            assert page.context["errors"] == []
    page = client.get(address(application, "materials"))
    if page.status_code == 200:
        scans = {f"material.{line.key}": a_scan(line.key) for line, *_ in page.context["lines"]}
        send(client, application, "materials", scans)
    page = client.get(address(application, "check"))
    assert [fault.sentence for fault in page.context["errors"]] == []


def test_every_guide_asks_the_database_the_same_few_questions(settings, tmp_path):
    some_ground(settings, tmp_path)
    for key in SHIPPED:
        if key != "kstb-1-37":
            publish(key)
    visitor, counts = a_visitor(), {}
    for key in SHIPPED:
        address = f"/items/{key}/?from={FEIXI}&at={FEIXI}"
        visitor.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get(address).status_code == 200
        counts[key] = len(asked)
    assert set(counts.values()) == {GUIDE_QUESTIONS}
