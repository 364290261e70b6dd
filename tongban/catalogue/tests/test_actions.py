from datetime import date

import pytest

from tongban.base.actor import Actor, Role
from tongban.base.canonical import digest
from tongban.base.errors import Rejected
from tongban.base.words import has
from tongban.catalogue import actions
from tongban.catalogue.models import Agreement, ItemVersion
from tongban.catalogue.tests.build import OPERATOR, a_content, an_agreement_content, load_base_items, publish
from tongban.exchange.models import Delivery, Letter
from tongban.exchange.tests.build import a_federation

pytestmark = pytest.mark.django_db
CITIZEN = Actor(role=Role.APPLICANT, node="34")


def refused(reason, act, *arguments, **more):
    with pytest.raises(Rejected) as caught:
        act(*arguments, **more)
    assert caught.value.reason == reason
    assert has(f"reason.{reason}")
    return caught.value


def test_publishing_stores_the_content_under_its_digest_and_writes_a_letter():
    row = publish()
    assert (row.version, row.status, row.digest) == (1, "published", digest(bytes(row.content)))
    letter = Letter.objects.get()
    assert (letter.kind, letter.subject, [str(letter.id)]) == ("item", "kstb-1-37@34", row.letters)


def test_publishing_the_same_content_again_changes_nothing():
    assert publish().id == publish().id
    assert Letter.objects.count() == 1


def test_another_content_becomes_the_next_version():
    publish()
    assert publish(topics=["新"]).version == 2


def test_a_guide_with_faults_is_not_published():
    load_base_items()
    error = refused("guide_faults", actions.publish, OPERATOR, content=a_content(conditions=[]))
    assert "conditions" in error.fields
    assert not ItemVersion.objects.exists()


def test_a_content_that_cannot_be_read_is_not_published():
    load_base_items()
    error = refused("definition_faults", actions.publish, OPERATOR, content=a_content(pattern="quick"))
    assert list(error.fields) == ["pattern"]


def test_the_name_is_the_same_in_every_province():
    load_base_items()
    refused("item_name_differs", actions.publish, OPERATOR, content=a_content(name="个体户设立"))


def test_an_item_outside_the_plan_is_not_published():
    load_base_items()
    refused("item_unknown", actions.publish, OPERATOR, content=a_content(key="kstb-3-99"))


def test_an_ended_item_is_not_published():
    load_base_items()
    content = a_content(key="kstb-2-50", name="再生育审批（三孩及以上）")
    refused("item_ended", actions.publish, OPERATOR, content=content)


def test_the_hub_publishes_no_standard(settings):
    load_base_items()
    settings.NODE = "00"
    refused("hub_has_no_standard", actions.publish, OPERATOR, content=a_content())


@pytest.mark.parametrize("act", [actions.publish, actions.publish_agreement])
def test_only_an_operator_or_the_node_itself_publishes(act):
    refused("not_allowed", act, CITIZEN, content=a_content())


def test_withdrawing_tells_the_other_nodes_and_cannot_be_done_twice():
    publish()
    row = actions.withdraw(OPERATOR, item="kstb-1-37", version=1, on=date(2030, 1, 1))
    assert (row.status, len(row.letters)) == ("withdrawn", 2)
    refused("already_withdrawn", actions.withdraw, OPERATOR, item="kstb-1-37", version=1)


def test_a_withdrawn_content_can_be_published_again_as_a_new_version():
    publish()
    actions.withdraw(OPERATOR, item="kstb-1-37", version=1)
    assert publish().version == 2


def test_an_agreement_is_signed_once_by_this_node():
    actions.publish_agreement(OPERATOR, content=an_agreement_content())
    row = actions.publish_agreement(OPERATOR, content=an_agreement_content())
    assert [entry["node"] for entry in row.signatures] == ["34"]
    assert Letter.objects.get().subject == "agreement-trial"


def test_a_signed_version_of_an_agreement_never_changes():
    actions.publish_agreement(OPERATOR, content=an_agreement_content())
    refused("agreement_differs", actions.publish_agreement, OPERATOR, content=an_agreement_content(name="另一份"))
    assert Agreement.objects.get().name == "试点协议"


def receivers():
    return sorted(Delivery.objects.values_list("receiver", flat=True))


def test_a_letter_goes_to_every_other_node_of_the_directory(settings, tmp_path):
    a_federation(settings, tmp_path)
    publish()
    assert receivers() == ["00", "31", "32"]


def test_what_was_published_before_there_was_a_directory_reaches_the_nodes_later(settings, tmp_path):
    publish()
    actions.publish_agreement(OPERATOR, content=an_agreement_content())
    assert receivers() == []
    a_federation(settings, tmp_path)
    actions.reach_new_nodes(OPERATOR)
    actions.reach_new_nodes(OPERATOR)
    assert receivers() == ["00", "00", "31", "31", "32", "32"]
